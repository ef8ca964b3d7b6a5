export { ensureKey } from './keys.ts';
export { fileMemory, type Memory } from './memory.ts';
export { serveWitnesses } from './serve.ts';
export { type Answer, openWitness, type Witness } from './witness.ts';
