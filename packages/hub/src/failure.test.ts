import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure, sentenceFor } from './failure.ts';

test('failures that a person can mend become a sentence with the remedy; bugs do not', () => {
  assert.equal(sentenceFor(new Failure('do this'), '/data'), 'do this');
  const full = Object.assign(new Error('write'), { code: 'ENOSPC', path: '/data/hub.json' });
  assert.match(sentenceFor(full, '/data') ?? '', /full.*df -h/);
  const denied = Object.assign(new Error('open'), { code: 'EACCES', path: '/data/secrets' });
  assert.match(sentenceFor(denied, '/data') ?? '', /not writable.*ERX_DATA_DIR/);
  assert.equal(sentenceFor(new TypeError('undefined is not a function'), '/data'), undefined);
});
