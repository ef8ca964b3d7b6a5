import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { ensureCertificates } from './certificates.ts';

async function certificates(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'erx-tls-'));
  t.after(() => rmSync(dir, { recursive: true }));
  await ensureCertificates(dir);
  return { dir, read: (file: string) => readFileSync(join(dir, file), 'utf8') };
}

test('two services authenticate each other by their certificates', async (t) => {
  const { read } = await certificates(t);
  const end = (name: string) => ({ ca: read('ca.pem'), cert: read(`${name}.pem`), key: read(`${name}.key`) });
  const server = createServer({ ...end('issuing'), requestCert: true, rejectUnauthorized: true }, (socket) =>
    socket.end(String(socket.getPeerCertificate().subject.CN)),
  );
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = connect({ port, host: '127.0.0.1', ...end('gateway') });
  const peer = await new Promise((resolve, reject) => {
    client.once('error', reject);
    client.once('data', (name) => resolve(name.toString()));
  });
  assert.equal(peer, 'gateway');
});

test('certificates are kept; one beside a foreign key is made anew', async (t) => {
  const { dir, read } = await certificates(t);
  const before = { audit: read('audit.pem'), issuing: read('issuing.pem') };
  copyFileSync(join(dir, 'registry.key'), join(dir, 'issuing.key'));
  await ensureCertificates(dir);
  assert.equal(read('audit.pem'), before.audit);
  assert.notEqual(read('issuing.pem'), before.issuing);
  assert.ok(new X509Certificate(read('issuing.pem')).verify(new X509Certificate(read('ca.pem')).publicKey));
});
