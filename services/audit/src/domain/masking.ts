// Field masking by role (脱敏): what of an event a role that may follow the audit does not get to see. A regulator gets
// the exact bytes, whose personal fields are sealed; an agency needs codes, quantities and money, not the illness.

const clinical = new Set(['diagnoses', 'usage', 'content', 'documentSealed']);

/** Is this field left empty for the role? Names as in the generated contracts. */
function isMasked(role: string, name: string, value: unknown): boolean {
  if (role === 'REGULATOR') return false;
  return clinical.has(name) || (name.endsWith('Sealed') && value instanceof Uint8Array);
}

type Masked = { payload: unknown; masked: string[] };

/**
 * The payload as the role may see it, and the paths of the fields that were emptied ("lines.usage"; an element of a list
 * has the path of its list). A field that was empty before is not named. Does not change what it was given.
 */
export function maskFor(role: string, payload: unknown): Masked {
  const masked = new Set<string>();
  const visit = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => visit(each, path));
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Date)
      return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => {
        const here = path === '' ? name : `${path}.${name}`;
        if (!isMasked(role, name, field)) return [name, visit(field, here)];
        if (!isEmpty(field)) masked.add(here);
        return [name, emptied(field)];
      }),
    );
  };
  return { payload: visit(payload, ''), masked: [...masked].sort() };
}

const isEmpty = (field: unknown): boolean =>
  field === undefined ||
  ((Array.isArray(field) || typeof field === 'string' || field instanceof Uint8Array) && field.length === 0);

function emptied(field: unknown): unknown {
  if (Array.isArray(field)) return [];
  if (field instanceof Uint8Array) return new Uint8Array();
  return typeof field === 'string' ? '' : undefined;
}
