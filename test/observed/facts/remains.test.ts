import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { remainsFact } from '../../../src/observed/facts/remains.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'redisops-remains-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** The script itself, with the rights that the test has; redis-check-rdb says what `keys` says. */
function look(keys = 0): ReturnType<typeof remainsFact.parse> {
  const stand = `as_redis() { "$@" </dev/null 2>/dev/null; }; PATH=${directory}/bin:$PATH`;
  mkdirSync(join(directory, 'bin'), { recursive: true });
  writeFileSync(join(directory, 'bin/redis-check-rdb'), `#!/bin/sh\necho "[info] ${keys} keys read"\n`, {
    mode: 0o755,
  });
  const script = `directory=$1\n${stand}\n${remainsFact.script.text}`;
  return remainsFact.parse(
    execFileSync('/bin/sh', ['-c', script, 'test', join(directory, 'data')], { encoding: 'utf8' }),
  );
}

function put(path: string, text = 'REDIS'): void {
  const file = join(directory, 'data', path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, 1_764_770_000, 1_764_770_000.25);
}

describe('remains', () => {
  it('are the files of persistence, one level below too, and what a purge moved aside', () => {
    for (const path of [
      'dump.rdb',
      'users.acl',
      'appendonlydir/appendonly.aof.1.incr.aof',
      'appendonlydir/appendonly.aof.manifest',
      'mine/deep/dump.rdb',
      'quarantine-redisops-0123456789ab/manifest.json',
      'quarantine-redisops-0123456789ab/appendonlydir/a.aof',
    ])
      put(path);
    const seen = look(3);
    expect(seen.map(({ path, type }) => `${type} ${path}`)).toEqual([
      'file appendonlydir/appendonly.aof.1.incr.aof',
      'file appendonlydir/appendonly.aof.manifest',
      'file dump.rdb',
      'directory quarantine-redisops-0123456789ab',
      'directory quarantine-redisops-0123456789ab/appendonlydir',
      'file quarantine-redisops-0123456789ab/appendonlydir/a.aof',
      'file quarantine-redisops-0123456789ab/manifest.json',
    ]);
    expect(seen[2]).toEqual({ path: 'dump.rdb', type: 'file', bytes: 5, modified: '1764770000.2500000000', keys: 3 });
    expect(seen[0]?.keys).toBeNull();
  });

  it('may have any name, and are not followed where they are links', () => {
    put('a\n b "$(touch x)".rdb');
    put('-rf.aof');
    symlinkSync('/etc/passwd', join(directory, 'data/link.rdb'));
    expect(look().map(({ path, type, keys }) => [path, type, keys])).toEqual([
      ['-rf.aof', 'file', null],
      ['a\n b "$(touch x)".rdb', 'file', 0],
      ['link.rdb', 'other', null],
    ]);
  });

  it('are counted only where they are small', () => {
    put('small.rdb', 'x'.repeat(1024));
    put('large.rdb', 'x'.repeat(1025));
    expect(look(7).map(({ path, keys }) => [path, keys])).toEqual([
      ['large.rdb', null],
      ['small.rdb', 7],
    ]);
  });

  it('are bounded in number, and none where there is no folder', () => {
    expect(look()).toEqual([]);
    for (let at = 0; at < 600; at += 1) put(`${at}.aof`);
    expect(look()).toHaveLength(500);
  });
});
