import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Stop } from './stop.mjs';

const JAVA_WANTED = 17;
const NODE_WANTED = 20;
const how = (apt, brew) =>
  process.platform === 'darwin'
    ? `brew install ${brew}`
    : `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install -y ${apt}`;

export const remedies = {
  java: how('default-jdk-headless', 'openjdk@21'),
  maven: how('maven', 'maven'),
  browser: how('chromium', '--cask chromium'),
  node: 'install Node.js 20 or newer with npm from https://nodejs.org',
};

/** First line of a tool's answer; undefined when it is not there. */
export function answer(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return status === 0 ? stripVTControlCharacters(`${stdout}${stderr}`).trim().split('\n')[0] : undefined;
}

/** The Java that will run Kafka: its command and major version. */
export function findJava() {
  const command = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const line = answer(command, ['-version']);
  const major = line === undefined ? undefined : Number(/version "(?:1\.)?(\d+)/.exec(line)?.[1]);
  return { command, major, enough: major !== undefined && major >= JAVA_WANTED };
}

export function requireJava() {
  const { command, major, enough } = findJava();
  if (enough) return;
  const found = major === undefined ? `\`${command}\` does not run` : `\`${command}\` is version ${major}`;
  throw new Stop(
    `Kafka needs Java ${JAVA_WANTED} or newer, but ${found}: ${remedies.java} (or name a broker: ERX_KAFKA_BROKERS=host:port).`,
  );
}

export const nodeIsEnough = Number.parseInt(process.versions.node, 10) >= NODE_WANTED;

export function requireNode() {
  if (nodeIsEnough) return;
  throw new Stop(`This needs Node ${NODE_WANTED} or newer, and ${process.version} is running: ${remedies.node}.`);
}
