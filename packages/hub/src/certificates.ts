import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate, makeAuthority } from './issue-certificate.ts';
import { serviceNames } from './services.ts';
import { writeAtomically } from './write-atomically.ts';

const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The development certificate authority and one certificate per service (and for the operator) for mutual TLS:
 * `ca.pem`, `<name>.pem`, `<name>.key`. Makes what is missing, does not fit together or expires within 30 days.
 */
export async function ensureCertificates(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const [caFile, caKeyFile] = [join(dir, 'ca.pem'), join(dir, 'ca.key')];
  if (!isCurrent(caFile, caKeyFile)) {
    const made = makeAuthority();
    writeAtomically(caKeyFile, made.key);
    writeAtomically(caFile, made.certificate);
  }
  const authorityKey = readFileSync(caKeyFile, 'utf8');
  for (const name of [...serviceNames, 'operator']) {
    const [certificateFile, keyFile] = [join(dir, `${name}.pem`), join(dir, `${name}.key`)];
    if (isCurrent(certificateFile, keyFile, caFile)) continue;
    const made = issueCertificate(authorityKey, name);
    writeAtomically(keyFile, made.key);
    writeAtomically(certificateFile, made.certificate);
  }
}

// A crash between the two files leaves a certificate beside a key that is not its own.
function isCurrent(certificateFile: string, keyFile: string, issuerFile = certificateFile): boolean {
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return false;
  const certificate = new X509Certificate(readFileSync(certificateFile));
  return (
    certificate.validToDate.getTime() > Date.now() + RENEW_BEFORE_MS &&
    certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile))) &&
    certificate.verify(new X509Certificate(readFileSync(issuerFile)).publicKey)
  );
}
