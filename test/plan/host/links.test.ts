import { describe, expect, it } from 'vitest';
import { directoryActions } from '../../../src/plan/host/make-directory.ts';
import { linkBlockers } from '../../../src/plan/host/links.ts';
import { redisConfAction } from '../../../src/plan/host/write-file.ts';
import type { FileFacts } from '../../../src/domain/facts.ts';
import { desiredNode, fileOf, host, present } from '../../builders.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';

const node = desiredNode('redis-02');
const CONF = node.redisConf.path;
const FOLDER = node.dataDirectory;

function blockersWith(path: string, file: FileFacts): readonly string[] {
  const healthy = host(node, null);
  const seen = { ...healthy, files: new Map([...healthy.files, [path, file]]) };
  const conf = redisConfAction(node, seen, null);
  const actions = [...directoryActions(node, seen), ...(conf ? [conf] : [])];
  return linkBlockers(actions, seen).map(({ code, message, hint }) => `${code} ${message} ${hint}`);
}

describe('linkBlockers', () => {
  it('refuses to write a redis.conf through a link', () => {
    const other = fileOf(new SensitiveText('port 6379\n'), { isLink: true, realPath: '/opt/infra/redis.conf' });
    expect(blockersWith(CONF, other)).toEqual([
      expect.stringMatching(
        /^PATH_IS_LINK \/etc\/redis\/redis\.conf on redis-02 is a symbolic link to \/opt\/infra\/redis\.conf\..*cp --remove-destination/,
      ),
    ]);
  });

  it('refuses to change owner or mode of a folder through a link', () => {
    const folder = present({ type: 'directory', mode: '555', isLink: true, realPath: '/mnt/big/redis' });
    expect(blockersWith(FOLDER, folder)).toEqual([
      expect.stringMatching(/^PATH_IS_LINK \/data\/redis .* \/mnt\/big\/redis yourself \(redis:redis 750\)/),
    ]);
  });

  it.each<[string, string, FileFacts]>([
    [
      'a link to what Git asks',
      CONF,
      fileOf(node.redisConf.content, { isLink: true, realPath: '/opt/infra/redis.conf' }),
    ],
    ['a folder below a link', FOLDER, present({ type: 'directory', mode: '755', realPath: '/mnt/redis' })],
  ])('leaves alone %s', (_, path, file) => {
    expect(blockersWith(path, file)).toEqual([]);
  });
});
