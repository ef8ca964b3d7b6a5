import { createHmac, timingSafeEqual } from 'node:crypto';
import { rxQr, splitRxQr } from '@erx/values';

/** Reads a scanned QR text: the prescription's trace code, or undefined when the hub did not make this text. */
export type ReadQr = (text: string) => string | undefined;

/** `key`: the one that issuing makes the texts with (HMAC-SHA-256 over the trace code). */
export function openQr(key: Uint8Array): ReadQr {
  return (text) => {
    const rxTraceCode = splitRxQr(text)?.rxTraceCode;
    if (rxTraceCode === undefined) return undefined;
    const genuine = rxQr(rxTraceCode, createHmac('sha256', key).update(rxTraceCode).digest());
    return timingSafeEqual(Buffer.from(genuine), Buffer.from(text)) ? rxTraceCode : undefined;
  };
}
