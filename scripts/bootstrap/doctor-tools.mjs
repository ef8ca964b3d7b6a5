// Findings about what must be installed.
import { installState } from './install.mjs';
import { kafkaJarsAreThere } from './kafka-jars.mjs';
import { findNode24 } from './paths.mjs';
import { answer, findJava, remedies } from './tools.mjs';

export function tool(name, version, remedy) {
  return {
    ok: version !== undefined,
    text: version === undefined ? `${name} is missing` : `${name} ${version}`,
    remedy,
  };
}

export function brokerTools() {
  if (process.env.ERX_KAFKA_BROKERS) return [{ ok: true, text: `Kafka at ${process.env.ERX_KAFKA_BROKERS}` }];
  const java = findJava();
  const jars = kafkaJarsAreThere();
  const maven = answer('mvn', ['-B', '--version']);
  return [
    { ok: java.enough, text: `Java ${java.major ?? 'is missing'} (17 or newer runs Kafka)`, remedy: remedies.java },
    jars
      ? { ok: true, text: 'Kafka’s jars are here' }
      : tool('Maven', maven?.replace('Apache Maven ', ''), remedies.maven),
    ...(jars || maven === undefined ? [] : [{ ok: true, text: 'Kafka’s jars: fetched by the next `npm run hub`' }]),
  ];
}

/** Optional: only the tests of the pages `/verify` and `/quota` open one. */
export function browser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = names.map((name) => answer(name, ['--version'])).find((version) => version !== undefined);
  const missing = `no browser: the tests of the pages are passed over; to run them: ${remedies.browser}`;
  return { ok: true, text: found ?? missing };
}

export function packages() {
  const state = installState();
  const node24 = findNode24();
  const version = node24 && answer(node24, ['--version']);
  const texts = {
    current: `packages are installed, Node ${version} runs the hub`,
    outdated: 'packages are of another lockfile: installed by the next command',
    missing: 'packages are not installed yet: installed by the next command, for example `npm run hub`',
  };
  const broken = state === 'current' && version === undefined;
  return {
    ok: !broken,
    text: broken ? `${node24} does not run` : texts[state],
    remedy: 'rm -rf node_modules && npm run hub',
  };
}
