// One answer to «who may do what»: role × operation × relation. The gateway and every service refuse by this table; the
// relation is checked where the data is, and a test of the whole hub walks every cell with a stranger.

export const roles = ['HOSPITAL', 'PHARMACY', 'PATIENT', 'REGULATOR', 'AGENCY', 'AUTHORITY'] as const;
export type Role = (typeof roles)[number];

/** What must connect the caller with what it acts on. */
export const relations = {
  /** Nothing more: the matter is nobody's own. */
  ANY: '不限 any',
  /** What belongs to the institution that the caller acts for. */
  OWN_INSTITUTION: '本机构 own institution',
  /** The person behind a living grant that was given to this very caller. */
  OWN_PATIENT: '本人授权 own patient',
  /** What has a place in the caller's division. */
  OWN_DIVISION: '本辖区 own division',
  /** What this very client asked for. */
  OWN_REQUEST: '本次请求 own request',
} as const;
export type Relation = keyof typeof relations;

type Cells = Partial<Record<Role, Relation>>;

const everybody = (relation: Relation): Record<Role, Relation> => ({
  HOSPITAL: relation,
  PHARMACY: relation,
  PATIENT: relation,
  REGULATOR: relation,
  AGENCY: relation,
  AUTHORITY: relation,
});

export const rights = {
  'reference.import': { AUTHORITY: 'ANY' },
  'persons.import': { AUTHORITY: 'ANY' },
  'person.erase': { AUTHORITY: 'ANY' },
  'stock.import': { AUTHORITY: 'ANY' },
  'client.import': { AUTHORITY: 'ANY' },
  'client.switch': { AUTHORITY: 'ANY' },
  'clock.set': { AUTHORITY: 'ANY' },
  'clock.read': everybody('ANY'),
  'prescription.precheck': { HOSPITAL: 'OWN_INSTITUTION' },
  'prescription.upload': { HOSPITAL: 'OWN_INSTITUTION' },
  'prescription.read': { HOSPITAL: 'OWN_INSTITUTION' },
  'prescription.withdraw': { HOSPITAL: 'OWN_INSTITUTION' },
  'prescription.endorse': { HOSPITAL: 'OWN_INSTITUTION' },
  'identity.check': { PHARMACY: 'OWN_INSTITUTION', PATIENT: 'OWN_PATIENT' },
  'prescription.find': { PHARMACY: 'OWN_PATIENT', PATIENT: 'OWN_PATIENT' },
  'pharmacy.list': { PHARMACY: 'OWN_PATIENT', PATIENT: 'OWN_PATIENT' },
  'prescription.lock': { PHARMACY: 'OWN_PATIENT' },
  'prescription.release': { PHARMACY: 'OWN_INSTITUTION' },
  'history.view': { PHARMACY: 'OWN_PATIENT' },
  'prescription.review': { PHARMACY: 'OWN_INSTITUTION' },
  'sale.quote': { PHARMACY: 'OWN_PATIENT' },
  'sale.sell': { PHARMACY: 'OWN_PATIENT' },
  'sale.hand-over': { PHARMACY: 'OWN_PATIENT' },
  'sale.read': { PHARMACY: 'OWN_INSTITUTION' },
  'sale.reverse': { PHARMACY: 'OWN_INSTITUTION' },
  'agent-register.read': { PHARMACY: 'OWN_INSTITUTION' },
  'code.read': { PHARMACY: 'OWN_INSTITUTION', REGULATOR: 'OWN_DIVISION' },
  'stock.receive': { PHARMACY: 'OWN_INSTITUTION' },
  'stock.move': { PHARMACY: 'OWN_INSTITUTION' },
  'stock.read': { PHARMACY: 'OWN_INSTITUTION' },
  // A dangerous batch is called back everywhere, whoever finds it; who holds it is told for the own division.
  'batch.recall': { AGENCY: 'ANY', AUTHORITY: 'ANY' },
  'recall.read': { AGENCY: 'OWN_DIVISION', REGULATOR: 'OWN_DIVISION', AUTHORITY: 'ANY' },
  'conflict.read': { REGULATOR: 'OWN_DIVISION' },
  'audit.read': { REGULATOR: 'OWN_DIVISION', AGENCY: 'OWN_DIVISION' },
  // Entries of the own division sent to an address.
  'subscription.read': { REGULATOR: 'OWN_DIVISION', AGENCY: 'OWN_DIVISION' },
  'subscription.write': { REGULATOR: 'OWN_DIVISION', AGENCY: 'OWN_DIVISION' },
  'chain.read': {
    HOSPITAL: 'OWN_INSTITUTION',
    PHARMACY: 'OWN_INSTITUTION',
    PATIENT: 'OWN_PATIENT',
    REGULATOR: 'OWN_DIVISION',
    AGENCY: 'OWN_DIVISION',
  },
  'request.read': everybody('OWN_REQUEST'),
  'quota.read': everybody('OWN_REQUEST'),
  /** Calls between services: never offered at the door. */
  internal: {},
} as const satisfies Record<string, Cells>;

export type Operation = keyof typeof rights;

export const operations = Object.keys(rights) as Operation[];

/** How this role must stand to what it acts on; undefined: it may not do this at all. */
export function relationOf(role: string, operation: Operation): Relation | undefined {
  const cells: Cells = rights[operation];
  return Object.hasOwn(cells, role) ? cells[role as Role] : undefined;
}

export function mayPerform(role: string, operation: Operation): boolean {
  return relationOf(role, operation) !== undefined;
}
