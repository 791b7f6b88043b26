import { describe, expect, it } from 'vitest';
import {
  isPlantedModule,
  modulePathsIn,
  modulesIn,
  type LoadedModule,
  type ModuleSources,
} from '../../../src/domain/traces/modules.ts';

const SOURCES: ModuleSources = { git: [], node: [], enabled: 'yes', folders: ['/data/redis'] };
const SEARCH = '/usr/lib/redis/modules/redisearch.so';

describe('a loaded module', () => {
  it.each<[string, LoadedModule, Partial<ModuleSources>]>([
    ['system.exec', { name: 'system', path: '/usr/lib/x.so' }, { enabled: 'no', node: ['/usr/lib/x.so'] }],
    ['one from the data folder', { name: 'search', path: '/data/redis/exp.so' }, { enabled: 'no' }],
    ['one from /tmp that CONFIG REWRITE declared', { name: 'a', path: '/tmp/a.so' }, { node: ['/tmp/a.so'] }],
    ['one by a relative path', { name: 'a', path: './exp.so' }, {}],
    ['one that only has the name of Lua', { name: 'lua', path: '/opt/lua.so' }, {}],
    ['one that nobody declared', { name: 'gears', path: '/opt/gears.so' }, {}],
    ['one beside a declared one', { name: 'gears', path: '/opt/gears.so' }, { node: [SEARCH] }],
    ['one whose path is hidden', { name: 'gears', path: null }, {}],
  ])('is planted: %s', (_, module, sources) => expect(isPlantedModule(module, { ...SOURCES, ...sources })).toBe(true));

  it.each<[string, LoadedModule, Partial<ModuleSources>]>([
    ...['search', 'ReJSON', 'timeseries', 'bf', 'vectorset'].map(
      (name): [string, LoadedModule, Partial<ModuleSources>] => [
        `${name} of Redis 8`,
        { name, path: `/usr/local/lib/redis/modules/${name}.so` },
        {},
      ],
    ),
    ['Lua of Valkey 9, which has its name for a file', { name: 'lua', path: 'lua' }, {}],
    ['vectorset, which has no file', { name: 'vectorset', path: '' }, {}],
    ['one in Git, wherever', { name: 'own', path: '/data/redis/own.so' }, { git: ['/data/redis/own.so'] }],
    ['one in redis.conf on the node', { name: 'gears', path: '/opt/gears.so' }, { node: ['/opt/gears.so'] }],
    ['any that a start loaded', { name: 'gears', path: '/opt/gears.so' }, { enabled: 'no' }],
    ['one whose path is hidden, with declared ones', { name: 'gears', path: null }, { node: [SEARCH] }],
  ])('is wanted: %s', (_, module, sources) => expect(isPlantedModule(module, { ...SOURCES, ...sources })).toBe(false));
});

it('is read from INFO and MODULE LIST', () => {
  const info =
    '# Modules\r\nmodule:name=ReJSON,ver=20609,api=1,filters=0\r\nmodule:name=system,ver=1,api=1\r\n# Errorstats\r\n';
  expect(modulesIn(info).map(({ name }) => name)).toEqual(['ReJSON', 'system']);
  const reply = [
    ['name', 'system', 'ver', 1, 'path', '/tmp/exp.so', 'args', []],
    ['name', 'old', 'ver', 1],
    'nonsense',
  ];
  expect([...modulePathsIn(reply)]).toEqual([['system', '/tmp/exp.so']]);
  expect([...modulePathsIn(new Error('NOPERM'))]).toEqual([]);
});
