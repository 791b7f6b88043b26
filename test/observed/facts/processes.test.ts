import { describe, expect, it } from 'vitest';
import { processesFact } from '../../../src/observed/facts/processes.ts';

interface Printed {
  pid?: number;
  parentPid?: number;
  name?: string;
  title?: string;
  groups?: readonly string[];
  uid?: number;
  directory?: string;
  writable?: boolean;
}

/** As the script prints a redis-server on Debian 12. */
function printed({
  pid = 1932,
  parentPid = 1,
  name = 'redis-server',
  title = '/usr/bin/redis-server 127.0.0.1:6379',
  groups = ['4:memory:/', '0::/system.slice/redis-server.service'],
  uid = 101,
  directory = '101 102 750 3',
  writable = true,
}: Printed = {}): string {
  return [
    `stat ${pid} (${name}) S ${parentPid} 1932 1932 0 -1 4194560 1361 186 0 0 1 3 0 0 20 0 5 0 833911 64905216 3173 18446744073709551615`,
    `title ${title}`,
    ...groups.map((group) => `cgroup ${group}`),
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    'Gid:\t102\t102\t102\t102',
    'Groups:\t102 4',
    ...(writable ? ['writable'] : []),
    `directory ${directory}`,
    '',
  ].join('\n');
}

describe('processes', () => {
  it('are as /proc shows them', () => {
    expect(processesFact.parse(`\n${printed()}`)).toEqual([
      {
        pid: 1932,
        parentPid: 1,
        startTicks: '833911',
        title: '/usr/bin/redis-server 127.0.0.1:6379',
        controlGroup: 'redis-server.service',
        canWriteDirectory: true,
      },
    ]);
  });

  it('may be in a container, and work in a folder', () => {
    const stdout = printed().replace('title', 'container\ncwd /data\ntitle');
    expect(processesFact.parse(stdout)).toMatchObject([{ inContainer: true, directory: '/data' }]);
  });

  it.each([
    ['65535', '1073741816', { openFiles: 65_535 }],
    ['20000', '20000', { openFiles: 20_000, hasLimitOfInit: true }],
    ['unlimited', 'unlimited', {}],
  ])('may open files up to a hard limit: %s, of %s that PID 1 may', (own, init, expected) => {
    const limits = (of: string, hard: string) =>
      `${of} Max open files            1024                 ${hard}                files`;
    const [found] = processesFact.parse(
      printed().replace('writable', [limits('own', own), limits('init', init), 'writable'].join('\n')),
    );
    expect({ openFiles: found?.openFiles, hasLimitOfInit: found?.hasLimitOfInit }).toEqual({
      openFiles: undefined,
      hasLimitOfInit: undefined,
      ...expected,
    });
  });

  it('may be none', () => {
    expect(processesFact.parse('\n')).toEqual([]);
  });

  it('do not include forks that save', () => {
    const stdout = printed({ pid: 10 }) + printed({ pid: 11, parentPid: 10 }) + printed({ pid: 12 });
    expect(processesFact.parse(stdout).map(({ pid }) => pid)).toEqual([10, 12]);
  });

  it('may have brackets and spaces in their name', () => {
    const [found] = processesFact.parse(printed({ name: 'redis) S 1 (x' }));
    expect(found).toMatchObject({ parentPid: 1, startTicks: '833911' });
  });

  it.each([
    ['systemd’s unit', ['0::/system.slice/redis-server.service'], 'redis-server.service'],
    [
      'systemd’s unit, in version 1',
      ['4:memory:/x', '1:name=systemd:/system.slice/redis-server.service'],
      'redis-server.service',
    ],
    ['systemd’s unit, in both', ['1:name=systemd:/', '0::/system.slice/redis-server.service'], 'redis-server.service'],
    ['a login', ['0::/user.slice/user-1000.slice/session-3.scope'], 'session-3.scope'],
    ['the host that this host runs in', ['0::/../..'], '..'],
    ['nothing', ['0::/'], ''],
    ['nobody knows', [], ''],
  ])('belong to %s', (_, groups, controlGroup) => {
    expect(processesFact.parse(printed({ groups }))).toMatchObject([{ controlGroup }]);
  });

  it.each([
    ['its own, mounted for writing', '101 102 750 3', true, 101, true],
    ['its own, mounted read-only', '101 102 750 3', false, 101, false],
    ['its own, without the right to write', '101 102 550 3', true, 101, false],
    ['its own, without the right to search', '101 102 650 3', true, 101, false],
    ['its own, which others may write', '101 102 077 3', true, 101, false],
    ['its group’s', '0 102 770 3', true, 101, true],
    ['another of its groups’', '0 4 770 3', true, 101, true],
    ['its group’s, for reading', '0 102 750 3', true, 101, false],
    ['another’s', '0 0 755 3', true, 101, false],
    ['everybody’s', '0 0 1777 3', true, 101, true],
    ['root’s, who is root', '0 0 500 3', true, 0, true],
    ['removed', '101 102 750 0', true, 101, false],
    ['not to be seen', '', true, 101, false],
  ])('can write a directory that is %s', (_, directory, writable, uid, can) => {
    expect(processesFact.parse(printed({ directory, writable, uid }))).toMatchObject([{ canWriteDirectory: can }]);
  });
});
