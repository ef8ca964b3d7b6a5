import { type Check, checks, type Verdict } from './verify-receipt.ts';

/** What each check says when it holds, for a reader who knows nothing of logs. */
const holds: Record<Check, { zh: string; en: string }> = {
  file: { zh: '文件是一份完整的存证回执', en: 'The file is a complete receipt' },
  key: { zh: '验证公钥格式正确', en: 'The key is a well-formed verifier key' },
  checkpoint: { zh: '检查点由该公钥的主体签署', en: 'The log signed this checkpoint with that key' },
  entry: { zh: '事件原文与日志条目一致，未被改动', en: 'The event is exactly what the log entry was made of' },
  inclusion: { zh: '该条目在签署的日志树中，位置一致', en: 'The entry stands at its place in the signed tree' },
};

export type Line = { mark: '✓' | '✗' | '–'; zh: string; en: string };

/** One line for each check, then the conclusion. */
export function inWords(verdict: Verdict): Line[] {
  const lines = checks.map((check): Line => {
    const { zh, en } = holds[check];
    if (verdict.passed.includes(check)) return { mark: '✓', zh, en };
    if ('failed' in verdict && verdict.failed === check) {
      return { mark: '✗', zh: `不成立：${zh}`, en: `Does not hold: ${en.toLowerCase()} (${verdict.why})` };
    }
    return { mark: '–', zh: `未检查：${zh}`, en: `Not checked: ${en.toLowerCase()}` };
  });
  return [...lines, ...conclusion(verdict)];
}

function conclusion(verdict: Verdict): Line[] {
  if ('failed' in verdict) {
    return [{ mark: '✗', zh: '回执未通过验证，不能证明任何事', en: 'The receipt was not verified: it proves nothing' }];
  }
  const { receipt, origin, size, witnesses } = verdict.proven;
  const { eventId, type, index } = receipt;
  return [
    {
      mark: '✓',
      zh: `已证明：事件 ${eventId}（${type}）是日志 ${origin} 的第 ${index} 条（从 0 起），该日志签署时共 ${size} 条`,
      en: `Proven: event ${eventId} (${type}) is entry ${index} (from 0) of ${size} in the log ${origin}`,
    },
    ...witnesses.map(({ name, at }): Line => {
      const when = new Date(at * 1_000).toISOString();
      return { mark: '✓', zh: `见证方 ${name} 于 ${when} 会签`, en: `Witness ${name} cosigned this tree at ${when}` };
    }),
  ];
}
