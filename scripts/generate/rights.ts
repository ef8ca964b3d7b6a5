import { operations, relationOf, relations, roles } from '@erx/auth';
import { callers, serviceNames } from '../../proto/callers.ts';

/** Who may do what (权限表): roles, and services among themselves, from the tables that every server uses. */
export async function generateRights(): Promise<Map<string, string>> {
  const rows = operations.map((operation) => {
    const marks = roles.map((role) => {
      const relation = relationOf(role, operation);
      return relation === undefined ? '' : relations[relation];
    });
    return `| \`${operation}\` | ${marks.join(' | ')} |`;
  });
  const text = [
    '# Rights (权限表)',
    '',
    'Generated from `packages/auth/src/rights.ts` by `npm run generate`. Roles come with the access token. A cell says',
    'what must connect the caller with what it acts on; each service checks that where the data is. An empty cell is refused',
    '`ACCESS_SCOPE_DENIED`. An own patient is the person behind a living grant that was given to this very caller.',
    "`internal` operations are open to the hub's own services only, by mutual TLS.",
    '',
    `| Operation | ${roles.join(' | ')} |`,
    `|---|${roles.map(() => '---').join('|')}|`,
    ...rows,
    '',
    '## Between services (服务间调用)',
    '',
    'Generated from `proto/callers.ts`. A service is named by its certificate; any other one is refused PERMISSION_DENIED,',
    'and a client gives no request to a server whose certificate is not that of the service it wants.',
    '',
    '| Method | May be called by |',
    '|---|---|',
    ...methods(),
    '',
  ].join('\n');
  return new Map([['docs/rights.md', text]]);
}

function methods(): string[] {
  return Object.entries(callers).flatMap(([contract, byMethod]) =>
    Object.entries(byMethod).map(([method, services]) => {
      const who = services.length === serviceNames.length ? 'every service' : services.join(', ');
      return `| \`${contract.split('.').slice(1).join('.')}/${method}\` | ${who} |`;
    }),
  );
}
