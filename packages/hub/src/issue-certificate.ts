import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bits, explicit, integer, octets, oid, sequence, set, text, time, tlv, truth } from './der.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const CLOCK_SKEW_MS = 60 * 60 * 1000;
const AUTHORITY_NAME = 'erx-hub development CA';
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/** Certificate and key as PEM. */
type Issued = { certificate: string; key: string };

export function makeAuthority(): Issued {
  const key = newKey();
  const certificate = certify({ subject: AUTHORITY_NAME, publicKey: spki(key), signingKey: key, years: 10 }, [
    extension('2.5.29.19', sequence(truth, integer(Buffer.from([0]))), true), // an authority, no other below it
    extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true), // signs certificates and revocation lists
    extension('2.5.29.14', octets(keyId(spki(key)))),
  ]);
  return { certificate, key };
}

/** Good for both ends of a connection to 127.0.0.1, localhost, or the service's own name, as containers call it. */
export function issueCertificate(authorityKey: string, name: string): Issued {
  const key = newKey();
  const alternatives = sequence(
    tlv(0x82, Buffer.from('localhost')),
    tlv(0x82, Buffer.from(name)),
    tlv(0x87, Buffer.from([127, 0, 0, 1])),
  );
  const certificate = certify({ subject: name, publicKey: spki(key), signingKey: authorityKey, years: 1 }, [
    extension('2.5.29.19', sequence(), true), // no authority
    extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true), // signs handshakes
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.3.6.1.5.5.7.3.2'))), // server and client
    extension('2.5.29.17', alternatives),
    extension('2.5.29.35', sequence(tlv(0x80, keyId(spki(authorityKey))))),
  ]);
  return { certificate, key };
}

type Request = { subject: string; publicKey: Buffer; signingKey: string; years: number };

function certify({ subject, publicKey, signingKey, years }: Request, extensions: Buffer[]): string {
  const now = Date.now();
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))), // X.509 version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    commonName(AUTHORITY_NAME),
    sequence(time(new Date(now - CLOCK_SKEW_MS)), time(new Date(now + years * YEAR_MS))),
    commonName(subject),
    publicKey,
    explicit(3, sequence(...extensions)),
  );
  const der = sequence(body, ECDSA_WITH_SHA256, bits(sign('sha256', body, signingKey)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

const commonName = (name: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), text(name))));

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [truth] : []), octets(value));
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const spki = (key: string): Buffer => createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' });

// RFC 5280 4.2.1.2: any value that is unique per key will do.
const keyId = (publicKey: Buffer): Buffer => createHash('sha256').update(publicKey).digest().subarray(0, 20);
