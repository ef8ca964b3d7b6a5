export { type Ask, RefusedError } from './answers.ts';
export { followAudit, GapError } from './follow.ts';
export { filePlace, type Place } from './place.ts';
export { UnprovenError } from './prove.ts';
