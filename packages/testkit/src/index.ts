export { fixedClock } from './clock.ts';
export { type Engines, engines, freshDatabase, freshFolder, freshNamespace, secretFile } from './engines.ts';
export { eventually } from './eventually.ts';
export { seededRandom } from './random.ts';
