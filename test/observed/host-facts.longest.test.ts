import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { contentOf } from '../../src/observed/host-facts.ts';
import { RedisConf } from '../../src/domain/redis/redis-conf.ts';

const KIB = 1024;

it.each<[string, string, boolean]>([
  ['of ordinary length', 'maxmemory 1gb\n', true],
  ['with twice the comments of Redis’s own', '# '.repeat(127 * KIB), true],
  ['of more than 256 KiB', `masteruser "a${' '.repeat(256 * KIB)}b"\n`, false],
  ['of more than 5,000 lines', 'a b\n'.repeat(5001), false],
])('a node’s redis.conf %s', (_what, text, isRead) => {
  const bytes = Buffer.from(text);
  const { sha256, content } = contentOf({ sha256: null, bytes }, [], (plain) => RedisConf.parse(plain));
  expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(content !== undefined).toBe(isRead);
});
