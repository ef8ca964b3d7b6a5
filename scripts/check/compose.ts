import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

type Compose = {
  services?: Record<
    string,
    { image?: string; build?: unknown; depends_on?: Record<string, unknown> | string[]; volumes?: string[] }
  >;
  volumes?: Record<string, unknown>;
};

/** No container engine is needed here: syntax, and that every name that is referred to exists. */
export async function checkCompose(root: string): Promise<string[]> {
  const document = parseDocument(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
  if (document.errors.length > 0) return document.errors.map((error) => error.message);
  const compose = document.toJS() as Compose;
  const problems: string[] = [];
  for (const [name, service] of Object.entries(compose.services ?? {})) {
    if (service.image === undefined && service.build === undefined) problems.push(`${name}: neither image nor build`);
    const needs = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
    for (const need of needs)
      if (compose.services?.[need] === undefined) problems.push(`${name} depends on unknown ${need}`);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      const isPath = source.startsWith('.') || source.startsWith('/');
      if (isPath ? !existsSync(join(root, source)) : !(source in (compose.volumes ?? {}))) {
        problems.push(`${name}: volume ${source} does not exist`);
      }
    }
  }
  return problems;
}
