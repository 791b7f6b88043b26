import { describe, expect, it } from 'vitest';
import { startCommand } from '../../../src/domain/unit/start-command.ts';

/** `systemctl show --property=ExecStart` on Debian 12. */
function shown(program: string, command: string): string {
  return `{ path=${program} ; argv[]=${command} ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }`;
}

describe('the command that starts a unit', () => {
  it.each<[string, string, string | null, Readonly<Record<string, string>>]>([
    [
      'Debian’s own',
      '/usr/bin/redis-server /etc/redis/redis.conf --supervised systemd --daemonize no',
      '/etc/redis/redis.conf',
      { supervised: 'systemd', daemonize: 'no' },
    ],
    ['another file', '/usr/bin/redis-server /etc/redis/prod.conf', '/etc/redis/prod.conf', {}],
    ['no file', '/usr/bin/redis-server --port 6379', null, { port: '6379' }],
    ['the file on standard input', '/usr/bin/redis-server - --port 6379', null, { port: '6379' }],
    ['nothing at all', '/usr/bin/redis-server', null, {}],
    [
      'values of several words',
      '/usr/bin/redis-server /a.conf --save 900 1 --bind -::1 *',
      '/a.conf',
      { save: '900 1', bind: '-::1 *' },
    ],
    ['another server', '/opt/valkey/bin/valkey-server /a.conf', '/a.conf', {}],
    ['a program in front', '/usr/bin/numactl --interleave=all /usr/bin/redis-server /a.conf', '/a.conf', {}],
    ['a shell in front', '/bin/sh -c exec redis-server /a.conf', '/a.conf', {}],
  ])('%s', (_, command, configFile, directives) => {
    expect(startCommand(shown('/the/program', command))).toEqual({
      program: '/the/program',
      redis: { configFile, directives: new Map(Object.entries(directives)) },
    });
  });

  it('may be a wrapper, of which nothing is known', () => {
    const program = '/usr/local/bin/start-redis';
    expect(startCommand(shown(program, `${program} prod`))).toEqual({ program, redis: null });
  });

  it.each(['', 'n/a'])('is not there: %j', (text) => {
    expect(startCommand(text)).toBeNull();
  });
});
