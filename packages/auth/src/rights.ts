// One answer to «who may do what»: role × operation. The gateway and every service use this table; relations (own
// institution, own patient, own division) are checked where the data is.

export const roles = ['HOSPITAL', 'PHARMACY', 'PATIENT', 'REGULATOR', 'AGENCY', 'AUTHORITY'] as const;
export type Role = (typeof roles)[number];

export const rights = {
  'reference.import': ['AUTHORITY'],
  'persons.import': ['AUTHORITY'],
  'stock.import': ['AUTHORITY'],
  'client.import': ['AUTHORITY'],
  'clock.set': ['AUTHORITY'],
  'clock.read': roles,
  'prescription.precheck': ['HOSPITAL'],
  'prescription.upload': ['HOSPITAL'],
  'prescription.read': ['HOSPITAL'],
  'prescription.withdraw': ['HOSPITAL'],
  'prescription.endorse': ['HOSPITAL'],
  'identity.check': ['PHARMACY', 'PATIENT'],
  'prescription.find': ['PHARMACY', 'PATIENT'],
  'pharmacy.list': ['PATIENT', 'PHARMACY'],
  'prescription.lock': ['PHARMACY'],
  'prescription.release': ['PHARMACY'],
  'history.view': ['PHARMACY'],
  'prescription.review': ['PHARMACY'],
  'sale.quote': ['PHARMACY'],
  'sale.sell': ['PHARMACY'],
  'sale.hand-over': ['PHARMACY'],
  'sale.read': ['PHARMACY'],
  'sale.reverse': ['PHARMACY'],
  'agent-register.read': ['PHARMACY'],
  'code.read': ['PHARMACY', 'REGULATOR'],
  'stock.receive': ['PHARMACY'],
  'stock.move': ['PHARMACY'],
  'stock.read': ['PHARMACY'],
  'batch.recall': ['AGENCY', 'AUTHORITY'],
  'recall.read': ['AGENCY', 'AUTHORITY', 'REGULATOR'],
  'conflict.read': ['REGULATOR'],
  'audit.read': ['REGULATOR'],
  'request.read': roles,
  /** Calls between services: never offered at the door. */
  internal: [],
} as const satisfies Record<string, readonly Role[]>;

export type Operation = keyof typeof rights;

export const operations = Object.keys(rights) as Operation[];

export function mayPerform(role: string, operation: Operation): boolean {
  return (rights[operation] as readonly string[]).includes(role);
}
