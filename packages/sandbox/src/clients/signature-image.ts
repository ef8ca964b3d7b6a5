import { crc32, deflateSync } from 'node:zlib';

const WIDTH = 96;
const HEIGHT = 32;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A small PNG with a wavy line, a different one for each number: stands for what a finger draws on a screen. */
export function signatureImage(number: number): Uint8Array {
  const rows = Array.from({ length: HEIGHT }, () => Buffer.alloc(1 + WIDTH, 0xff).fill(0, 0, 1));
  for (let x = 0; x < WIDTH; x += 1) {
    const y = Math.round(HEIGHT / 2 + (HEIGHT / 3) * Math.sin((x * (3 + (number % 7))) / 40 + number));
    rows[y]?.writeUInt8(0, 1 + x);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.writeUInt8(8, 8); // eight bits of grey
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
