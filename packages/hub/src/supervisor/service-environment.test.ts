import assert from 'node:assert/strict';
import { test } from 'node:test';
import { perService, serviceNames } from '../services.ts';
import { serviceEnvironment } from './service-environment.ts';

test('each service gets its own database and only the key files that are its business', () => {
  const around = {
    databases: perService((name) => `postgres://${name}`),
    brokers: ['a:1', 'b:2'],
    tls: '/tls',
    secrets: '/secrets',
    listen: (name: string) => `${name}:1`,
    internal: (name: string) => `${name}:2`,
    address: (name: string) => `${name}:1`,
    http: 'h:80',
  };
  const keys = Object.fromEntries(
    serviceNames.map((name) => {
      const env = serviceEnvironment(name, around);
      assert.equal(env['ERX_DATABASE_URL'], `postgres://${name}`);
      assert.equal(env['ERX_KAFKA_BROKERS'], 'a:1,b:2');
      assert.equal('ERX_HTTP_LISTEN' in env, name === 'gateway');
      return [name, Object.keys(env).filter((key) => key.endsWith('_FILE'))];
    }),
  );
  assert.deepEqual(keys, {
    registry: [],
    verification: ['ERX_PERSON_WRAP_KEY_FILE', 'ERX_PERSON_LOOKUP_KEY_FILE', 'ERX_ERASURES_FILE'],
    issuing: ['ERX_QR_KEY_FILE'],
    dispensing: ['ERX_QR_KEY_FILE'],
    traceability: [],
    settlement: ['ERX_QUOTE_KEY_FILE'],
    audit: ['ERX_LOG_KEY_FILE', 'ERX_WEBHOOK_KEY_FILE'],
    gateway: ['ERX_REQUEST_HASH_KEY_FILE', 'ERX_TOKEN_KEYS_FILE', 'ERX_AUTHORITY_JWK_FILE'],
  });
});
