import { describe, expect, it } from 'vitest';
import { parseInvocation, VERBS, type Invocation } from '../../src/cli/arguments.ts';
import { CODES, type Code } from '../../src/domain/code.ts';
import { RedisopsError } from '../../src/domain/error.ts';

const DEFAULTS: Omit<Invocation, 'verb'> = {
  node: null,
  repo: '.',
  repoGiven: false,
  cluster: undefined,
  json: false,
  yes: false,
  giveUpKeys: 0,
  file: 'redis.conf',
  reveal: false,
  only: null,
  reason: null,
  duration: null,
  breakGlass: null,
};

function refusalOf(argv: readonly string[]): RedisopsError {
  try {
    parseInvocation(argv);
  } catch (error) {
    if (error instanceof RedisopsError) return error;
  }
  throw new Error('the command line was taken');
}

describe('parseInvocation', () => {
  it.each<readonly [string, Partial<Invocation>]>([
    ['', { verb: 'help' }],
    ['help', { verb: 'help' }],
    ['help apply', { verb: 'help' }],
    ['--help', { verb: 'help' }],
    ['apply -h', { verb: 'help' }],
    ['--version', { verb: 'version' }],
    ['status', { verb: 'status' }],
    ['status --json', { verb: 'status', json: true }],
    ['plan --repo ../infra --cluster cache', { verb: 'plan', repo: '../infra', repoGiven: true, cluster: 'cache' }],
    ['--repo=. plan', { verb: 'plan', repo: '.', repoGiven: true }],
    ['apply --yes', { verb: 'apply', yes: true }],
    ['purge', { verb: 'purge', node: null }],
    ['purge redis-03 --yes', { verb: 'purge', node: 'redis-03', yes: true }],
    ['resync redis-03', { verb: 'resync', node: 'redis-03' }],
    ['resync --yes redis-03', { verb: 'resync', node: 'redis-03', yes: true }],
    ['verify', { verb: 'verify' }],
    ['apply --break-glass outage --yes', { verb: 'apply', breakGlass: 'outage', yes: true }],
    ['lock new disks', { verb: 'lock', reason: 'new disks' }],
    ['lock disks --for 2h', { verb: 'lock', reason: 'disks', duration: '2h' }],
    ['unlock', { verb: 'unlock' }],
    ['doctor', { verb: 'doctor' }],
    ['drift --json', { verb: 'drift', json: true }],
    ['history', { verb: 'history' }],
    ['check', { verb: 'check' }],
    ['render redis-01', { verb: 'render', node: 'redis-01' }],
    [
      'render redis-01 --file override.conf --reveal',
      { verb: 'render', node: 'redis-01', file: 'override.conf', reveal: true },
    ],
    ['render redis-01 --file sentinel.conf', { verb: 'render', node: 'redis-01', file: 'sentinel.conf' }],
    ['serve', { verb: 'serve' }],
    ['serve --only bot', { verb: 'serve', only: 'bot' }],
    ['serve --only worker', { verb: 'serve', only: 'worker' }],
  ])('reads “%s”', (line, expected) => {
    expect(parseInvocation(line.split(' ').filter((word) => word !== ''))).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each<readonly [string, Code, RegExp]>([
    ['stauts', 'UNKNOWN_COMMAND', /Did you mean status\?/],
    ['aply', 'UNKNOWN_COMMAND', /Did you mean apply/],
    ['toString', 'UNKNOWN_COMMAND', /“toString”/],
    ['constructor', 'UNKNOWN_COMMAND', /“constructor”/],
    ['__proto__', 'UNKNOWN_COMMAND', /“__proto__”/],
    ['STATUS', 'UNKNOWN_COMMAND', /Did you mean status/],
    ['x'.repeat(10_000), 'UNKNOWN_COMMAND', /^There is no command “x{40}”\.$/],
    ['failover', 'NOT_AVAILABLE_YET', /failover is not available yet/],
    ['purge redis-01 redis-02', 'USAGE', /Too much was given: redisops purge \[NODE\]/],
    ['failover redis-02', 'NOT_AVAILABLE_YET', /failover/],
    ['rollback', 'NOT_AVAILABLE_YET', /rollback/],
    ['resync', 'USAGE', /A node is missing: redisops resync NODE/],
    ['render', 'USAGE', /A node is missing/],
    ['resync redis-02 redis-03', 'USAGE', /Too much was given/],
    ['status redis-01', 'USAGE', /Too much was given/],
    ['serve --only everything', 'USAGE', /--only takes bot or worker/],
    ['render redis-01 --file /etc/passwd', 'USAGE', /--file takes redis\.conf, sentinel\.conf, override\.conf/],
    ['status --wat', 'USAGE', /--wat/],
    ['status --repo', 'USAGE', /--repo/],
    ['apply --yes=true', 'USAGE', /--yes/],
    ['status --break-glass x', 'USAGE', /--break-glass is for apply, resync, purge/],
    ['apply --break-glass=', 'USAGE', /wants a reason/],
    ['lock', 'USAGE', /A reason is missing/],
    ['lock x --for ever', 'USAGE', /--for takes a time like/],
    ['apply --for 2h', 'USAGE', /--for is for lock/],
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
      const node = /NODE|REASON/.test(usage) ? ['redis-01'] : [];
      expect(parseInvocation([verb, ...node]).verb).toBe(verb);
    }
  });
});
