import { rights, roles } from '@erx/auth';

/** Who may do what (权限表), from the one table that the gateway and the services use. */
export async function generateRights(): Promise<Map<string, string>> {
  const rows = Object.entries(rights).map(([operation, allowed]) => {
    const marks = roles.map((role) => ((allowed as readonly string[]).includes(role) ? '✓' : ''));
    return `| \`${operation}\` | ${marks.join(' | ')} |`;
  });
  const text = [
    '# Rights (权限表)',
    '',
    'Generated from `packages/auth/src/rights.ts` by `npm run generate`. Roles come with the access token. Beyond the role,',
    'each service checks the relation where the data is: own institution, own patient (a living grant), own division.',
    "`internal` operations are open to the hub's own services only, by mutual TLS.",
    '',
    `| Operation | ${roles.join(' | ')} |`,
    `|---|${roles.map(() => ':-:').join('|')}|`,
    ...rows,
    '',
  ].join('\n');
  return new Map([['docs/rights.md', text]]);
}
