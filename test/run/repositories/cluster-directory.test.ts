import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectQueue } from '../../../src/adapters/queue/connection.ts';
import { redisStore } from '../../../src/adapters/store/store.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { clusterDirectory } from '../../../src/run/repositories/cluster-directory.ts';
import { ownRedis } from '../../adapters/own-redis.ts';
import { quietLog } from '../../adapters/quiet-log.ts';

let server: Awaited<ReturnType<typeof ownRedis>>;
let redis: Redis;

beforeAll(async () => {
  server = await ownRedis();
  redis = connectQueue(server.address, quietLog());
});

beforeEach(() => redis.flushall());

afterAll(async () => {
  redis.disconnect();
  await server.end();
});

/** What each repository names at its head; null where it cannot be read. */
type Heads = Record<string, readonly string[] | null>;

/** A process of the bot: all of them know the same heads and the same Redis. */
function processAt(heads: Heads, repositories = Object.keys(heads)) {
  const log = quietLog();
  const served = repositories.map((name) => ({
    name,
    gitHub: null,
    source: async () => {
      const clusters = heads[name] ?? null;
      if (clusters === null) throw new RedisopsError('GITHUB_FAILED', `${name} is away`, { hint: 'wait' });
      const text = `clusters: {${clusters.map((cluster) => `${cluster}: {}`).join(', ')}}\n`;
      return { revision: `${name} ${clusters.join(' ')}`, read: async () => text, list: async () => [] };
    },
  }));
  const directory = clusterDirectory(served, { store: redisStore(redis, log), log });
  const ownerOf = async (cluster: string) => (await directory.of(cluster)).name;
  return { directory, log, ownerOf };
}

const SHOP = 'acme/shop';
const WEB = 'acme/web';

describe('which repository has which cluster', () => {
  it('the start is refused if two repositories introduce one name at once, naming both', async () => {
    const { directory } = processAt({ [SHOP]: ['shop', 'cache'], [WEB]: ['web', 'cache'] });
    const refusal = await directory.begin().catch((error: unknown) => error as RedisopsError);
    expect(refusal).toMatchObject({ code: 'CLUSTER_TAKEN' });
    for (const name of [SHOP, WEB, 'cache']) expect(String(refusal)).toContain(name);
    expect(await redisStore(redis, quietLog()).clusterOwners()).toEqual(new Map());
  });

  it('a name merged into a second repository stays with the first, even after a restart', async () => {
    const heads: Heads = { [SHOP]: ['shop', 'cache'], [WEB]: ['web'] };
    const first = processAt(heads);
    await first.directory.begin();
    heads[WEB] = ['cache', 'web', 'more'];
    expect((await first.directory.clusters()).toSorted()).toEqual(['cache', 'more', 'shop', 'web']);
    const second = processAt(heads, [WEB, SHOP]);
    await second.directory.begin();
    for (const { ownerOf, directory } of [first, second]) {
      expect(await Promise.all(['shop', 'cache', 'web', 'more'].map(ownerOf))).toEqual([SHOP, SHOP, WEB, WEB]);
      expect(await directory.takenFrom(WEB, 'cache')).toBe(SHOP);
      expect(await directory.takenFrom(SHOP, 'cache')).toBe(null);
      expect(await directory.takenFrom(SHOP, 'nobody’s')).toBe(null);
    }
  });

  it('a name moves to the other repository once the first has dropped it', async () => {
    const heads: Heads = { [SHOP]: ['shop', 'cache'], [WEB]: ['web'] };
    const { directory, ownerOf } = processAt(heads);
    await directory.begin();
    heads[SHOP] = ['shop'];
    heads[WEB] = ['web', 'cache'];
    expect(await ownerOf('cache')).toBe(WEB);
    expect(await directory.takenFrom(WEB, 'cache')).toBe(null);
    const moved = processAt({ [WEB]: ['web', 'cache'], 'acme/new': ['shop'] });
    await moved.directory.begin();
    expect(await moved.ownerOf('shop')).toBe('acme/new');
  });

  it('an unreadable repository keeps its clusters; before the first look, those stored', async () => {
    const heads: Heads = { [SHOP]: ['shop'], [WEB]: ['web'] };
    const running = processAt(heads);
    await running.directory.begin();
    heads[SHOP] = null;
    const restarted = processAt(heads);
    await restarted.directory.begin();
    for (const { directory, ownerOf, log } of [running, restarted]) {
      for (let times = 0; times < 3; times += 1)
        expect((await directory.clusters()).toSorted()).toEqual(['shop', 'web']);
      expect(await ownerOf('shop')).toBe(SHOP);
      expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    }
    heads[WEB] = ['web', 'shop'];
    expect(await restarted.ownerOf('shop')).toBe(SHOP);
    heads[WEB] = null;
    await expect(processAt(heads).directory.begin()).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
  });

  it('that no repository names any more, it stays with the one that had it, also over a restart', async () => {
    const heads: Heads = { [SHOP]: ['shop', 'cache'], [WEB]: ['web'] };
    await processAt(heads).directory.begin();
    heads[SHOP] = ['shop'];
    const { directory, ownerOf } = processAt(heads);
    await directory.begin();
    expect((await directory.clusters()).toSorted()).toEqual(['shop', 'web']);
    expect([await ownerOf('cache'), directory.lastOf('cache')?.name]).toEqual([SHOP, SHOP]);
    heads[WEB] = ['web', 'cache'];
    expect(await ownerOf('cache')).toBe(WEB);
  });

  it('is found by name, or if it is the only one; otherwise the clusters are listed', async () => {
    const heads: Heads = { [SHOP]: ['shop'], [WEB]: ['web'] };
    const { directory } = processAt(heads);
    await directory.begin();
    expect((await processAt({ [SHOP]: ['shop'] }).directory.of(undefined)).name).toBe(SHOP);
    await expect(directory.of(undefined)).rejects.toMatchObject({ code: 'USAGE', message: /shop, web/ });
    await expect(directory.of('wbe')).rejects.toMatchObject({ code: 'UNKNOWN_CLUSTER', message: /Did you mean web/ });
  });

  it('is always a repository that names it, the same for every process, and never taken from one that still does', async () => {
    const clusters = fc.subarray(['a', 'b', 'c']);
    const step = fc.record({ [SHOP]: clusters, [WEB]: clusters, first: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        await redis.flushall();
        const heads: Heads = { [SHOP]: ['shop'], [WEB]: ['web'] };
        const processes = [processAt(heads), processAt(heads, [WEB, SHOP])];
        for (const { directory } of processes) await directory.begin();
        let before = new Map<string, string>();
        for (const { first, ...now } of steps) {
          Object.assign(heads, { [SHOP]: ['shop', ...now[SHOP]], [WEB]: ['web', ...now[WEB]] });
          const inOrder = first ? processes : processes.toReversed();
          await Promise.all(inOrder.map(({ directory }) => directory.clusters()));
          const owners = new Map<string, string>();
          for (const cluster of new Set([...now[SHOP], ...now[WEB], 'shop', 'web'])) {
            const [one, other] = await Promise.all(processes.map(({ ownerOf }) => ownerOf(cluster)));
            expect(one).toBe(other);
            expect(heads[one ?? '']).toContain(cluster);
            const last = before.get(cluster);
            if (last !== undefined && heads[last]?.includes(cluster) === true) expect(one).toBe(last);
            owners.set(cluster, one ?? '');
          }
          before = owners;
        }
      }),
      { numRuns: 100 },
    );
  });
});
