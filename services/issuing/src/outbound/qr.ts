import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rxQr } from '@erx/values';

const KEY_BYTES = 32;

/** Makes the text of a prescription's QR code (处方二维码). Dispensing computes the same with the same key. */
export type QrOf = (rxTraceCode: string) => string;

/** HMAC-SHA-256 over the trace code's characters. Throws when the file is not a key of 32 bytes. */
export function openQrKey(file: string): QrOf {
  const key = readFileSync(file);
  if (key.length !== KEY_BYTES) throw new Error(`ERX_QR_KEY_FILE: expected ${KEY_BYTES} bytes`);
  return (rxTraceCode) => rxQr(rxTraceCode, createHmac('sha256', key).update(rxTraceCode).digest());
}
