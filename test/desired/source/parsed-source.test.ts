import { describe, expect, it } from 'vitest';
import { fleetRepository, VAULT_PASSWORD } from '../../../bench/fleet/repository.ts';
import { ParsedSource } from '../../../src/desired/source/parsed-source.ts';
import { Problems } from '../../../src/desired/source/problems.ts';
import { readDesired } from '../../../src/desired/read-desired.ts';
import { touchesCluster } from '../../../src/desired/managed-paths.ts';
import { clustersOf } from '../../../src/desired/rules/read-rules.ts';
import { readYamlMapping } from '../../../src/desired/yaml/mapping.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import { Secret } from '../../../src/domain/secret.ts';
import type { ConfigSource } from '../../../src/ports/git.ts';
import { REPLICATED, repository, sourceOf, VARIABLES } from '../repository.ts';

const vaultPassword = new Secret(VAULT_PASSWORD);

/** Counts reads of each file and listings of each folder. */
function counting(source: ConfigSource): ConfigSource & { asked: Map<string, number> } {
  const asked = new Map<string, number>();
  const count = (path: string): void => void asked.set(path, (asked.get(path) ?? 0) + 1);
  return {
    asked,
    revision: source.revision,
    read(path) {
      count(path);
      return source.read(path);
    },
    list(folder) {
      count(`${folder}/`);
      return source.list(folder);
    },
  };
}

describe('a repository of many clusters', () => {
  const fleet = sourceOf(fleetRepository(30));

  it('is read once for all of them', async () => {
    const counted = counting(fleet);
    const source = ParsedSource.of(counted);
    for (const cluster of await clustersOf(source)) {
      expect(await touchesCluster(source, cluster, ['ansible/group_vars/all.yml'])).toBe(true);
      await readDesired(source, { cluster, vaultPassword });
    }
    expect([...counted.asked].filter(([, times]) => times !== 1)).toEqual([]);
    expect(counted.asked.size).toBeGreaterThan(60);
  });

  it('reads each cluster as if it were read alone', async () => {
    const source = ParsedSource.of(fleet);
    for (const cluster of await clustersOf(source)) {
      const [shared, alone] = [
        await readDesired(source, { cluster, vaultPassword }),
        await readDesired(fleet, { cluster, vaultPassword }),
      ];
      expect(shared).toEqual(alone);
      expect(shared.password?.reveal()).toBe(alone.password?.reveal());
      const texts = [shared, alone].map(({ nodes }) => nodes.map(({ redisConf }) => redisConf.content.reveal()));
      expect(texts[0]).toEqual(texts[1]);
    }
  });
});

describe('a file', () => {
  it('is parsed once, and reports its mistakes to every reader', async () => {
    const source = ParsedSource.of(sourceOf({ 'a.yml': 'a: 1\na: 2\n' }));
    let times = 0;
    const parse: typeof readYamlMapping = (...given) => {
      times += 1;
      return readYamlMapping(...given);
    };
    const found = await Promise.all(
      [1, 2, 3].map(async () => {
        const problems = new Problems();
        await source.parse('a.yml', parse, { problems });
        return problems.found;
      }),
    );
    expect(times).toBe(1);
    expect(found[0]).toMatchObject([{ file: 'a.yml', line: 2, message: '“a” stands here twice' }]);
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  it('is parsed for each password on its own', async () => {
    const source = ParsedSource.of(sourceOf(fleetRepository(10)));
    const ofTenth = { cluster: 'cache-010' };
    await expect(readDesired(source, ofTenth)).rejects.toThrow(/is vaulted/);
    expect((await readDesired(source, { ...ofTenth, vaultPassword })).password?.reveal()).toBe('a-generated-password');
    await expect(readDesired(source, { ...ofTenth, vaultPassword: new Secret('another') })).rejects.toThrow(
      /is vaulted/,
    );
  });

  it('that could not be read is retried', async () => {
    let fails = true;
    const source = ParsedSource.of({
      revision: 'c0ffee',
      read: () =>
        fails ? Promise.reject(new RedisopsError('GITHUB_FAILED', 'no', { hint: 'wait' })) : Promise.resolve('a: 1\n'),
      list: () => (fails ? Promise.reject(new Error('no')) : Promise.resolve(['a.yml'])),
    });
    const reading = { problems: new Problems() };
    await expect(source.parse('a.yml', readYamlMapping, reading)).rejects.toMatchObject({ code: 'GITHUB_FAILED' });
    await expect(source.names('')).rejects.toThrow('no');
    fails = false;
    expect(await source.parse('a.yml', readYamlMapping, reading)).toMatchObject({ state: 'read' });
    expect(await source.list('')).toEqual(['a.yml']);
  });

  it('of a large repository is forgotten and read again, which changes no answer', async () => {
    const large = `# ${'x'.repeat(700_000)}\n`;
    const source = counting(
      repository(REPLICATED + large, { 'ansible/group_vars/all.yml': `redis_port: 6380\n${large}` }),
    );
    const desired = await readDesired(source, {});
    expect(desired.nodes.map(({ redisPort }) => redisPort)).toEqual([6380, 6380, 6380]);
    expect(source.asked.get(VARIABLES)).toBeGreaterThan(1);
  });
});

it('a source of a checkout is read as it stands, at each look', async () => {
  const files: Record<string, string> = { 'redisops.yml': 'clusters:\n  one:\n' };
  const checkout = sourceOf(files);
  expect(await clustersOf(checkout)).toEqual(['one']);
  files['redisops.yml'] = 'clusters:\n  two:\n';
  expect(await clustersOf(checkout)).toEqual(['two']);
});
