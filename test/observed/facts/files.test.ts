import { describe, expect, it } from 'vitest';
import { filesFact } from '../../../src/observed/facts/files.ts';

const line = (...fields: readonly string[]): string => fields.map((field) => `${field}\0`).join('');

describe('files', () => {
  it('are as stat prints them', () => {
    const stdout =
      line('directory', 'redis', 'redis', '750', '4096', '/data/redis') +
      line('regular file', 'redis', 'redis', '640', '578', '/etc/redis/redis.conf') +
      line('regular empty file', 'root', 'root', '644', '0', '/data/redis/dump.rdb') +
      line('dangling link', '-', '-', '777', '0', '/data/redis/gone.rdb');
    expect(filesFact.parse(`${stdout}\n`)).toEqual(
      new Map([
        ['/data/redis', { exists: true, type: 'directory', owner: 'redis', group: 'redis', mode: '750', size: 4096 }],
        [
          '/etc/redis/redis.conf',
          { exists: true, type: 'file', owner: 'redis', group: 'redis', mode: '640', size: 578 },
        ],
        ['/data/redis/dump.rdb', { exists: true, type: 'file', owner: 'root', group: 'root', mode: '644', size: 0 }],
        ['/data/redis/gone.rdb', { exists: true, type: 'other', owner: '-', group: '-', mode: '777', size: 0 }],
      ]),
    );
  });

  it('may be links, and lead elsewhere', () => {
    const folder = { exists: true, type: 'directory', owner: 'redis', group: 'redis', mode: '750', size: 4096 };
    const stdout =
      line('directory', 'redis', 'redis', '750', '4096', '/data/redis') +
      line('is a link', '-', '-', '777', '0', '/data/redis') +
      line('leads to /mnt/big/redis', '-', '-', '777', '0', '/data/redis') +
      line('dangling link', '-', '-', '777', '0', '/etc/redis/redis.conf') +
      line('is a link', '-', '-', '777', '0', '/etc/redis/redis.conf') +
      line('leads to /opt/gone', '-', '-', '777', '0', '/etc/redis/redis.conf');
    const files = filesFact.parse(stdout);
    expect(files.get('/data/redis')).toEqual({ ...folder, isLink: true, realPath: '/mnt/big/redis' });
    expect(files.get('/etc/redis/redis.conf')).toMatchObject({ type: 'other', isLink: true, realPath: '/opt/gone' });
  });

  it('may lead elsewhere by their parents’ links', () => {
    const stdout =
      line('directory', 'redis', 'redis', '750', '4096', '/data/redis') +
      line('leads to /mnt/redis', '-', '-', '777', '0', '/data/redis');
    expect(filesFact.parse(stdout).get('/data/redis')).toMatchObject({ type: 'directory', realPath: '/mnt/redis' });
    // Where the folder is not there, where it would be is no entry.
    expect(filesFact.parse(line('leads to /mnt/redis', '-', '-', '777', '0', '/data/redis')).size).toBe(0);
  });

  it('may be locked', () => {
    const path = '/etc/redis/redis.conf';
    const found = line('regular file', 'redis', 'redis', '640', '578', path);
    const locked = (how: string) => filesFact.parse(found + line(`locked: ${how}`, '-', '-', '777', '0', path));
    expect(locked('immutable').get(path)).toMatchObject({ type: 'file', size: 578, locked: 'immutable' });
    expect(locked('mount point').get(path)).toMatchObject({ locked: 'mount point' });
    expect(() => locked('by magic')).toThrow();
  });

  it('may be none', () => {
    expect(filesFact.parse('').size).toBe(0);
  });

  it('may have any name', () => {
    const name = '/data/redis/a\nregular file root.rdb';
    const files = filesFact.parse(line('regular file', 'redis', 'redis', '644', '1', name));
    expect([...files.keys()]).toEqual([name]);
  });

  it('are not absent because stat could not be run', () => {
    expect(() => filesFact.parse(line('stat could not be run'))).toThrow('could not be run');
  });

  it('are bounded in number', () => {
    const many = Array.from({ length: 2000 }, (_, n) => line('regular file', 'r', 'r', '644', '1', `/data/${n}.rdb`));
    expect(filesFact.parse(many.join('')).size).toBe(500);
  });
});
