/** Every service of the hub; the gateway last, because it is the door. */
export const serviceNames = [
  'registry',
  'verification',
  'issuing',
  'dispensing',
  'traceability',
  'settlement',
  'audit',
  'gateway',
] as const;

export type ServiceName = (typeof serviceNames)[number];

export function perService<T>(make: (name: ServiceName) => T): Record<ServiceName, T> {
  return Object.fromEntries(serviceNames.map((name) => [name, make(name)])) as Record<ServiceName, T>;
}
