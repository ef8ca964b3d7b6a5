export { ensureCertificates } from './certificates.ts';
export { type Engines, startEngines } from './engines/engines.ts';
export { ensureSecrets } from './secrets.ts';
