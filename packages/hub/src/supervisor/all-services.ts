// Every service in one process: what the bench compares eight processes with.
import { runService } from '@erx/rpc';
import { serviceNames } from '../services.ts';
import { serviceStarters } from './service-starters.ts';

await runService('hub', async ({ ERX_SERVICES = '{}' }) => {
  const settings = JSON.parse(ERX_SERVICES);
  const stack = new AsyncDisposableStack();
  // All at once: services wait for what they need themselves. They drain in the opposite order, the door first.
  const running = await Promise.all(serviceNames.map((name) => serviceStarters[name](settings[name])));
  for (const service of running) stack.use(service);
  return stack;
});
