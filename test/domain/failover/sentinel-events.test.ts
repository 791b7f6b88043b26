import { describe, expect, it } from 'vitest';
import {
  abortIn,
  causeIn,
  masterIn,
  promotedAt,
  switchIn,
  votesIn,
  type SentinelEvent,
} from '../../../src/domain/failover/sentinel-events.ts';

const OLD = { host: '10.0.0.123', port: 6379 };

function event(channel: string, message: string, by = 'redis-02', at = 0): SentinelEvent {
  return { by, channel, message, at };
}

const ABOUT = 'master redis 10.0.0.123 6379';

describe('Sentinel’s events', () => {
  it('name the old and the new master', () => {
    const said = event('+switch-master', 'redis 10.0.0.123 6379 10.0.0.124 6380');
    expect(switchIn(said)).toEqual({ name: 'redis', from: OLD, to: { host: '10.0.0.124', port: 6380 } });
  });

  it.each([
    ['+switch-master', 'redis 10.0.0.123 6379'],
    ['+switch-master', ''],
    ['+switch-master', 'redis 10.0.0.123 x 10.0.0.124 99999'],
    ['+sdown', 'redis 10.0.0.123 6379 10.0.0.124 6380'],
  ])('%s “%s” is no switch', (channel, message) => {
    expect(switchIn(event(channel, message))).toBeNull();
  });

  it('are about a master only if they say so', () => {
    expect(masterIn(event('+sdown', `${ABOUT} #quorum 2/2`))).toEqual(OLD);
    expect(masterIn(event('+sdown', 'slave 10.0.0.124:6379 10.0.0.124 6379 @ redis 10.0.0.123 6379'))).toBeNull();
    expect(masterIn(event('+vote-for-leader', 'abc 7'))).toBeNull();
  });

  it.each<[string, readonly SentinelEvent[], unknown]>([
    [
      'the Sentinels agreed',
      [event('+sdown', ABOUT), event('+odown', `${ABOUT} #quorum 3/2`), event('+try-failover', ABOUT)],
      { kind: 'down', quorum: '3/2' },
    ],
    ['somebody asked for it', [event('+try-failover', ABOUT)], { kind: 'asked' }],
    ['nobody was listening', [], { kind: 'unknown' }],
    ['another master was down', [event('+odown', 'master redis 10.0.0.124 6379 #quorum 2/2')], { kind: 'unknown' }],
  ])('say that %s', (_, events, cause) => {
    expect(causeIn(events, OLD)).toEqual(cause);
  });

  it('hold the votes of the last election, by host', () => {
    const events = [
      event('+vote-for-leader', `${'a'.repeat(40)} 6`, 'redis-01'),
      event('+vote-for-leader', `${'b'.repeat(40)} 7`, 'redis-03'),
      event('+vote-for-leader', `${'b'.repeat(40)} 7`, 'redis-02'),
    ];
    expect(votesIn(events, (id) => (id.startsWith('b') ? 'redis-02' : null))).toEqual([
      { by: 'redis-02', leader: 'redis-02' },
      { by: 'redis-03', leader: 'redis-02' },
    ]);
    expect(votesIn([], () => null)).toEqual([]);
  });

  it('say when it was promoted, and what was given up', () => {
    expect(promotedAt([event('+promoted-slave', 'slave …', 'redis-02', 5)])).toBe(5);
    expect(abortIn(event('-failover-abort-no-good-slave', ABOUT))).toBe('-failover-abort-no-good-slave');
    expect(abortIn(event('toString', ABOUT))).toBeNull();
  });
});
