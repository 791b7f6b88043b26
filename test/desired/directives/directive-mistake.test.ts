import { describe, expect, it } from 'vitest';
import { directiveMistake } from '../../../src/desired/directives/directive-mistake.ts';
import { directiveKind } from '../../../src/domain/redis/directive-kind.ts';
import { sameValue } from '../../../src/domain/redis/directive-value.ts';
import { DIRECTIVES } from '../../../src/domain/redis/directives.ts';
import { realRedis } from '../real-redis.ts';

/** Directives that depend on this machine or build, or would end the connection. */
const OF_THE_MACHINE = new Set([
  'activedefrag',
  'bind',
  'bind-source-addr',
  'client-query-buffer-limit',
  'maxclients',
  'maxmemory',
  'maxmemory-clients',
  'oom-score-adj',
  'port',
  'proto-max-bulk-len',
  'requirepass',
  'timeout',
]);

/** Redis accepts more, but changes the value. */
const STRICTER = new Set(['hz', 'repl-backlog-size']);

function candidates(name: string): readonly string[] {
  const kind = directiveKind(name);
  switch (kind.kind) {
    case 'flag':
      return ['yes', 'NO', 'true', '1', ''];
    case 'choice':
      return [...kind.of, (kind.of[0] ?? '').toUpperCase(), 'other', ''];
    case 'integer':
      return [`${kind.from}`, `${kind.from - 1}`, '5', '05', '+5', '5kb', '-1', 'x', '', ...tooLarge(kind.to)];
    case 'memory':
      return ['0', '1', '5kb', '2MB', '1g', '-1', '5x', '1.5mb', `${kind.from}`, '3000000'];
    case 'octal':
      return ['700', '0700', '999'];
    case 'path':
    case 'file name':
    case 'text':
      return ['a', 'KEA', 'x y', 'é'];
    case 'words':
      return wordCandidates(name);
  }
}

/** Limits beyond JavaScript’s exact integers are not tested. */
function tooLarge(to: number): readonly string[] {
  return to < Number.MAX_SAFE_INTEGER ? [`${to}`, `${to + 1}`] : [];
}

function wordCandidates(name: string): readonly string[] {
  if (name === 'save') return ['', '900 1', '900 1 300 10', '900', '0 1', '900 x', '1 0'];
  if (name === 'client-output-buffer-limit')
    return ['replica 1mb 1mb 5', 'slave 1 2 3 normal 0 0 0', 'master 1 1 1', 'pubsub 1 1', 'normal 1 1 x', 'x 1 1 1'];
  if (name === 'oom-score-adj-values') return ['0 200 800', '0 200', '-2000 0 2000', '0 0 2001', '5 4 3'];
  if (name === 'latency-tracking-info-percentiles') return ['', '50 99.9', '101', '0', '100', 'x'];
  return ['default', 'save', 'nosave force', 'save nosave', 'now', 'x', ''];
}

describe('what Git may ask for, tried on a real Redis', () => {
  it('matches what CONFIG SET accepts, and reads back as the same value', { timeout: 60_000 }, async () => {
    const redis = await realRedis('');
    const differences: string[] = [];
    let tried = 0;
    const live = Object.keys(DIRECTIVES).filter(
      (name) => DIRECTIVES[name]?.change === 'live' && !/^(?:tls-|cluster-announce)/.test(name),
    );
    try {
      for (const name of live.filter((each) => !OF_THE_MACHINE.has(each))) {
        const before = (await redis.get(name)) ?? '';
        for (const value of candidates(name)) {
          if (name === 'proc-title-template') continue;
          const words = directiveKind(name).kind === 'words' ? value.trim().split(' ') : [value];
          const taken = directiveMistake(name, words) === null;
          const refusal = await redis.set(name, value);
          const running = (await redis.get(name)) ?? '';
          tried += 1;
          const stricter = !taken && STRICTER.has(name);
          if (!stricter && taken !== (refusal === null))
            differences.push(`${name} ${value}: ${taken ? 'taken' : 'refused'}, ${refusal}`);
          if (taken && !sameValue(name, value, running)) differences.push(`${name} ${value}: became ${running}`);
        }
        await redis.set(name, before);
      }
    } finally {
      await redis.end();
    }
    expect(differences).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });
});
