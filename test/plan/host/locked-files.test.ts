import { describe, expect, it } from 'vitest';
import { lockedFileBlockers } from '../../../src/plan/host/locked-files.ts';
import { redisConfAction } from '../../../src/plan/host/write-file.ts';
import type { FileFacts, PresentFile } from '../../../src/domain/facts.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { desiredNode, fileOf, host } from '../../builders.ts';

const node = desiredNode('redis-02');

function blockersWith(file: FileFacts): readonly string[] {
  const healthy = host(node, null);
  const seen = { ...healthy, files: new Map([...healthy.files, [node.redisConf.path, file]]) };
  const conf = redisConfAction(node, seen, null);
  return lockedFileBlockers(conf ? [conf] : [], seen).map(({ code, message, hint }) => `${code} ${message} ${hint}`);
}

describe('lockedFileBlockers', () => {
  it.each<[NonNullable<PresentFile['locked']>, RegExp]>([
    ['immutable', /^FILE_LOCKED \/etc\/redis\/redis\.conf on redis-02 .* immutable\. Run `chattr -i /],
    ['append-only', /append-only\. Run `chattr -a /],
    ['read-only', /read-only\. Remount \/etc\/redis writable/],
    ['mount point', /mount point\. Unmount /],
  ])('refuses to replace a file that is %s', (locked, said) => {
    expect(blockersWith(fileOf(new SensitiveText('port 1\n'), { locked }))).toEqual([expect.stringMatching(said)]);
  });

  it('says nothing where nothing is written', () => {
    expect(blockersWith(fileOf(node.redisConf.content.withRole(null), { locked: 'immutable' }))).toEqual([]);
    expect(blockersWith(fileOf(new SensitiveText('port 1\n')))).toEqual([]);
  });
});
