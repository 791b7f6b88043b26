import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryBackends, isSettled, leadCommands, obstacleTo } from '../../../src/domain/entry/lead.ts';
import { inUse, type ProxyServer } from '../../../src/domain/entry/servers.ts';

const MOVE = { from: 'redis-01', to: 'redis-02' };

function server(number: number, change: Partial<ProxyServer> = {}): ProxyServer {
  return {
    backend: 'clients',
    name: `node${number}`,
    node: `redis-0${number}`,
    isUp: true,
    isHeld: false,
    isBackup: false,
    weight: 1,
    fullWeight: 1,
    check: 'L4OK',
    ...change,
  };
}

const up = { isUp: true, check: 'L7OK' };
const down = { isUp: false, check: 'L7TOUT' };
const BY_ROLE = [server(1, up), server(2, down), server(3, down)];
const BY_PORT = [server(1), server(2, { isBackup: true }), server(3, { isBackup: true })];

function commandsFor(servers: readonly ProxyServer[], move = MOVE): readonly string[] {
  return leadCommands(entryBackends(servers, move), servers, move);
}

describe('leading clients through HAProxy', () => {
  it('turns the health where the check looks at the role, and leaves nothing behind', () => {
    expect(commandsFor(BY_ROLE)).toEqual([
      'set server clients/node2 health up',
      'set server clients/node1 health down',
      'shutdown sessions server clients/node1',
    ]);
  });

  it('takes the weight of the others where the check looks at a port, and gives it back with the role', () => {
    expect(commandsFor(BY_PORT)).toEqual([
      'set server clients/node1 weight 0%',
      'set server clients/node3 weight 0%',
      'shutdown sessions server clients/node1',
    ]);
    const led = BY_PORT.map((each) => (each.name === 'node2' ? each : { ...each, weight: 0 }));
    expect(commandsFor(led)).toEqual([]);
    expect(commandsFor(led, { from: 'redis-02', to: 'redis-01' })).toEqual([
      'set server clients/node1 weight 100%',
      'set server clients/node3 weight 100%',
      'shutdown sessions server clients/node2',
    ]);
  });

  it.each<[string, readonly ProxyServer[]]>([
    ['spreads reads over all nodes', [server(1), server(2), server(3)]],
    ['leads to replicas by their role', [server(1, down), server(2, up), server(3, up)]],
    ['leads to a third node', [server(1, down), server(2, down), server(3, up)]],
    ['has no server that is up', [server(1, down), server(2, down), server(3, down)]],
    ['has no node of the cluster', []],
  ])('leaves a backend alone that %s', (_, servers) => {
    expect(commandsFor(servers)).toEqual([]);
  });

  it.each<[string, readonly ProxyServer[], string | null]>([
    ['all is well', BY_ROLE, null],
    [
      'maintenance',
      [server(1, up), server(2, { ...down, isHeld: true })],
      'its server clients/node2 is in maintenance',
    ],
    ['no server', [server(1, up)], 'its backend clients has no server for redis-02'],
    ['unreached', [server(1, up), server(2, { isUp: false, check: 'L4CON' })], 'does not answer it (L4CON)'],
    ['no business of the hand-over', [server(1, down), server(3, up)], null],
  ])('says before the hand-over what is in the way: %s', (_, servers, obstacle) => {
    const said = obstacleTo(entryBackends(servers, MOVE), servers, MOVE);
    if (obstacle === null) expect(said).toBeNull();
    else expect(said).toContain(obstacle);
  });

  it('is settled once the checks agree, and led again if one that was under way turned it', () => {
    const entry = entryBackends(BY_ROLE, MOVE);
    const led = [
      server(1, { isUp: false, check: 'L7OK' }),
      server(2, { isUp: true, check: 'L7TOUT' }),
      server(3, down),
    ];
    expect([leadCommands(entry, led, MOVE), isSettled(entry, led, MOVE)]).toEqual([[], false]);
    const turned = [
      server(1, { isUp: true, check: 'L7OK' }),
      server(2, { isUp: false, check: 'L7TOUT' }),
      server(3, down),
    ];
    expect(leadCommands(entry, turned, MOVE)).toHaveLength(3);
    const agreed = [server(1, down), server(2, up), server(3, down)];
    expect([leadCommands(entry, agreed, MOVE), isSettled(entry, agreed, MOVE)]).toEqual([[], true]);
  });

  const anyServer = (number: number) =>
    fc
      .record({ isUp: fc.boolean(), isBackup: fc.boolean(), isHeld: fc.boolean(), weight: fc.constantFrom(0, 1) })
      .map((change) => server(number, { ...change, check: change.isUp ? 'L7OK' : 'L7TOUT' }));

  it('leads to the new master and nowhere else, whatever the servers were', () => {
    fc.assert(
      fc.property(fc.tuple(anyServer(1), anyServer(2), anyServer(3)), (servers) => {
        const entry = entryBackends(servers, MOVE);
        fc.pre(entry.length > 0 && obstacleTo(entry, servers, MOVE) === null);
        const after = carriedOut(servers, leadCommands(entry, servers, MOVE));
        expect(inUse(after).map(({ node }) => node)).toEqual(['redis-02']);
      }),
    );
  });
});

/** As HAProxy carries the commands out. */
function carriedOut(servers: readonly ProxyServer[], commands: readonly string[]): readonly ProxyServer[] {
  return servers.map((each) => {
    const changes = commands.flatMap((command): Partial<ProxyServer>[] => {
      const [, path, what, value] = /^set server (\S+) (\S+) (\S+)$/.exec(command) ?? [];
      if (path !== `${each.backend}/${each.name}`) return [];
      return [what === 'health' ? { isUp: value === 'up' } : { weight: value === '0%' ? 0 : each.fullWeight }];
    });
    return changes.reduce<ProxyServer>((server, change) => ({ ...server, ...change }), each);
  });
}
