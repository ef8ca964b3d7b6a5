import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';

/** Packages of OpenTelemetry that a process of all services loads in that environment. */
async function packagesLoaded(env: Record<string, string>): Promise<string[]> {
  const child = fork(new URL('./loaded-modules.ts', import.meta.url), {
    env: { PATH: process.env['PATH'], ERX_LOG_LEVEL: 'silent', ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const urls = await new Promise<string[]>((resolve, reject) => {
    child.on('message', (message: { type: string; urls?: string[] }) => message.urls && resolve(message.urls));
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
  });
  child.removeAllListeners('exit');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], 'it leaves in peace, also when nobody collects');
  return [...new Set(urls.map((url) => /@opentelemetry\/([^/]+)/.exec(url)?.[1] ?? ''))].sort();
}

test('without an endpoint nothing of the OpenTelemetry SDK is loaded; with one it is', {
  timeout: 300_000,
}, async () => {
  assert.deepEqual(await packagesLoaded({}), ['api']);
  const withEndpoint = await packagesLoaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
  assert.ok(withEndpoint.includes('sdk-node') && withEndpoint.includes('sdk-trace'), withEndpoint.join());
});
