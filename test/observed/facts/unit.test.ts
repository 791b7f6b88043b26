import { describe, expect, it } from 'vitest';
import { startOf } from '../../builders.ts';
import { unitFact } from '../../../src/observed/facts/unit.ts';

/** `systemctl show` of a running redis-server on Debian 12. */
const RUNNING = `MainPID=1932
Result=success
NRestarts=2
ReadWritePaths=-/var/lib/redis -/var/log/redis -/var/run/redis -/etc/redis /data/redis
ProtectSystem=strict
ExecStart={ path=/usr/bin/redis-server ; argv[]=/usr/bin/redis-server /etc/redis/redis.conf --supervised systemd --daemonize no ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
LoadState=loaded
ActiveState=active
SubState=running
DropInPaths=/etc/systemd/system/redis-server.service.d/override.conf
UnitFileState=enabled
Job=
NeedDaemonReload=yes
`;

describe('the unit', () => {
  it('is as systemd shows it', () => {
    expect(unitFact.parse(RUNNING)).toEqual({
      loadState: 'loaded',
      activeState: 'active',
      subState: 'running',
      unitFileState: 'enabled',
      result: 'success',
      mainPid: 1932,
      restarts: 2,
      needDaemonReload: true,
      dropInPaths: ['/etc/systemd/system/redis-server.service.d/override.conf'],
      readWritePaths: ['-/var/lib/redis', '-/var/log/redis', '-/var/run/redis', '-/etc/redis', '/data/redis'],
      protectSystem: 'strict',
      start: startOf('/etc/redis/redis.conf'),
      jobPending: false,
    });
  });

  it.each([
    ['ActiveExitTimestamp=Mon 2026-11-30 17:02:06 UTC', '2026-11-30T17:02:06Z'],
    ['ActiveExitTimestamp=', undefined],
    ['ActiveExitTimestamp=n/a', undefined],
  ])('was active last at a moment, if ever: %s', (line, expected) => {
    expect(unitFact.parse(`${RUNNING}${line}\n`).inactiveSince).toBe(expected);
  });

  it.each([
    ['LimitNOFILE=65535', 65_535],
    ['LimitNOFILE=infinity', undefined],
  ])('limits open files: %s', (line, expected) => {
    expect(unitFact.parse(`${RUNNING}${line}\n`).openFiles).toBe(expected);
  });

  it('may not be there', () => {
    const shown = 'LoadState=not-found\nActiveState=inactive\nSubState=dead\nMainPID=0\n';
    expect(unitFact.parse(shown)).toMatchObject({ loadState: 'not-found', mainPid: 0, unitFileState: '' });
  });

  it.each([
    ['1min 30s', 90_000],
    ['2h 500ms', 7_200_500],
    ['infinity', undefined],
    ['', undefined],
  ])('may start for %j', (span, expected) => {
    const { startTimeoutMs } = unitFact.parse(`${RUNNING}TimeoutStartUSec=${span}\n`);
    expect(startTimeoutMs).toBe(expected);
  });

  it.each([
    ['Job=', false],
    ['Job=0', false],
    ['Job=4711', true],
  ])('has a job in flight: %s', (line, pending) => {
    expect(unitFact.parse(RUNNING.replace('Job=', line)).jobPending).toBe(pending);
  });

  it.each([
    ['nothing at all', '', 'LoadState'],
    ['no state', RUNNING.replace('ActiveState=active', ''), 'ActiveState'],
    ['a process ID that is none', RUNNING.replace('1932', 'many'), 'MainPID'],
  ])('is not made up from %s', (_, shown, named) => {
    expect(() => unitFact.parse(shown)).toThrow(named);
  });
});
