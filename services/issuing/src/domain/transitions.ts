import type { Command, Prescription } from './prescription.ts';

/**
 * SM-4: which command is allowed in which state. Up to CIRCULATING the hospital commands (one upload is Sign, Review,
 * Consent and Circulate); afterwards a command is what dispensing reports. A lock that ran out may be followed by the
 * next lock or by its release; a sale leaves a rest in circulation or uses the prescription up; part of it may be handed
 * over while the rest goes on.
 */
export const transitions = [
  { from: 'NONE', command: 'Precheck', to: 'PRECHECKED' },
  { from: 'PRECHECKED', command: 'Sign', to: 'SIGNED' },
  { from: 'SIGNED', command: 'Review', to: 'REVIEWED' },
  { from: 'REVIEWED', command: 'Consent', to: 'CONSENTED' },
  { from: 'REVIEWED', command: 'Circulate', to: 'CIRCULATING' },
  { from: 'CONSENTED', command: 'Circulate', to: 'CIRCULATING' },
  { from: 'CIRCULATING', command: 'Lock', to: 'LOCKED' },
  { from: 'LOCKED', command: 'Lock', to: 'LOCKED' },
  { from: 'PHARMACIST_APPROVED', command: 'Lock', to: 'LOCKED' },
  { from: 'CIRCULATING', command: 'Release', to: 'CIRCULATING' },
  { from: 'LOCKED', command: 'Release', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'Release', to: 'CIRCULATING' },
  { from: 'LOCKED', command: 'Approve', to: 'PHARMACIST_APPROVED' },
  { from: 'PHARMACIST_APPROVED', command: 'Approve', to: 'PHARMACIST_APPROVED' },
  { from: 'LOCKED', command: 'Refuse', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'Refuse', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'Sell', to: 'CIRCULATING' },
  { from: 'PHARMACIST_APPROVED', command: 'Sell', to: 'SETTLED' },
  { from: 'CIRCULATING', command: 'HandOver', to: 'CIRCULATING' },
  { from: 'LOCKED', command: 'HandOver', to: 'LOCKED' },
  { from: 'PHARMACIST_APPROVED', command: 'HandOver', to: 'PHARMACIST_APPROVED' },
  { from: 'SETTLED', command: 'HandOver', to: 'SETTLED' },
  { from: 'SETTLED', command: 'HandOver', to: 'HANDED_OVER' },
] as const satisfies readonly { from: Prescription['state']; command: Command['type']; to: Prescription['state'] }[];

export function isAllowed(from: Prescription['state'], command: Command['type']): boolean {
  return transitions.some((transition) => transition.from === from && transition.command === command);
}
