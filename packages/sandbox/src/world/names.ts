import type { Random } from './random.ts';

const SURNAMES = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章'];

// Characters that occur in no drug name, place, message or document of the hub: wherever a given name turns up, it is a
// leak. The world's test holds them against every other text of the world.
export const RARE = [...'犇骉猋麤毳焱垚赑羴皛瞐劦嚞惢芔飍灥鱻厵譶龘靐翀彧曌珝甪祋亶亹叆瞾翯赟堃昉晔旻昶烨'];

const PRACTITIONER_GIVEN = [...'一二三四五六七八九十'];

/** Names of insured persons: a surname and two of the rare characters; no two are the same. */
export function personNames(random: Random, count: number): string[] {
  const pairs = RARE.flatMap((first) => RARE.filter((second) => second !== first).map((second) => first + second));
  return random
    .shuffle(pairs)
    .slice(0, count)
    .map((given) => random.pick(SURNAMES) + given);
}

/** Names of doctors and pharmacists, who are no secret: numbered, so that they read as what they are. */
export function practitionerName(number: number): string {
  const digits = [...String(number).padStart(3, '0')].map((digit) => PRACTITIONER_GIVEN[(Number(digit) + 9) % 10]);
  return `医${digits.join('')}`;
}
