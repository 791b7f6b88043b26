import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { RESOLVE_SCRIPT, namesToResolve, parseResolved } from '../../../src/domain/replication/resolve.ts';

describe('names to resolve', () => {
  it('are host names, each once; neither addresses nor what could be anything else', () => {
    const hosts = [
      '10.0.0.1',
      'fd00::1',
      'redis-01',
      'a.b_c.example',
      'redis-01',
      '-f',
      '',
      'a b',
      'a\0b',
      "a'; reboot",
    ];
    expect(namesToResolve(hosts)).toEqual(['redis-01', 'a.b_c.example']);
  });
});

describe('the script', () => {
  it('says every address of a name, and nothing of one that has none', () => {
    const { stdout, status } = spawnSync('sh', ['-c', RESOLVE_SCRIPT.text, 'sh', 'localhost', 'nowhere.invalid'], {
      encoding: 'utf8',
    });
    const resolved = parseResolved(stdout);
    expect(status).toBe(0);
    expect([...resolved.keys()]).toEqual(['localhost']);
    expect(resolved.get('localhost')?.some((address) => ['127.0.0.1', '::1'].includes(address))).toBe(true);
  });

  it.each([
    ['', []],
    ['a\0', []],
    [
      'a\x0010.0.0.1\0a\x0010.0.0.1\0a\0fd00::1\0b\x0010.0.0.2\0',
      [
        ['a', ['10.0.0.1', 'fd00::1']],
        ['b', ['10.0.0.2']],
      ],
    ],
  ])('is read in pairs: %j', (stdout, names) => {
    expect([...parseResolved(stdout)]).toEqual(names);
  });
});
