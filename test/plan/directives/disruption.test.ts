import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configSet } from '../../../src/plan/directives/config-set.ts';
import { disruptionsOf } from '../../../src/plan/directives/disruption.ts';
import { HARMLESS } from '../../../src/plan/directives/harmless.ts';
import { DIRECTIVES } from '../../../src/domain/redis/directives.ts';
import { desiredNode } from '../../builders.ts';

const USED = 2_000_000;
const GIGABYTE = 1_073_741_824;
const around = { redis: { usedMemoryBytes: USED, requiresPassword: true }, memoryAvailableBytes: 4 * GIGABYTE };
const change = (directive: string, from: string, to: string) => ({ directive, from, to, secret: false });
const said = (directive: string, from: string, to: string) => disruptionsOf([change(directive, from, to)], around);

describe('a change that waits for an approval', () => {
  it.each([
    ['maxmemory', '0', '1mb', /keys are evicted or writes refused/],
    ['maxmemory', '1900000', '1mb', /keys are evicted or writes refused/],
    ['maxmemory', '0', '2000001', /hardly above it/],
    ['maxmemory', '100000000', '900gb', /more than the node has/],
    ['maxmemory', '1000000', '0', /use up the node’s memory/],
    ['maxmemory-policy', 'noeviction', 'allkeys-random', /evicted or writes refused/],
    ['requirepass', '', '••', /no password are refused/],
    ['bind', '127.0.0.1 10.0.0.123', '127.0.0.1', /removed/],
    ['protected-mode', 'no', 'yes', /may be refused/],
    ['maxclients', '10000', '100', /fewer clients/],
    ['min-replicas-to-write', '0', '1', /writes are refused/],
    ['appendonly', 'yes', 'no', /append-only/],
    ['save', '3600 1', '', /snapshots/],
    ['maxmemory-clients', '0', '1', /clients may be disconnected/],
    ['client-output-buffer-limit', 'normal 0 0 0', 'normal 1 1 1', /clients may be disconnected/],
    ['timeout', '0', '1', /clients may be disconnected/],
    ['timeout', '300', '60', /clients may be disconnected/],
    ['acllog-max-len', '128', '0', /not known to be harmless: acllog-max-len/],
    ['bind-source-addr', '', '10.9.9.9', /not known/],
    ['proto-max-bulk-len', '536870912', '1mb', /not known/],
    ['repl-timeout', '60', '1', /not known/],
    ['repl-backlog-size', '1048576', '16kb', /not known/],
    ['repl-backlog-size', '1048576', '900gb', /not known/],
    ['repl-diskless-sync-delay', '5', '100000000', /not known/],
    ['slowlog-max-len', '128', '100000000', /not known/],
    ['appendfsync', 'everysec', 'no', /not known/],
    ['replica-serve-stale-data', 'yes', 'no', /not known/],
    ['replica-ignore-maxmemory', 'yes', 'no', /not known/],
    ['lfu-decay-time', '1', '0', /not known/],
    ['list-max-listpack-size', '-2', '1000000', /not known/],
    ['a-directive-of-redis-9', '', 'yes', /not known/],
    ['constructor', '', 'yes', /not known/],
    ['maxmemory', 'x', 'y', /memory/],
  ])('%s %s → %s', (directive, from, to, expected) => {
    expect(said(directive, from, to).join('; ')).toMatch(expected);
    const [action] = configSet(desiredNode('redis-01'), around, [change(directive, from, to)]);
    expect(action).toMatchObject({ disruptive: true });
  });
});

describe('a change that needs no approval', () => {
  it.each([
    ['maxmemory', '0', '4mb'],
    ['maxmemory', '1000000', '1mb'],
    ['maxmemory', '268435456', '512mb'],
    ['maxmemory', '4gb', '3mb'],
    ['maxclients', '10000', '20000'],
    ['hz', '10', '100'],
    ['loglevel', 'notice', 'debug'],
    ['slowlog-log-slower-than', '10000', '0'],
    ['slowlog-max-len', '128', '1000'],
    ['timeout', '60', '0'],
    ['timeout', '60', '61'],
    ['masterauth', '', '••'],
    ['repl-backlog-size', '1048576', '16mb'],
    ['repl-diskless-sync', 'no', 'yes'],
  ])('%s %s → %s', (directive, from, to) => {
    expect(said(directive, from, to)).toEqual([]);
    expect(configSet(desiredNode('redis-01'), around, [change(directive, from, to)])).toMatchObject([
      { disruptive: false },
    ]);
  });

  it('is not the password for a master that has none: its replicas would be refused', () => {
    const open = { ...around, redis: { ...around.redis, requiresPassword: false } };
    expect(disruptionsOf([change('masterauth', '', '••')], open)).toHaveLength(1);
  });
});

describe('the list of harmless changes', () => {
  it('names directives of Redis only, each with a reason', () => {
    for (const [name, { which, because }] of Object.entries(HARMLESS)) {
      expect(DIRECTIVES).toHaveProperty([name]);
      expect(which).not.toBe('');
      expect(because).toMatch(/\w \w.*\.$/);
    }
  });

  it('lets no directive through that it does not name, whatever its values and whatever changes beside it', () => {
    const unlisted = fc
      .oneof(fc.constantFrom(...Object.keys(DIRECTIVES)), fc.string())
      .filter((name) => !Object.hasOwn(HARMLESS, name));
    const value = fc.oneof(fc.string(), fc.integer().map(String), fc.constantFrom('yes', 'no', '', '0', '1mb'));
    fc.assert(
      fc.property(unlisted, value, value, (name, from, to) => {
        const changes = [change('hz', '10', '20'), change(name, from, to)];
        const [action] = configSet(desiredNode('redis-01'), around, changes);
        expect(action?.disruptive).toBe(true);
      }),
    );
  });
});
