export { hashedEntryOf, logEntryOf } from './log-entry.ts';
export { formatReceipt, parseReceipt, type Receipt, receiptAsJson } from './receipt.ts';
export { type Verdict, verifyReceipt } from './verify-receipt.ts';
export { inWords } from './words.ts';
