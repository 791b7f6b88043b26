import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localCommits } from '../../../src/adapters/git/local-commits.ts';
import { writeFiles } from '../../../lab/write-files.ts';

let folder: string;

function git(...words: readonly string[]): string {
  const own = ['-c', 'user.name=anna', '-c', 'user.email=anna@example.net', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', ['-C', folder, ...own, ...words], { encoding: 'utf8' }).trim();
}

async function commit(files: Readonly<Record<string, string>>): Promise<string> {
  await writeFiles(folder, files);
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
  return git('rev-parse', 'HEAD');
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-git-'));
  git('init', '--quiet');
});

afterEach(() => rm(folder, { recursive: true }));

describe('the commits of a checkout', () => {
  it('are read from Git, whatever is on disk', async () => {
    const first = await commit({ 'ansible/ä b.yml': 'a: 1\n', 'ansible/host_vars/r.yml': 'ä: 1\n' });
    const second = await commit({ 'ansible/ä b.yml': 'a: 2\n' });
    await writeFile(join(folder, 'ansible/ä b.yml'), 'a: 3\n');
    const commits = localCommits(folder);
    expect(await commits.head()).toBe(second);
    const source = commits.at(first);
    expect(source.revision).toBe(first);
    expect(await source.read('ansible/ä b.yml')).toBe('a: 1\n');
    expect(await source.read('ansible/host_vars/r.yml')).toBe('ä: 1\n');
    expect([await source.read('nowhere.yml'), await source.read('ansible')]).toEqual([null, null]);
    expect((await source.list('ansible')).toSorted()).toEqual(['host_vars/', 'ä b.yml'].toSorted());
    expect(await source.list('nowhere')).toEqual([]);
  });

  it('are those of a folder within the repository, by paths from there', async () => {
    const first = await commit({ 'infra/ansible/x.yml': 'x: 1\n', 'y.yml': 'y: 1\n' });
    const commits = localCommits(join(folder, 'infra'));
    expect(await commits.head()).toBe(first);
    const source = commits.at(first);
    expect(await source.read('ansible/x.yml')).toBe('x: 1\n');
    expect(await source.list('ansible')).toEqual(['x.yml']);
    await expect(source.read('../y.yml')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('include only ancestors of the head', async () => {
    const first = await commit({ a: '1' });
    git('switch', '--quiet', '--create', 'other');
    const other = await commit({ b: '1' });
    git('switch', '--quiet', 'main');
    const head = await commit({ a: '2' });
    const commits = localCommits(folder);
    const known = await Promise.all([first, head, other, 'f'.repeat(40)].map((each) => commits.isAncestor(each)));
    expect(known).toEqual([true, true, false, false]);
    for (const odd of ['', 'HEAD', 'main', '--help', 'working tree']) expect(await commits.isAncestor(odd)).toBe(false);
  });

  it('refuse a symbolic link, and files that are not text', async () => {
    await symlink('/etc/hostname', join(folder, 'link.yml'));
    await writeFile(join(folder, 'binary.yml'), Buffer.from([0xff, 0xfe, 0x00]));
    const source = localCommits(folder).at(await commit({}));
    await expect(source.read('link.yml')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(source.read('binary.yml')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('start no program that the repository names', async () => {
    const first = await commit({ a: '1' });
    const trap = join(folder, 'trapped');
    git('config', 'core.fsmonitor', `touch ${trap}; false`);
    git('config', 'diff.external', `touch ${trap}`);
    const commits = localCommits(folder);
    expect([await commits.head(), await commits.isAncestor(first)]).toEqual([first, true]);
    expect(await commits.at(first).read('a')).toBe('1');
    expect(existsSync(trap)).toBe(false);
  });

  it('are empty without a repository', async () => {
    await rm(join(folder, '.git'), { recursive: true });
    const commits = localCommits(folder);
    expect([await commits.head(), await commits.isAncestor('a'.repeat(40))]).toEqual([null, false]);
    await expect(commits.at('a'.repeat(40)).read('a')).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
  });
});
