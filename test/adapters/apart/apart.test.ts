import { afterEach, describe, expect, it } from 'vitest';
import { ownThread, type OwnThread } from '../../../src/adapters/apart/apart.ts';
import { clustersOf, readDesired } from '../../../src/desired/questions.ts';
import { ConfigInvalid, RedisopsError } from '../../../src/domain/error.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../../src/domain/secret.ts';
import type { ConfigSource } from '../../../src/ports/git.ts';
import { SentinelFile } from '../../../src/domain/sentinel/sentinel-file.ts';
import { readsTypeScript } from '../../reads-typescript.ts';
import { INVENTORY, REPLICATED, sourceOf, THREE_HOSTS, VARIABLES } from '../../desired/repository.ts';

const PROGRAM = new URL('./thread-program.ts', import.meta.url);

const REPOSITORY = { [INVENTORY]: THREE_HOSTS, [VARIABLES]: REPLICATED };

let thread: OwnThread | undefined;
afterEach(() => thread?.close());

function start(limits = { stallMs: 2000, memoryMegabytes: 64 }): OwnThread {
  thread = ownThread(PROGRAM, limits);
  return thread;
}

describe.runIf(readsTypeScript)('a thread of its own', () => {
  it('answers what the same question answers in place, secrets and redis.conf among it', async () => {
    const source = sourceOf(REPOSITORY);
    const options = { vaultPassword: new Secret('none') };
    const here = await readDesired(source, options);
    const there = await readDesired({ ...source, apart: start() }, options);
    const plain = (each: typeof here) =>
      each.nodes.map(({ redisConf, dropIn, ...rest }) => [redisConf.content.reveal(), dropIn.content.reveal(), rest]);
    expect(plain(there)).toEqual(plain(here));
    expect(there.nodes[0]?.redisConf.content).toBeInstanceOf(RedisConf);
    expect(there.password?.reveal()).toBe(here.password?.reveal());
    expect(there.policy).toEqual(here.policy);
  });

  it('passes a sentinel.conf whose settings can be asked for', async () => {
    const source = sourceOf({ ...REPOSITORY, [VARIABLES]: `${REPLICATED}redis_enable_sentinel: true\n` });
    const { nodes } = await readDesired({ ...source, apart: start() }, {});
    expect(nodes.map(({ sentinel }) => sentinel?.file.content.monitors[0]?.master)).toEqual([
      'redis',
      'redis',
      'redis',
    ]);
  });

  it('passes classes, maps, sets and sources both ways', async () => {
    const source = sourceOf({ 'a.yml': 'b: 1' });
    const text = new SensitiveText('requirepass hush', [new Secret('hush')]);
    const value = {
      text,
      conf: RedisConf.parse(text),
      sentinel: SentinelFile.parse(text),
      map: new Map([['a', new Set([1])]]),
      none: undefined,
      at: new Date(5),
    };
    expect(await start().answer('echo', [source, value])).toEqual({ revision: source.revision, value });
    const echoed = (await thread?.answer('echo', [source, text])) as { value: SensitiveText };
    expect(echoed.value.masked()).toBe('requirepass ••••••');
    expect(await thread?.answer('reads', [source, 'a.yml'])).toEqual(['b: 1', await source.list('.')]);
  });

  it('passes mistakes with their places, and failures with their codes', async () => {
    const broken = { ...sourceOf({ ...REPOSITORY, 'redisops.yml': 'clusters: 5\n' }), apart: start() };
    const mistake = await clustersOf(broken).catch((error: unknown) => error);
    expect(mistake).toBeInstanceOf(ConfigInvalid);
    expect((mistake as ConfigInvalid).problems[0]).toMatchObject({ file: 'redisops.yml', line: 1 });

    const away: ConfigSource = {
      revision: 'x',
      read: () => Promise.reject(new RedisopsError('GITHUB_FAILED', 'GitHub is away.', { hint: 'Wait.' })),
      list: () => Promise.resolve([]),
      apart: thread,
    };
    await expect(clustersOf(away)).rejects.toMatchObject({ code: 'GITHUB_FAILED', hint: 'Wait.' });
  });

  it.each(['stalls', 'hoards'])('refuses only the question that %s', async (hostile) => {
    const source = sourceOf({ 'a.yml': 'b: 1' });
    const own = start();
    const answer = (question: string, args: readonly unknown[]) => own.answer(question, args);
    const asked = answer(hostile, [source]);
    const others = [1, 2, 3].map((each) => answer('reads', [source, `${each}`]));
    await expect(asked).rejects.toMatchObject({ code: 'CONFIG_TOO_COSTLY' });
    expect(await Promise.all(others)).toHaveLength(3);
    expect(await answer('reads', [source, 'a.yml'])).toEqual(['b: 1', await source.list('.')]);
  });

  it('reports a fault of its own as one', async () => {
    await expect(start().answer('nonsense', [])).rejects.toThrow('There is no question nonsense');
    const absent = ownThread(new URL('./absent.ts', import.meta.url));
    await expect(absent.answer('echo', [])).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});
