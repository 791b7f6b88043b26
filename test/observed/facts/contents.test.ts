import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hostScript, sectionsOf } from '../../../src/observed/host-script.ts';
import { contentsFact, type Contents } from '../../../src/observed/facts/contents.ts';

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const SUM = sha256('x');

it('reads both files, byte for byte', () => {
  const bytes = Buffer.from([0, 255, 10, 128]);
  expect(contentsFact.parse(`file ${base64('port 6379\n')}\nfile ${base64(bytes)}\n`)).toEqual({
    redisConf: { sha256: null, bytes: Buffer.from('port 6379\n') },
    dropIn: { sha256: null, bytes },
  });
});

it.each([
  ['both are absent', '\n\n', null, null],
  ['the first is absent', '\nfile eA==\n', null, 'x'],
  ['the second is empty', 'file eA==\nfile \n', 'x', ''],
  ['nothing came', '', null, null],
])('tells an absent file from an empty one: %s', (_, stdout, redisConf, dropIn) => {
  const contents = contentsFact.parse(stdout);
  expect([contents.redisConf?.bytes?.toString() ?? null, contents.dropIn?.bytes?.toString() ?? null]).toEqual([
    redisConf,
    dropIn,
  ]);
});

it.each([
  ['that Redis may not read', `file -${SUM}`, SUM],
  ['that was taken away while it was read', `file eHh4-${SUM}`, SUM],
  ['that a link of Redis’s names', 'file -', null],
])('has no bytes of a file %s', (_, line, sum) => {
  expect(contentsFact.parse(`${line}\n\n`).redisConf).toEqual({ sha256: sum, bytes: null });
});

// Only root can be refused something by becoming another.
describe.runIf(process.getuid?.() === 0)('on a host, as root', () => {
  function read(prepare: (folder: string) => void): Contents {
    const folder = mkdtempSync(join(tmpdir(), 'redisops-contents-'));
    try {
      chmodSync(folder, 0o755);
      prepare(folder);
      const parameters = [
        'unit',
        'package',
        '/data',
        '/log',
        join(folder, 'redis.conf'),
        join(folder, 'drop-in'),
        '6379',
        '',
      ];
      const argv = ['-c', hostScript({ contents: contentsFact }).text, 'redisops', 'm', ...parameters];
      const { stdout } = spawnSync('/bin/sh', argv, { encoding: 'utf8' });
      return contentsFact.parse(sectionsOf(stdout, 'm').get('contents') ?? '');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('has of a redis.conf that is only root’s the hash, and of a drop-in everything', () => {
    const contents = read((folder) => {
      writeFileSync(join(folder, 'redis.conf'), 'canary', { mode: 0o600 });
      writeFileSync(join(folder, 'drop-in'), 'x', { mode: 0o600 });
    });
    expect(contents).toEqual({
      redisConf: { sha256: sha256('canary'), bytes: null },
      dropIn: { sha256: null, bytes: Buffer.from('x') },
    });
  });

  it('follows no link to root’s files', () => {
    const contents = read((folder) => {
      writeFileSync(join(folder, 'shadow'), 'canary', { mode: 0o600 });
      symlinkSync('shadow', join(folder, 'redis.conf'));
      symlinkSync('shadow', join(folder, 'drop-in'));
    });
    expect(contents).toEqual({
      redisConf: { sha256: null, bytes: null },
      dropIn: { sha256: null, bytes: null },
    });
  });

  it('reads what anybody may read', () => {
    const { redisConf } = read((folder) => writeFileSync(join(folder, 'redis.conf'), 'x', { mode: 0o644 }));
    expect(redisConf).toEqual({ sha256: null, bytes: Buffer.from('x') });
  });
});
