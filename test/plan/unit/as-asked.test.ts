import { describe, expect, it } from 'vitest';
import type { UnitFacts } from '../../../src/domain/facts.ts';
import { unitBlockers } from '../../../src/plan/unit/as-asked.ts';
import { desiredNode, host, redis, startOf, unit } from '../../builders.ts';

const node = desiredNode('redis-02');
const PROD = '/etc/redis/prod.conf';

describe('unitBlockers', () => {
  it.each<readonly [string, Partial<UnitFacts>, string | null, boolean, readonly string[]]>([
    ['as Git asks', {}, node.redisConf.path, false, []],
    ['another file at the next start', { start: startOf(PROD) }, node.redisConf.path, false, ['CONFIG_FILE_NOT_READ']],
    ['another file now', {}, PROD, false, ['CONFIG_FILE_NOT_READ']],
    [
      'a stopped one that would start with another file',
      { start: startOf(PROD) },
      null,
      false,
      ['CONFIG_FILE_NOT_READ'],
    ],
    ['files that systemd has yet to read', { start: startOf(PROD), needDaemonReload: true }, null, false, []],
    ['a drop-in that is yet to be written', { dropInPaths: [] }, null, true, []],
    [
      'a drop-in that another one overrules',
      { dropInPaths: [node.dropIn.path, '/etc/systemd/system/redis-server.service.d/zz.conf'], readWritePaths: [] },
      null,
      false,
      ['UNIT_NOT_AS_ASKED'],
    ],
  ])('%s', (_, change, configFile, dropInChanges, codes) => {
    const own = configFile === null ? null : redis(node, { configFile });
    const blockers = unitBlockers(node, host(node, null, { unit: unit(change) }), own, dropInChanges);
    expect(blockers.map(({ code, node: name }) => [code, name])).toEqual(codes.map((code) => [code, 'redis-02']));
  });
});
