export {
  addHours,
  addYears,
  businessDate,
  businessMonth,
  formatInstant,
  isInstant,
  parseInstant,
} from './business-time.ts';
export { differences } from './canonical-equal.ts';
export { type CitizenIdProblem, citizenIdCheckDigit, citizenIdProblem } from './citizen-id.ts';
export { type Fen, formatDecimal, MONEY_SCALE, parseDecimal, QUANTITY_SCALE, UNIT_PRICE_SCALE } from './decimal.ts';
export { liesIn, placesOf } from './division.ts';
export { type DrugCode, parseDrugCode } from './drug-code.ts';
export { isHiRxno, makeHiRxno } from './hi-rxno.ts';
export { type InstitutionCode, parseInstitutionCode } from './institution-code.ts';
export { at, covers, type Interval } from './interval.ts';
export { lineTotal, share, WHOLE } from './money.ts';
export { type PractitionerCode, parsePractitionerCode } from './practitioner-code.ts';
export { isRxTraceCode, makeRxTraceCode, rxQr, splitRxQr } from './rx-trace-code.ts';
export { parseTraceCode, type TraceCode } from './trace-code.ts';
