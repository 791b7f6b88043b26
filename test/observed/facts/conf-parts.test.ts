import { expect, it } from 'vitest';
import { confPartsFact } from '../../../src/observed/facts/conf-parts.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

it('are the included files and aclfiles, with their content', () => {
  const parts = confPartsFact.parse(
    `include /etc/redis/conf.d/app.conf ${base64('maxclients 5000\n')}\nACLFILE /etc/redis/old users.acl \nwanted /etc/redis/users.acl ${base64('user app on\n')}\n`,
  );
  expect(parts.map(({ kind, path, content }) => [kind, path, content.reveal()])).toEqual([
    ['include', '/etc/redis/conf.d/app.conf', 'maxclients 5000\n'],
    ['aclfile', '/etc/redis/old users.acl', ''],
    ['wanted aclfile', '/etc/redis/users.acl', 'user app on\n'],
  ]);
});

it('may be none', () => {
  expect(confPartsFact.parse('')).toEqual([]);
});
