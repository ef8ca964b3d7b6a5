// A process that loads what all services load, and tells which files of OpenTelemetry came along.
import { registerHooks } from 'node:module';

const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
// Only from here on: what is imported statically is loaded before the hook stands.
const { serviceNames } = await import('../src/hub-settings.ts');
for (const name of serviceNames) await import(`@erx/${name}`);
const { runService } = await import('@erx/rpc');
await runService('probe', async () => ({ async [Symbol.asyncDispose]() {} }));
process.send?.({ type: 'loaded', urls: loaded.filter((url) => url.includes('/node_modules/@opentelemetry/')) });
