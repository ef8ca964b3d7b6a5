export { type Ask, followAudit, GapError, RefusedError } from './follow.ts';
export { filePlace, type Place } from './place.ts';
