// Answers that no policy document names: form of the request, access, availability.
import type { CatalogueEntry } from '../catalogue-entry.ts';

const technical_ = (
  http: CatalogueEntry['http'],
  zh: string,
  en: string,
  mustAct: CatalogueEntry['mustAct'],
  retry: CatalogueEntry['retry'],
) => ({ effect: 'T', zh, en, requirements: ['PROJECT'], mustAct, retry, http }) as const satisfies CatalogueEntry;

export const technical = {
  REQUEST_INVALID: technical_(
    400,
    '请求内容不符合接口定义',
    'The request does not match the interface',
    'CLIENT',
    'AFTER_CHANGE',
  ),
  IDEMPOTENCY_KEY_MISSING: technical_(
    400,
    '缺少 Idempotency-Key',
    'Idempotency-Key header is missing or malformed',
    'CLIENT',
    'AFTER_CHANGE',
  ),
  IDEMPOTENCY_KEY_REUSED: technical_(
    409,
    '同一 Idempotency-Key 用于不同内容',
    'The Idempotency-Key was used for another request',
    'CLIENT',
    'AFTER_CHANGE',
  ),
  TOKEN_INVALID: technical_(
    401,
    '访问令牌无效或已过期',
    'Access token missing, invalid or expired',
    'CLIENT',
    'AFTER_CHANGE',
  ),
  CLIENT_SUSPENDED: technical_(
    403,
    '接入程序已被管理机构停用',
    'The authority has switched this client off',
    'CLIENT',
    'AFTER_CHANGE',
  ),
  PERSONAL_DATA_ERASED: technical_(
    404,
    '个人信息已依法删除',
    'The personal data was lawfully deleted',
    'NOBODY',
    'NEVER',
  ),
  NOT_FOUND: technical_(404, '资源不存在', 'No such resource', 'CLIENT', 'NEVER'),
  METHOD_NOT_ALLOWED: technical_(405, '不支持该方法', 'Method not allowed here', 'CLIENT', 'NEVER'),
  BODY_TOO_LARGE: technical_(413, '请求体过大', 'Request body is too large', 'CLIENT', 'AFTER_CHANGE'),
  MEDIA_TYPE_UNSUPPORTED: technical_(
    415,
    '不支持的内容类型',
    'Content type is not supported',
    'CLIENT',
    'AFTER_CHANGE',
  ),
  TOO_MANY_REQUESTS: technical_(429, '请求过于频繁', 'Too many requests', 'CLIENT', 'LATER'),
  GRANT_INVALID: technical_(
    422,
    '核验授权无效或已过期，请重新核验',
    'The identity grant is unknown, expired or of another institution',
    'PHARMACY',
    'AFTER_CHANGE',
  ),
  SALE_NOT_FOUND: technical_(404, '销售单不存在', 'No such sale here', 'CLIENT', 'NEVER'),
  SIGNATURE_NOT_BOUND: technical_(
    422,
    '签名未绑定购药清单',
    'The signature is not bound to this purchase list',
    'PHARMACY',
    'AFTER_CHANGE',
  ),
  SERVICE_UNAVAILABLE: technical_(
    503,
    '服务暂不可用，请稍后重试',
    'Temporarily unavailable, repeat with the same key',
    'HUB',
    'LATER',
  ),
  INTERNAL_ERROR: technical_(500, '系统内部错误', 'Internal error', 'HUB', 'LATER'),
} as const satisfies Record<string, CatalogueEntry>;
