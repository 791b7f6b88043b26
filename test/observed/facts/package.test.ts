import { expect, it } from 'vitest';
import { packageFact } from '../../../src/observed/facts/package.ts';

it.each([
  ['installed\n5:7.0.15-1~deb12u7\n', { installed: true, version: '5:7.0.15-1~deb12u7' }],
  ['config-files\n5:7.0.15-1~deb12u7\n', { installed: false }],
  ['half-configured\n5:7.0.15-1~deb12u7\n', { installed: false }],
  ['not-installed\n\n', { installed: false }],
  ['', { installed: false }],
])('dpkg says %j', (stdout, facts) => {
  expect(packageFact.parse(stdout)).toEqual({ package: facts, conffiles: new Map() });
});

it('has the digests of its configuration files, those of dead ones left out', () => {
  const conffiles = ` /etc/redis/redis.conf 3f070d8d3ef55ec295f647bec0cd3326
 /etc/init.d/redis-server 2a51c7aa28acf5d7244352e80d0b26ff
 /etc/old.conf 3f070d8d3ef55ec295f647bec0cd3326 obsolete`;
  expect(packageFact.parse(`installed\n5:7.0.15-1~deb12u7\n${conffiles}\n`).conffiles).toEqual(
    new Map([
      ['/etc/redis/redis.conf', '3f070d8d3ef55ec295f647bec0cd3326'],
      ['/etc/init.d/redis-server', '2a51c7aa28acf5d7244352e80d0b26ff'],
    ]),
  );
});
