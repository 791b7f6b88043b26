import { expect, it } from 'vitest';
import { neededFiles } from '../../../src/domain/unit/needed-files.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';

it.each<[string, readonly string[]]>([
  ['loadmodule /opt/json.so a b\nloadmodule "/opt/with space.so"', ['/opt/json.so', '/opt/with space.so']],
  ['tls-cert-file /etc/tls/redis.crt', ['/etc/tls/redis.crt']],
  ['include /etc/redis/local.conf', ['/etc/redis/local.conf']],
  ['include /etc/redis/conf.d/*.conf', []],
  ['tls-cert-file ""', []],
  ['port 6379', []],
])('%j', (text, paths) => {
  expect(neededFiles(RedisConf.parse(new SensitiveText(`${text}\n`))).map(({ path }) => path)).toEqual(paths);
});
