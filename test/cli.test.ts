import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRepository } from '../lab/example-repository.ts';
import { writeFiles } from '../lab/write-files.ts';
import { main } from '../src/cli.ts';
import { PASSWORD } from './builders.ts';
import { terminalOutput } from './terminal-output.ts';

let folder = '';
const output = terminalOutput();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-cli-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function repositoryWith(variables: readonly string[] = []): Promise<void> {
  const files = exampleRepository({ password: PASSWORD, replication: true, variables });
  await writeFiles(folder, files);
}

function run(...argv: readonly string[]): Promise<number> {
  return main(argv, { STATE_DIR: join(folder, 'state') });
}

describe('the command line', () => {
  it.each([['help'], ['--help'], []])('shows its commands: %s', async (...argv) => {
    expect(await run(...argv)).toBe(0);
    for (const verb of ['status', 'apply', 'resync NODE', 'render NODE']) expect(output.stdout).toContain(verb);
    expect(output.stderr).toBe('');
  });

  it('says its version', async () => {
    expect(await run('--version')).toBe(0);
    expect(output.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['stauts'], 64, 'UNKNOWN_COMMAND'],
    [['drill', 'kill'], 64, 'NOT_AVAILABLE_YET'],
    [['resync'], 64, 'USAGE'],
    [['plan', '--format', 'github'], 64, 'USAGE'],
    [['check', '--format', 'sarif'], 64, 'USAGE'],
    [['check', '--repo', '/nowhere/at/all'], 1, 'CONFIG_MISSING'],
  ])('answers %j with status %i', async (argv, status, code) => {
    expect(await run(...argv)).toBe(status);
    expect(output.stdout).toBe('');
    expect(output.stderr).toContain(code);

    expect(await run(...argv, '--json')).toBe(status);
    expect(JSON.parse(output.stdout)).toMatchObject({ error: { code } });
  });

  it('names wrong settings without their values', async () => {
    expect(await main(['status'], { PORT: 'canary' })).toBe(64);
    expect(output.stderr).toContain('PORT');
    expect(output.stderr).not.toContain('canary');
  });

  it('checks a repository', async () => {
    await repositoryWith();
    expect(await run('check', '--repo', folder, '--json')).toBe(0);
    expect(JSON.parse(output.stdout)).toEqual({ clusters: ['redis'], problems: [] });
  });

  it('lists its mistakes by line, without passwords', async () => {
    await repositoryWith(['redis_prot: 6379', 'redis_maxmemory: lots']);
    expect(await run('check', '--repo', folder, '--json')).toBe(1);
    const { error }: { error: { problems: readonly { line: number }[] } } = JSON.parse(output.stdout);
    expect(error.problems.map(({ line }) => line)).toEqual([10, 11]);
    expect(output.stdout).not.toContain(PASSWORD);
  });

  it('lists the mistakes of all clusters at once, those of a shared file once', async () => {
    await repositoryWith(['redis_prot: 6379']);
    await writeFile(join(folder, 'other.yml'), 'redis_maxmemory: lots\n');
    await writeFile(
      join(folder, 'redisops.yml'),
      'clusters:\n  one:\n  two:\n  three:\n    group_vars: other.yml\n  four:\n    inventory: not/there.yml\n',
    );
    expect(await run('check', '--repo', folder, '--json')).toBe(1);
    const { error }: { error: { problems: readonly { file: string; line: number; message: string }[] } } = JSON.parse(
      output.stdout,
    );
    const found = error.problems.map(({ file, line }) => `${file}:${line}`);
    expect(found.filter((each) => each === 'ansible/group_vars/redis.yml:10')).toHaveLength(1);
    expect(found).toContain('other.yml:1');
    expect(JSON.stringify(error.problems)).toContain('not/there.yml');
    output.stdout = '';
    expect(await run('check', '--repo', folder, '--cluster', 'three', '--json')).toBe(1);
    expect(output.stdout).not.toContain('redis_prot');
  });

  it('prints mistakes as annotations of a GitHub workflow', async () => {
    await repositoryWith(['redis_prot: 6379']);
    expect(await run('check', '--repo', folder, '--format', 'github')).toBe(1);
    expect(output.stdout).toMatch(
      /^::error file=ansible\/group_vars\/redis\.yml,line=10,col=1,title=redisops::[^\n]*redis_prot[^\n]*\n$/,
    );
  });

  it('prints no annotation without mistakes', async () => {
    await repositoryWith();
    expect(await run('check', '--repo', folder, '--format', 'github')).toBe(0);
    expect(output.stdout).toBe('');
  });

  it('renders a file with its secrets masked, and in clear with --reveal', async () => {
    await repositoryWith();
    expect(await run('render', 'redis-02', '--repo', folder)).toBe(0);
    expect(output.stdout).toContain('replicaof 10.0.0.123 6379\n');
    expect(output.stdout).toContain('requirepass ••••••\n');
    expect(output.stdout).not.toContain(PASSWORD);
    output.stdout = '';
    expect(await run('render', 'redis-02', '--repo', folder, '--reveal')).toBe(0);
    expect(output.stdout).toContain(`requirepass ${PASSWORD}\n`);
  });

  it('renders the drop-in, and no sentinel.conf without a template', async () => {
    await repositoryWith();
    expect(await run('render', 'redis-02', '--repo', folder, '--file', 'override.conf')).toBe(0);
    expect(output.stdout).toContain('ReadWritePaths=/data/redis\n');
    expect(await run('render', 'redis-02', '--repo', folder, '--file', 'sentinel.conf')).toBe(64);
    expect(output.stderr).toContain('NOT_AVAILABLE_YET');
  });

  it('renders and judges the repository’s sentinel.conf', async () => {
    await repositoryWith();
    const template = 'ansible/roles/sentinel/templates/sentinel.conf.j2';
    await mkdir(dirname(join(folder, template)), { recursive: true });
    await writeFile(join(folder, 'redisops.yml'), `clusters:\n  redis:\n    sentinel_template: ${template}\n`);
    const conf = 'sentinel monitor m 10.0.0.123 6379 1\nsentinel auth-pass m {{ redis_password }}\n';
    await writeFile(join(folder, template), conf);
    expect(await run('render', 'redis-02', '--repo', folder, '--file', 'sentinel.conf')).toBe(0);
    expect(output.stdout).toBe('sentinel monitor m 10.0.0.123 6379 1\nsentinel auth-pass m ••••••\n');
    output.stdout = '';
    expect(await run('check', '--repo', folder)).toBe(0);
    expect(output.stdout).toContain('redis-02: sentinel.conf: its quorum of 1 is less than the majority of 3 nodes');
    await writeFile(join(folder, template), `${conf}sentinel failover-timeout n 1\n`);
    expect(await run('check', '--repo', folder, '--format', 'github')).toBe(1);
    expect(output.stdout).toMatch(
      /sentinel\.conf\.j2,line=3,col=1,.*sentinel failover-timeout of a master that no line/,
    );
  });

  it.each([
    [['render', 'redis-2'], 64, 'redis-02'],
    [['check', '--cluster', 'reddis'], 64, 'redis'],
  ])('suggests the nearest name for %j', async (argv, status, near) => {
    await repositoryWith();
    expect(await run(...argv, '--repo', folder)).toBe(status);
    expect(output.stderr).toContain(`Did you mean ${near}`);
  });

  it('has an empty history', async () => {
    expect(await run('history', '--json')).toBe(0);
    expect(JSON.parse(output.stdout)).toEqual({ runs: [], unreadable: [] });
  });

  it('leaves no handler for Ctrl-C behind', async () => {
    const before = process.listenerCount('SIGINT');
    await run('history');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});
