import { describe, expect, it } from 'vitest';
import { keepInGit, withFile } from '../../../src/desired/variables/keep-in-git.ts';
import { readDesired } from '../../../src/desired/read-desired.ts';
import { exampleRepository, GROUP_VARIABLES } from '../../../lab/example-repository.ts';
import { sourceOf } from '../repository.ts';

const REPOSITORY = exampleRepository({
  password: 'hunter2',
  replication: true,
  variables: [
    'redis_maxmemory: 256mb # as the shop asked for',
    '',
    '# Everything else.',
    'redis_config:',
    '    # The load balancer closes after a minute.',
    '    timeout: 60',
    "    save: ['900 1', '300 10']",
  ],
});

async function kept(
  directives: Readonly<Record<string, string>>,
  { master = null, files = REPOSITORY }: { master?: string | null; files?: Readonly<Record<string, string>> } = {},
) {
  const address = master === null ? null : '10.0.0.124';
  const change = { directives: new Map(Object.entries(directives)), master };
  const source = sourceOf(files);
  const result = await keepInGit(source, 'redis', change, address);
  const { path, text } = result;
  const desired = await readDesired(withFile(source, result), {});
  const values = new Map(desired.nodes[1]?.redisConf.content.values);
  const before = (files[path] ?? '').split('\n');
  const after = text.split('\n');
  return {
    values,
    desired,
    added: after.filter((line) => !before.includes(line)),
    removed: before.filter((line) => !after.includes(line)),
  };
}

describe('what the nodes have, in Git', () => {
  it('changes one value and no other line, comments and all', async () => {
    const { values, added, removed } = await kept({ maxmemory: '104857600' });
    expect([added, removed]).toEqual([
      ['redis_maxmemory: 104857600 # as the shop asked for'],
      ['redis_maxmemory: 256mb # as the shop asked for'],
    ]);
    expect(values.get('maxmemory')).toBe('104857600');
  });

  it.each<[string, string, readonly string[], readonly string[]]>([
    ['timeout', '77', ['    timeout: 77'], ['    timeout: 60']],
    ['save', '', ['    save: ""'], ["    save: ['900 1', '300 10']"]],
    ['hz', '50', ['    hz: 50'], []],
    ['appendonly', 'yes', ['    appendonly: "yes"'], []],
    ['maxmemory-policy', 'allkeys-lru', ['redis_maxmemory_policy: "allkeys-lru"'], []],
    ['repl-diskless-sync', 'no', ['redis_repl_diskless_sync: false'], []],
    ['repl-backlog-size', '33554432', ['redis_repl_backlog_size: 33554432'], ['redis_repl_backlog_size: 16mb']],
    ['notify-keyspace-events', 'KEA', ['    notify-keyspace-events: "KEA"'], []],
    [
      'client-output-buffer-limit',
      'normal 0 0 0 slave 1 1 1 pubsub 2 2 2',
      ['    client-output-buffer-limit: "normal 0 0 0 slave 1 1 1 pubsub 2 2 2"'],
      [],
    ],
  ])('takes %s %s', async (directive, value, lines, gone) => {
    const { values, added, removed } = await kept({ [directive]: value });
    expect([added, removed]).toEqual([lines, gone]);
    expect(values.get(directive)).toBe(value);
  });

  it('rewrites the file if necessary, keeping its comments', async () => {
    const files = Object.fromEntries(
      Object.entries(REPOSITORY).map(([path, text]) => [
        path,
        text.replace("    save: ['900 1', '300 10']", "    save:\n        - '900 1'\n        - '300 10'"),
      ]),
    );
    const { values, removed } = await kept({ save: '' }, { files });
    expect(values.get('save')).toBe('');
    expect(removed.join('\n')).toContain("- '900 1'");
    expect(removed.filter((line) => line.startsWith('#'))).toEqual([]);
  });

  it('accepts several values at once, and a repository without redis_config', async () => {
    const { values } = await kept(
      { maxmemory: '5242880', timeout: '5', hz: '50' },
      { files: exampleRepository({ password: 'hunter2', replication: true }) },
    );
    expect([values.get('maxmemory'), values.get('timeout'), values.get('hz')]).toEqual(['5242880', '5', '50']);
  });

  it('nominates the master that the nodes have, with its address', async () => {
    const { desired, added } = await kept({}, { master: 'redis-02' });
    expect(desired.nominatedMaster).toBe('redis-02');
    expect(added).toEqual(['redis_master_host: redis-02', 'redis_master_ip: "10.0.0.124"']);
  });

  it('leaves a vaulted file alone', async () => {
    const files = { ...REPOSITORY, [GROUP_VARIABLES]: '$ANSIBLE_VAULT;1.1;AES256\n6162\n' };
    await expect(
      keepInGit(sourceOf(files), 'redis', { directives: new Map([['hz', '1']]), master: null }, null),
    ).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
  });
});
