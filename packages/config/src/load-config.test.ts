import assert from 'node:assert/strict';
import test from 'node:test';
import Type from 'typebox';
import { ConfigError, loadConfig } from './load-config.ts';

const schema = Type.Object({
  ERX_URL: Type.String(),
  ERX_CONNECTIONS: Type.Integer({ default: 8, minimum: 2, maximum: 100 }),
  ERX_SANDBOX: Type.Boolean({ default: false }),
});

test('texts become the types asked for, what is empty or absent gets its default, nothing else is read', () => {
  const config = loadConfig(schema, { ERX_URL: 'u', ERX_CONNECTIONS: '12', ERX_SANDBOX: '', PATH: '/bin' });
  assert.deepEqual({ ...config }, { ERX_URL: 'u', ERX_CONNECTIONS: 12, ERX_SANDBOX: false });
  assert.equal(loadConfig(schema, { ERX_URL: 'u', ERX_SANDBOX: 'true' }).ERX_SANDBOX, true);
  assert.ok(Object.isFrozen(config));
});

test('all problems are reported at once, and no value is quoted', () => {
  assert.throws(
    () => loadConfig(schema, { ERX_CONNECTIONS: '1', ERX_SANDBOX: 'secret-text' }),
    (error: unknown) => {
      assert.ok(error instanceof ConfigError);
      for (const name of ['ERX_URL', 'ERX_CONNECTIONS', 'ERX_SANDBOX']) assert.match(error.message, new RegExp(name));
      assert.doesNotMatch(error.message, /secret-text/);
      return true;
    },
  );
});
