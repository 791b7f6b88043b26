import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkout } from '../../../src/adapters/disk/checkout.ts';

let outside: string;
let folder: string;

beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'redisops-'));
  folder = join(outside, 'repository');
  await mkdir(join(folder, 'ansible/host_vars'), { recursive: true });
  await writeFile(join(folder, 'ansible/x.yml'), 'ä: 1\n');
  await writeFile(join(folder, 'ansible/host_vars/a.yml'), 'a: 1\n');
  await writeFile(join(outside, 'secret.yml'), 'secret: 1\n');
});

afterEach(() => rm(outside, { recursive: true }));

function problem(message: string) {
  return { code: 'CONFIG_INVALID', problems: [{ line: 1, column: 1, message: expect.stringContaining(message) }] };
}

it('reads files from disk, and no others', async () => {
  const source = checkout(folder);
  expect(source.revision).toBe('working tree');
  expect(await source.read('ansible/x.yml')).toBe('ä: 1\n');
  await writeFile(join(folder, 'ansible/x.yml'), 'b: 2\n');
  expect(await source.read('ansible/x.yml')).toBe('b: 2\n');
  expect(await source.read('ansible/y.yml')).toBeNull();
  expect(await source.read('ansible/x.yml/z.yml')).toBeNull();
});

it('lists a folder', async () => {
  const source = checkout(folder);
  expect((await source.list('ansible')).toSorted()).toEqual(['host_vars/', 'x.yml']);
  expect(await source.list('ansible/host_vars')).toEqual(['a.yml']);
  expect(await source.list('nowhere')).toEqual([]);
});

it('follows links within the repository only', async () => {
  await symlink('x.yml', join(folder, 'ansible/inside.yml'));
  await symlink('../../secret.yml', join(folder, 'ansible/outside.yml'));
  await symlink(outside, join(folder, 'up'));
  await symlink('loop', join(folder, 'loop'));
  await symlink('nowhere', join(folder, 'dangling'));
  const source = checkout(folder);
  expect(await source.read('ansible/inside.yml')).toBe('ä: 1\n');
  expect(await source.read('dangling')).toBeNull();
  await expect(source.read('ansible/outside.yml')).rejects.toMatchObject(problem('points outside'));
  await expect(source.read('up/secret.yml')).rejects.toMatchObject(problem('points outside'));
  await expect(source.list('up')).rejects.toMatchObject(problem('points outside'));
  await expect(source.read('loop')).rejects.toMatchObject(problem('cannot be read'));
});

it('lists links to folders of the repository as folders', async () => {
  await symlink('host_vars', join(folder, 'ansible/group_vars'));
  await symlink('x.yml', join(folder, 'ansible/y.yml'));
  await symlink(outside, join(folder, 'ansible/up'));
  await symlink('nowhere', join(folder, 'ansible/dangling'));
  const source = checkout(folder);
  const listed = await source.list('ansible');
  expect(listed.toSorted()).toEqual(['dangling', 'group_vars/', 'host_vars/', 'up', 'x.yml', 'y.yml']);
  expect(await source.list('ansible/group_vars')).toEqual(['a.yml']);
  expect(await source.read('ansible/group_vars/a.yml')).toBe('a: 1\n');
});

it('stays inside, whatever the path', async () => {
  const source = checkout(folder);
  await expect(source.read('../secret.yml')).rejects.toMatchObject(problem('points outside'));
  await expect(source.read(join(outside, 'secret.yml'))).rejects.toMatchObject(problem('points outside'));
  await symlink(folder, join(outside, 'repository-2'));
  await mkdir(`${folder}-3`);
  await expect(source.read('../repository-3')).rejects.toMatchObject(problem('points outside'));
});

it('accepts a link to the repository itself', async () => {
  await symlink(folder, join(outside, 'link'));
  expect(await checkout(join(outside, 'link')).read('ansible/x.yml')).toBe('ä: 1\n');
});

it('refuses files that are too large or not text, and other things', async () => {
  await writeFile(join(folder, 'large.yml'), Buffer.alloc(5_000_000, 'a'));
  await writeFile(join(folder, 'limit.yml'), Buffer.alloc(1_048_576, 'a'));
  await writeFile(join(folder, 'latin.yml'), Buffer.from([0x61, 0xe4]));
  execFileSync('mkfifo', [join(folder, 'pipe.yml')]);
  const source = checkout(folder);
  await expect(source.read('large.yml')).rejects.toMatchObject(problem('larger than the limit of 1048576 bytes'));
  expect(await source.read('limit.yml')).toHaveLength(1_048_576);
  await expect(source.read('latin.yml')).rejects.toMatchObject(problem('not UTF-8'));
  await expect(source.read('ansible')).rejects.toMatchObject(problem('not a file'));
  await expect(source.read('pipe.yml')).rejects.toMatchObject(problem('not a file'));
});

it('says when there is no such directory', async () => {
  await expect(checkout(join(outside, 'nowhere')).read('x')).rejects.toMatchObject({ code: 'CONFIG_MISSING' });
});
