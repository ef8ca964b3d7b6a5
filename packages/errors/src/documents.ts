/** The policy documents behind the requirement prefixes. */
const documents: Record<string, string> = {
  GJ: '医保发〔2021〕28号（国家）',
  CX: '楚医保规〔2022〕4号（楚雄州）',
  HB: '鄂医保发〔2023〕35号（湖北）',
  GX: '桂医保规〔2024〕7号（广西）',
  JL: '关于进一步加强“双通道药品”管理的通知（吉林）',
};

/** Title of the document that a requirement id such as `HB-24b` stands in; undefined for our own rules. */
export function documentOf(requirement: string): string | undefined {
  return documents[requirement.slice(0, requirement.indexOf('-'))];
}
