import Type from 'typebox';
import { PROBLEM } from '../problem.ts';

const text = (description: string) => Type.String({ description });
const RETRY = Type.String({
  enum: ['NEVER', 'AFTER_CHANGE', 'LATER'],
  description:
    'NEVER: do not repeat. AFTER_CHANGE: repeat when the named thing was mended. LATER: repeat with the same key.',
});
const rule = {
  requirement: text('requirement id, PROJECT for a rule of the hub itself'),
  document: text('policy document that the requirement stands in'),
  mustAct: text('who has to do something: PATIENT, HOSPITAL, PHARMACY, INSTITUTION, AGENCY, CLIENT, HUB, NOBODY'),
  retry: RETRY,
};

/** One reason why an act did not happen (拒绝原因). */
export const Reason = Type.Object({
  code: text('stable code'),
  titleZh: text('reason in Chinese'),
  title: text('reason in English'),
  field: Type.Optional(text('JSON pointer into the request')),
  detail: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'the figures compared' })),
  ...rule,
});

/** RFC 9457, extended: all reasons at once. */
export const Problem = Type.Object(
  {
    type: text('urn:erx:refusal:<code>'),
    title: text('first reason in English'),
    titleZh: text('first reason in Chinese'),
    status: Type.Integer(),
    code: text('code of the first reason'),
    detail: text('codes and places in one line'),
    ...rule,
    traceId: text('names this request in the hub’s records'),
    errors: Type.Array(Reason),
  },
  { $id: 'Problem', title: 'Problem' },
);

const described: Record<string, string> = {
  400: '请求无效 The request does not match the interface',
  401: '令牌无效 Token missing, invalid or expired',
  403: '超出权限 Outside this role’s or area’s scope',
  404: '不存在 No such thing here',
  409: '冲突 In conflict with what happened before',
  413: '过大 Body too large',
  415: '类型不支持 Content type not supported',
  422: '规则拒绝 Refused by a rule',
  500: '内部错误 Internal error',
  503: '暂不可用 A part of the hub is away: repeat with the same key',
};

/** Every problem that a route may answer with. */
export function problemResponses(hasBody: boolean): Record<string, object> {
  const codes = Object.keys(described).filter((code) => hasBody || (code !== '413' && code !== '415'));
  return Object.assign({}, ...codes.map((code) => problemResponse(Number(code))));
}

export function problemResponse(code: number): Record<string, object> {
  return { [code]: { description: described[code], content: { [PROBLEM]: { schema: { $ref: 'Problem#' } } } } };
}
