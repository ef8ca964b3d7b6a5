import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { provisionTopics, waitForBroker } from '@erx/messaging';
import { openDatabase } from '@erx/postgres';
import { engines, eventually, freshDatabase } from '@erx/testkit';
import { ensureCertificates } from '../src/certificates.ts';
import { formatOnce } from '../src/engines/kafka/format.ts';
import { kafkaCommand } from '../src/engines/kafka/java.ts';
import { brokerSettings } from '../src/engines/kafka/settings.ts';
import { choosePorts } from '../src/ports.ts';

const home = mkdtempSync(join(tmpdir(), 'erx-tls-'));
/** Certificates of our own authority, and of one that is none of ours. */
const [ours, theirs] = [join(home, 'ours'), join(home, 'theirs')];
before(async () => {
  await ensureCertificates(ours);
  await ensureCertificates(theirs);
});
after(() => rmSync(home, { recursive: true, force: true }));

test('GJ-6a PostgreSQL over TLS: the server must have a certificate by the authority that the address names', async () => {
  const url = new URL(await freshDatabase('tls'));
  await using server = await encryptServer();
  const ask = async (parameters: Record<string, string>, host = url.hostname) => {
    const address = new URL(url);
    address.hostname = host;
    address.search = new URLSearchParams(parameters).toString();
    const database = openDatabase(address.href, 1, 'tls');
    try {
      const [row] = await database.sql<{ ssl: boolean }[]>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
      return row?.ssl;
    } finally {
      await database.close();
    }
  };
  const full = { sslmode: 'verify-full' };
  await eventually(async () => (await ask({ ...full, sslrootcert: join(ours, 'ca.pem') })) === true);
  assert.equal(await ask({}), false, 'without parameters it is not encrypted');
  await assert.rejects(ask({ ...full, sslrootcert: join(theirs, 'ca.pem') }), /certificate|signature/);
  await assert.rejects(ask({ ...full, sslrootcert: 'system' }), /certificate/);
  await server.present(join(theirs, 'registry'));
  await eventually(async () => ask({ ...full, sslrootcert: join(theirs, 'ca.pem') }));
  await assert.rejects(ask({ ...full, sslrootcert: join(ours, 'ca.pem') }), /certificate|signature/);
  await assert.rejects(ask({ sslmode: 'require' }), /verify-full/);
});

test('GJ-6a Kafka over TLS: the broker proves itself, and takes no client without a certificate of ours', async () => {
  const ports = await choosePorts(home, ['kafka', 'controller']);
  await using _broker = startTlsBroker(ports.kafka, ports.controller);
  const brokers = (ca: string, client?: string): string[] => [
    `127.0.0.1:${ports.kafka}?ca=${ca}/ca.pem${client === undefined ? '' : `&cert=${client}.pem&key=${client}.key`}`,
  ];
  const right = brokers(ours, join(ours, 'audit'));
  await waitForBroker(right, 100_000);
  await provisionTopics(right);
  await assert.rejects(waitForBroker(brokers(theirs, join(ours, 'audit')), 0), isAbout(/certificate|signature/));
  await assert.rejects(waitForBroker(brokers(ours, join(theirs, 'audit')), 0));
  await assert.rejects(waitForBroker(brokers(ours), 0));
});

/** Has the tests' own server encrypt; connections without TLS go on as before. Disposing it undoes that. */
async function encryptServer(): Promise<AsyncDisposable & { present(certificate: string): Promise<void> }> {
  const admin = openDatabase(engines().adminUrl, 1, 'admin');
  const [row] = await admin.sql<{ data_directory: string }[]>`show data_directory`;
  const folder = row?.data_directory ?? '';
  const { uid, gid } = statSync(folder);
  const files = [join(folder, 'tls-test.pem'), join(folder, 'tls-test.key')] as const;
  const set = async (statements: string[]): Promise<void> => {
    for (const statement of statements) await admin.sql.unsafe(`alter system ${statement}`);
    await admin.sql`select pg_reload_conf()`;
  };
  const present = async (certificate: string): Promise<void> => {
    for (const [index, ending] of (['.pem', '.key'] as const).entries()) {
      const file = files[index] ?? '';
      rmSync(file, { force: true });
      copyFileSync(certificate + ending, file);
      chownSync(file, uid, gid);
    }
    const [certificateFile, keyFile] = files;
    await set([`set ssl_cert_file = '${certificateFile}'`, `set ssl_key_file = '${keyFile}'`, 'set ssl = on']);
  };
  await present(join(ours, 'registry'));
  return {
    present,
    async [Symbol.asyncDispose]() {
      await set(['reset ssl', 'reset ssl_cert_file', 'reset ssl_key_file']);
      await admin.close();
    },
  };
}

/** A broker that speaks TLS only and asks clients for a certificate. */
function startTlsBroker(port: number, controllerPort: number): AsyncDisposable {
  const folder = mkdtempSync(join(home, 'kafka-'));
  const logDir = join(folder, 'log');
  const keystore = join(folder, 'broker.pem');
  writeFileSync(keystore, readFileSync(join(ours, 'registry.key'), 'utf8') + readFileSync(join(ours, 'registry.pem')));
  const settings = join(folder, 'server.properties');
  // What stands later in the file wins.
  writeFileSync(
    settings,
    `${brokerSettings({ port, controllerPort, logDir })}${[
      `listeners=SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      `advertised.listeners=SSL://127.0.0.1:${port}`,
      'listener.security.protocol.map=SSL:SSL,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name=SSL',
      'ssl.client.auth=required',
      'ssl.keystore.type=PEM',
      `ssl.keystore.location=${keystore}`,
      'ssl.truststore.type=PEM',
      `ssl.truststore.location=${join(ours, 'ca.pem')}`,
    ].join('\n')}\n`,
  );
  formatOnce(folder, logDir, settings);
  const { command, args } = kafkaCommand(true);
  const output = openSync(join(folder, 'output'), 'a');
  const child = spawn(command, [...args, 'kafka.Kafka', settings], { cwd: folder, stdio: ['ignore', output, output] });
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Somewhere along its causes. */
function isAbout(words: RegExp): (error: unknown) => boolean {
  return (error) => {
    for (let each = error; each instanceof Error; each = each.cause) if (words.test(each.message)) return true;
    return false;
  };
}
