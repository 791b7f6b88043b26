import { describe, expect, it } from 'vitest';
import { logFact } from '../../../src/observed/facts/log.ts';

const at = (level: string, text: string): string => `1392:S 23 Nov 2026 02:51:06.463 ${level} ${text}`;

describe('the telling lines of a log', () => {
  it.each([
    ['a warning', at('#', 'Failed opening the RDB file dump.rdb for saving: Permission denied')],
    ['a synchronization that begins', at('*', 'MASTER <-> REPLICA sync started')],
    [
      'a synchronization that fails',
      at('#', 'Opening the temp file needed for MASTER <-> REPLICA synchronization: Read-only file system'),
    ],
    ['a replica that asks', '1932:M 23 Nov 2026 02:51:06.463 * Full resync requested by replica 10.0.0.125:6379'],
    ['a line of the configuration that is wrong', ">>> 'maxmemory 12 parsecs'"],
    ['where it stands', 'Reading the configuration file, at line 3'],
    ['a start that fails', '*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***'],
    [
      'what systemd says of it',
      'redis-server.service: Main process exited, code=exited, status=1/FAILURE Failed with result',
    ],
  ])('has %s', (_, line) => {
    expect(logFact.parse(`\n${line}\n`)).toEqual([line]);
  });

  it.each([
    ['what every start says', '1932:C 23 Nov 2026 02:51:06.312 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo'],
    [
      'a version',
      '1932:C 23 Nov 2026 02:51:06.312 # Redis version=7.0.15, bits=64, commit=00000000, modified=0, pid=1932',
    ],
    ['a notice', '1932:M 23 Nov 2026 02:51:06.314 * Ready to accept connections'],
    ['systemd at work', 'Started redis-server.service - Advanced key-value store.'],
  ])('does not have %s', (_, line) => {
    expect(logFact.parse(`\n${line}\n`)).toEqual([]);
  });

  it('is the last twenty, newest last', () => {
    const lines = Array.from({ length: 5000 }, (_, n) => at('#', `warning ${n}`));
    const kept = logFact.parse(lines.join('\n'));
    expect(kept).toHaveLength(20);
    expect(kept.at(-1)).toBe(at('#', 'warning 4999'));
  });

  it('shows who asked for a role', () => {
    const line = at('*', "MASTER MODE enabled (user request from 'id=7 addr=10.0.0.9:41022 name= user=default')");
    expect(logFact.parse(line)).toEqual([line]);
  });

  it('is cut if a line has no end', () => {
    expect(logFact.parse(at('#', 'x'.repeat(10_000)))[0]).toHaveLength(400);
  });

  it.each([
    ">>> 'requirepass a canary'",
    `>>> 'masterauth "canary'`,
    ">>> 'REQUIREPASS canary b'",
    ">>> 'tls-key-file-pass canary x'",
    ">>> 'user default on >canary ~* foo'",
    ">>> 'sentinel auth-pass mymaster canary'",
  ])('has no password, wherever Redis repeats it: %s', (line) => {
    expect(logFact.parse(line)).toHaveLength(1);
    expect(logFact.parse(line).join('\n')).not.toContain('canary');
  });
});
