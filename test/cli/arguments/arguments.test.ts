import { describe, expect, it } from 'vitest';
import { parseInvocation } from '../../../src/cli/arguments/arguments.ts';
import type { Invocation } from '../../../src/cli/arguments/invocation.ts';
import { VERBS } from '../../../src/cli/arguments/verbs.ts';
import { CODES, type Code } from '../../../src/domain/code.ts';
import { RedisopsError } from '../../../src/domain/error.ts';

const COMMON = { repo: '.', repoGiven: false, cluster: undefined, json: false };
const CONSENT = { yes: false, giveUpKeys: 0, breakGlass: null };
const NAMED = { ...COMMON, ...CONSENT };

function refusalOf(argv: readonly string[]): RedisopsError {
  try {
    parseInvocation(argv);
  } catch (error) {
    if (error instanceof RedisopsError) return error;
  }
  throw new Error('the command line was taken');
}

describe('parseInvocation', () => {
  it.each<readonly [string, Invocation]>([
    ['', { verb: 'help' }],
    ['help', { verb: 'help' }],
    ['help apply', { verb: 'help' }],
    ['--help', { verb: 'help' }],
    ['apply -h', { verb: 'help' }],
    ['--version', { verb: 'version' }],
    ['status', { ...COMMON, verb: 'status' }],
    ['status --json', { ...COMMON, verb: 'status', json: true }],
    ['status --yes', { ...COMMON, verb: 'status' }],
    [
      'plan --repo ../infra --cluster cache',
      { verb: 'plan', repo: '../infra', repoGiven: true, cluster: 'cache', json: false },
    ],
    ['--repo=. plan', { ...COMMON, verb: 'plan', repoGiven: true }],
    ['apply', { ...NAMED, verb: 'apply' }],
    ['apply --yes', { ...NAMED, verb: 'apply', yes: true }],
    ['apply --yes --plan 0123456789ab', { ...NAMED, verb: 'apply', yes: true, plan: '0123456789ab' }],
    ['apply --yes --give-up-keys 12', { ...NAMED, verb: 'apply', yes: true, giveUpKeys: 12 }],
    ['apply --break-glass outage --yes', { ...NAMED, verb: 'apply', breakGlass: 'outage', yes: true }],
    ['rollback', { ...NAMED, verb: 'rollback', run: null }],
    [
      'rollback r-20251123-ab12cd --yes --give-up-keys 3',
      { ...NAMED, verb: 'rollback', run: 'r-20251123-ab12cd', yes: true, giveUpKeys: 3 },
    ],
    ['rollback --break-glass outage', { ...NAMED, verb: 'rollback', run: null, breakGlass: 'outage' }],
    ['purge', { ...NAMED, verb: 'purge', node: null }],
    ['purge redis-03 --yes', { ...NAMED, verb: 'purge', node: 'redis-03', yes: true }],
    ['resync redis-03', { ...NAMED, verb: 'resync', node: 'redis-03' }],
    ['resync --yes redis-03', { ...NAMED, verb: 'resync', node: 'redis-03', yes: true }],
    ['resync redis-03 --break-glass outage', { ...NAMED, verb: 'resync', node: 'redis-03', breakGlass: 'outage' }],
    ['verify', { ...COMMON, verb: 'verify' }],
    ['lock new disks', { ...COMMON, verb: 'lock', reason: 'new disks', forMs: null }],
    ['lock disks --for 2h', { ...COMMON, verb: 'lock', reason: 'disks', forMs: 7_200_000 }],
    ['unlock', { ...COMMON, verb: 'unlock' }],
    ['doctor', { ...COMMON, verb: 'doctor' }],
    ['drift --json', { ...COMMON, verb: 'drift', json: true }],
    ['history', { ...COMMON, verb: 'history' }],
    ['check', { ...COMMON, verb: 'check', format: 'text' }],
    ['check --format github', { ...COMMON, verb: 'check', format: 'github' }],
    ['render redis-01', { ...COMMON, verb: 'render', node: 'redis-01', file: 'redis.conf', reveal: false }],
    [
      'render redis-01 --file override.conf --reveal',
      { ...COMMON, verb: 'render', node: 'redis-01', file: 'override.conf', reveal: true },
    ],
    [
      'render redis-01 --file sentinel.conf',
      { ...COMMON, verb: 'render', node: 'redis-01', file: 'sentinel.conf', reveal: false },
    ],
    ['serve', { ...COMMON, verb: 'serve', only: null }],
    ['serve --only bot', { ...COMMON, verb: 'serve', only: 'bot' }],
    ['serve --only worker', { ...COMMON, verb: 'serve', only: 'worker' }],
  ])('reads “%s”', (line, expected) => {
    expect(parseInvocation(line.split(' ').filter((word) => word !== ''))).toEqual(expected);
  });

  it.each<readonly [string, Code, RegExp]>([
    ['stauts', 'UNKNOWN_COMMAND', /Did you mean status\?/],
    ['aply', 'UNKNOWN_COMMAND', /Did you mean apply/],
    ['toString', 'UNKNOWN_COMMAND', /“toString”/],
    ['constructor', 'UNKNOWN_COMMAND', /“constructor”/],
    ['__proto__', 'UNKNOWN_COMMAND', /“__proto__”/],
    ['STATUS', 'UNKNOWN_COMMAND', /Did you mean status/],
    ['x'.repeat(10_000), 'UNKNOWN_COMMAND', /^There is no command “x{40}”\.$/],
    ['drill kill', 'NOT_AVAILABLE_YET', /drill kill is not available yet/],
    ['drill fire', 'USAGE', /Unknown scenario/],
    ['purge redis-01 redis-02', 'USAGE', /Unexpected arguments: redisops purge \[NODE\]/],
    ['check --format github --json', 'USAGE', /cannot be combined/],
    ['failover redis-02 redis-03', 'USAGE', /Unexpected arguments: redisops failover \[/],
    ['failover --lost-master --accept-history redis-02', 'USAGE', /cannot be combined/],
    ['failover --accept-history', 'USAGE', /A node is missing/],
    ['failover --lost-master --lose-bytes some', 'USAGE', /--lose-bytes takes a number/],
    ['rollback r-1 r-2', 'USAGE', /Unexpected arguments: redisops rollback \[RUN\]/],
    ['resync', 'USAGE', /A node is missing: redisops resync NODE/],
    ['render', 'USAGE', /A node is missing/],
    ['resync redis-02 redis-03', 'USAGE', /Unexpected arguments/],
    ['status redis-01', 'USAGE', /Unexpected arguments/],
    ['serve --only everything', 'USAGE', /--only takes bot or worker/],
    ['render redis-01 --file /etc/passwd', 'USAGE', /--file takes redis\.conf, sentinel\.conf, override\.conf/],
    ['status --wat', 'USAGE', /--wat/],
    ['status --repo', 'USAGE', /--repo/],
    ['apply --yes=true', 'USAGE', /--yes/],
    ['status --break-glass x', 'USAGE', /--break-glass is for apply, rollback, resync, purge/],
    ['apply --break-glass=', 'USAGE', /needs a reason/],
    ['lock', 'USAGE', /A reason is missing/],
    ['lock x --for ever', 'USAGE', /--for takes a duration like/],
    ['apply --for 2h', 'USAGE', /--for is for lock/],
    ['resync redis-02 --give-up-keys 3', 'USAGE', /--give-up-keys is for apply, rollback/],
    ['apply --plan latest', 'USAGE', /--plan takes the digest/],
    ['apply --give-up-keys all', 'USAGE', /--give-up-keys takes a number/],
    ['plan --format github', 'USAGE', /--format is for check/],
    ['check --format sarif', 'USAGE', /--format takes text or github/],
    ['status --file redis.conf', 'USAGE', /--file is for render/],
    ['status --reveal', 'USAGE', /--reveal is for render/],
    ['apply --only bot', 'USAGE', /--only is for serve/],
  ])('refuses “%s”', (line, code, message) => {
    const error = refusalOf(line.split(' '));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(CODES[error.code].exit).toBe(64);
  });

  it('names every verb once, with its use', () => {
    for (const [verb, { usage, summary }] of Object.entries(VERBS)) {
      expect(usage.startsWith(verb)).toBe(true);
      expect(summary).not.toBe('');
      const node = /NODE|HOST|REASON/.test(usage) ? ['redis-01'] : [];
      const duration = usage.includes('DURATION') ? ['30m'] : [];
      const run = usage.includes('show RUN') ? ['show', 'r-1'] : [];
      expect(parseInvocation([verb, ...duration, ...node, ...run]).verb).toBe(verb);
    }
  });
});
