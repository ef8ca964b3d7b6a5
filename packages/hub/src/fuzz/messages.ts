import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  create,
  createFileRegistry,
  type DescField,
  type DescMessage,
  type FileRegistry,
  fromBinary,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { root } from '../paths.ts';
import type { Pools } from './document.ts';
import { nonsenseText } from './nonsense.ts';
import { pick, type Random } from './random.ts';

const DEEPEST = 4;
const LONG_LIST = 2_500;

/** The released contracts, as any foreign program reads them. */
export function readContracts(): FileRegistry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(join(root, 'proto', 'released.binpb'))));
}

/** Bytes of a message of this type with nonsense in its fields, now and then cut or with a bit turned. */
export function makeMessage(type: DescMessage, random: Random, pools: Pools): Uint8Array {
  const bytes = toBinary(type, create(type, fieldsOf(type, random, pools, 0)));
  if (random(6) > 0 || bytes.length === 0) return bytes;
  if (random(2) === 0) return bytes.subarray(0, random(bytes.length));
  const flipped = Uint8Array.from(bytes);
  const at = random(flipped.length);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << random(8));
  return flipped;
}

function fieldsOf(type: DescMessage, random: Random, pools: Pools, depth: number): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const field of type.fields) {
    if (random(6) === 0) continue;
    const value = valueFor(field, random, pools, depth);
    if (value === undefined) continue;
    if (field.oneof === undefined) made[field.localName] = value;
    else made[field.oneof.localName] = { case: field.localName, value };
  }
  return made;
}

function valueFor(field: DescField, random: Random, pools: Pools, depth: number): unknown {
  const message = (type: DescMessage) =>
    depth === DEEPEST ? undefined : create(type, fieldsOf(type, random, pools, depth + 1));
  switch (field.fieldKind) {
    case 'message':
      return message(field.message);
    case 'enum':
      return random(9);
    case 'scalar':
      return scalar(field.scalar, random, pools[field.localName]);
    case 'map':
      return {};
    case 'list': {
      const one = (): unknown => {
        if (field.listKind === 'message') return message(field.message);
        return field.listKind === 'enum' ? random(9) : scalar(field.scalar, random, pools[field.localName]);
      };
      const isLong = depth === 0 && field.listKind === 'scalar' && random(10) === 0;
      return Array.from({ length: isLong ? LONG_LIST : random(3) }, one).filter((each) => each !== undefined);
    }
  }
}

const wide = [0n, 1n, -1n, 10_000n, 2n ** 62n, -(2n ** 63n)];
const narrow = [0, 1, -1, 100, 2 ** 31 - 1, -(2 ** 31)];

function scalar(type: ScalarType, random: Random, known: readonly string[] = []): unknown {
  switch (type) {
    case ScalarType.STRING:
      // The wire carries well-formed texts only.
      return known.length > 0 && random(3) > 0 ? pick(known, random) : nonsenseText(random).toWellFormed();
    case ScalarType.BYTES:
      return Uint8Array.from({ length: random(10) === 0 ? 100_000 : random(40) }, () => random(256));
    case ScalarType.BOOL:
      return random(2) === 0;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return pick(wide, random);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return pick(
        wide.slice(0, 5).filter((each) => each >= 0n),
        random,
      );
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return random(2 ** 31);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return pick([0, -1.5, Number.NaN, Number.POSITIVE_INFINITY], random);
    default:
      return pick(narrow, random);
  }
}
