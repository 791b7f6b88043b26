import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/domain/replication/endpoint.ts';
import { Identities, announcedBy, type Announced, type KnownNode } from '../../../src/domain/replication/identity.ts';
import { link } from '../../builders.ts';

const NOTHING: Announced = { host: null, port: null };

function known(name: string, change: Partial<KnownNode> = {}): KnownNode {
  const address = `10.0.0.${122 + Number(name.slice(-2))}`;
  return { name, address, redisPort: 6379, announced: NOTHING, asked: NOTHING, resolved: new Map(), ...change };
}

const RESOLVED = new Map([
  ['cache.example', ['10.0.0.123']],
  ['both.example', ['fd00::9', '10.0.0.124']],
  ['away.example', ['192.0.2.1']],
  ['several.example', ['10.0.0.123', '10.0.0.124']],
  ['redis-01', ['10.0.0.124']],
]);

/** redis-03 names the others, and resolves names as above. */
function found(change: Partial<KnownNode>, host: string, port = 6379, resolved: KnownNode['resolved'] = new Map()) {
  const nodes = [known('redis-01', change), known('redis-02'), known('redis-03', { resolved })];
  const identification = new Identities(nodes).identify({ host, port }, 'redis-03');
  return identification.kind === 'node' ? identification.name : identification;
}

const UNKNOWN = { kind: 'unknown' };

describe('the node at an endpoint', () => {
  it.each<[string, Partial<KnownNode>, string, number, unknown]>([
    ['its address', {}, '10.0.0.123', 6379, 'redis-01'],
    ['another port', {}, '10.0.0.123', 6380, UNKNOWN],
    ['another address', {}, '10.0.0.12', 6379, UNKNOWN],
    ['its inventory name', {}, 'redis-01', 6379, 'redis-01'],
    ['its inventory name in capitals, as DNS writes it', {}, 'REDIS-01.', 6379, 'redis-01'],
    ['its name and another port', {}, 'redis-01', 6380, UNKNOWN],
    ['IPv6 in another spelling', { address: 'fd00:0:0:0:0:0:0:1' }, 'FD00::1', 6379, 'redis-01'],
    ['IPv4 mapped into IPv6', {}, '::ffff:10.0.0.123', 6379, 'redis-01'],
    ['what it announces', { announced: { host: '192.0.2.7', port: null } }, '192.0.2.7', 6379, 'redis-01'],
    ['the name that it announces', { announced: { host: 'one.example', port: null } }, 'one.example', 6379, 'redis-01'],
    ['the port that it announces', { announced: { host: null, port: 16379 } }, '10.0.0.123', 16379, 'redis-01'],
    [
      'its name and the announced port',
      { announced: { host: '192.0.2.7', port: 16379 } },
      'redis-01',
      16379,
      'redis-01',
    ],
    [
      'its address beside what it announces',
      { announced: { host: '192.0.2.7', port: 1 } },
      '10.0.0.123',
      6379,
      'redis-01',
    ],
    [
      'its address with the announced port of another',
      { announced: { host: '192.0.2.7', port: 1 } },
      '10.0.0.123',
      1,
      UNKNOWN,
    ],
    [
      'what Git asks of one that is not read',
      { announced: null, asked: { host: '192.0.2.7', port: null } },
      '192.0.2.7',
      6379,
      'redis-01',
    ],
    ['what Git asks, not in force yet', { asked: { host: '192.0.2.7', port: null } }, '192.0.2.7', 6379, 'redis-01'],
    [
      'what another runs with before what Git asks',
      { asked: { host: '10.0.0.124', port: null } },
      '10.0.0.124',
      6379,
      'redis-02',
    ],
    [
      'an address that two have',
      { announced: { host: '10.0.0.124', port: null } },
      '10.0.0.124',
      6379,
      { kind: 'ambiguous', names: ['redis-01', 'redis-02'] },
    ],
    ['nothing', {}, '', 6379, UNKNOWN],
  ])('%s', (_, change, host, port, expected) => {
    expect(found(change, host, port)).toEqual(expected);
  });

  it.each<[string, string, unknown]>([
    ['a name that it resolves', 'cache.example', 'redis-01'],
    ['in capitals', 'Cache.Example', 'redis-01'],
    ['one of its addresses', 'both.example', 'redis-02'],
    ['an address of nobody', 'away.example', UNKNOWN],
    ['addresses of several', 'several.example', { kind: 'ambiguous', names: ['redis-01', 'redis-02'] }],
    ['the name of one, at the address of another', 'redis-01', { kind: 'ambiguous', names: ['redis-01', 'redis-02'] }],
    ['a name that it does not resolve', 'elsewhere.example', UNKNOWN],
  ])('of a node that follows %s', (_, host, expected) => {
    expect(found({}, host, 6379, RESOLVED)).toEqual(expected);
  });

  it('is as the node resolves it that names it, and as nobody else', () => {
    const identities = new Identities([
      known('redis-01'),
      known('redis-02'),
      known('redis-03', { resolved: RESOLVED }),
    ]);
    const endpoint = { host: 'cache.example', port: 6379 };
    expect(identities.nodeAt(endpoint, 'redis-02')).toBeNull();
    expect(identities.withResolved('redis-02', RESOLVED).nodeAt(endpoint, 'redis-02')).toBe('redis-01');
  });
});

describe('identities', () => {
  const identities = new Identities([
    known('redis-01'),
    known('redis-02', { announced: { host: '192.0.2.7', port: null } }),
    known('redis-03', { resolved: RESOLVED }),
  ]);

  it.each<[string, Endpoint | null, Endpoint | null, boolean]>([
    ['no master twice', null, null, true],
    ['a master and none', { host: '10.0.0.123', port: 6379 }, null, false],
    ['name and address', { host: 'redis-02', port: 6379 }, { host: '10.0.0.124', port: 6379 }, true],
    ['a resolved name and an address', { host: 'cache.example', port: 6379 }, { host: '10.0.0.123', port: 6379 }, true],
    ['announced and own address', { host: '192.0.2.7', port: 6379 }, { host: '10.0.0.124', port: 6379 }, true],
    ['two nodes', { host: '10.0.0.123', port: 6379 }, { host: '10.0.0.124', port: 6379 }, false],
    ['a stranger, spelt alike', { host: 'x.example', port: 1 }, { host: 'X.example', port: 1 }, true],
    ['two strangers', { host: 'x.example', port: 1 }, { host: 'y.example', port: 1 }, false],
  ])('are the same or not: %s', (_, one, other, same) => {
    expect(identities.isSame(one, other, 'redis-03')).toBe(same);
    expect(identities.isSame(other, one, 'redis-03')).toBe(same);
  });

  const replica = (address: string, state: string) => ({ address, port: 6379, state, offset: 0, lagSeconds: 0 });

  it('find a replica in its master’s list, the newest connection of it', () => {
    const list = [replica('192.0.2.7', 'online'), replica('10.0.0.125', 'online'), replica('192.0.2.7', 'wait_bgsave')];
    expect(identities.listedAs('redis-02', list, 'redis-01')?.state).toBe('wait_bgsave');
    expect(identities.listedAs('redis-03', list, 'redis-01')?.state).toBe('online');
    expect(identities.listedAs('redis-01', list, 'redis-01')).toBeNull();
  });

  it.each([
    ['192.0.2.7', 'redis-02'],
    ['10.0.0.125', 'redis-03'],
    ['192.0.2.8', null],
  ])('know whose host it is, whatever the port: %s', (host, name) => {
    expect(identities.nodeOn(host)).toBe(name);
  });

  it.each([
    ['by its address, without a link', '10.0.0.123', false, true],
    ['by a name, with a link', 'redis-01', true, true],
    ['by a name, without a link', 'redis-01', false, false],
    ['another node, with a link', '10.0.0.125', true, false],
  ])('leave alone a replica that follows %s, or not', (_, host, up, isLeft) => {
    const wanted = { host: '10.0.0.123', port: 6379 };
    expect(identities.isPointedAt(link({ host, up }), wanted, 'redis-02')).toBe(isLeft);
  });

  it('leave alone no master', () => {
    expect(identities.isPointedAt(null, { host: '10.0.0.123', port: 6379 }, 'redis-02')).toBe(false);
  });
});

describe('what is announced', () => {
  it.each([
    [{}, NOTHING],
    [{ 'replica-announce-ip': '', 'replica-announce-port': '0' }, NOTHING],
    [
      { 'replica-announce-ip': '192.0.2.7', 'replica-announce-port': '16379' },
      { host: '192.0.2.7', port: 16379 },
    ],
  ])('%j', (settings, announced) => {
    expect(announcedBy((directive) => new Map(Object.entries(settings)).get(directive))).toEqual(announced);
  });
});

describe('any cluster', () => {
  const host = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::1', 'fd00::2', 'one', 'two', 'one.example');
  const port = fc.constantFrom(6379, 6380);
  const announced = fc.record({ host: fc.option(host), port: fc.option(port) });
  const resolved = fc.dictionary(host, fc.array(host, { maxLength: 2 })).map((names) => new Map(Object.entries(names)));
  const node = fc.record({
    name: host,
    address: host,
    redisPort: port,
    announced: fc.option(announced),
    asked: announced,
    resolved,
  });
  const cluster = fc.uniqueArray(node, { selector: ({ name }) => name, minLength: 1, maxLength: 4 });

  /** Every endpoint that the node has or announces. */
  const endpointsOf = ({ name, address, redisPort, announced: own, asked }: KnownNode): readonly Endpoint[] => {
    const says = own ?? asked;
    const listed = { host: says.host ?? address, port: says.port ?? redisPort };
    return [{ host: address, port: redisPort }, { host: name, port: redisPort }, listed];
  };

  it('has each node at each of its endpoints, alone or among several; and never two nodes at one', () => {
    fc.assert(
      fc.property(cluster, (nodes) => {
        const identities = new Identities(nodes);
        for (const each of nodes)
          for (const endpoint of endpointsOf(each))
            for (const { name: reader } of nodes) {
              const identification = identities.identify(endpoint, reader);
              const names =
                identification.kind === 'node'
                  ? [identification.name]
                  : identification.kind === 'ambiguous'
                    ? identification.names
                    : [];
              expect(names).toContain(each.name);
              expect(identification.kind === 'ambiguous').toBe(names.length > 1);
              expect(identities.nodeAt(endpoint, reader)).toBe(names.length === 1 ? each.name : null);
            }
      }),
    );
  });

  it('of distinct hosts has every node at each of its endpoints', () => {
    const distinct = fc.integer({ min: 1, max: 5 }).chain((count) =>
      fc.array(fc.record({ port, announced, v6: fc.boolean() }), { minLength: count, maxLength: count }).map((all) =>
        all.map(({ port: redisPort, announced: says, v6 }, at): KnownNode => ({
          name: `node-${at}`,
          address: v6 ? `fd00::${at + 1}` : `10.1.0.${at + 1}`,
          redisPort,
          announced: { ...says, host: says.host && `10.2.0.${at + 1}` },
          asked: NOTHING,
          resolved: new Map(),
        })),
      ),
    );
    fc.assert(
      fc.property(distinct, (nodes) => {
        const identities = new Identities(nodes);
        for (const each of nodes)
          for (const endpoint of endpointsOf(each))
            expect(identities.identify(endpoint, 'node-0')).toEqual({ kind: 'node', name: each.name });
      }),
    );
  });
});
