import { describe, expect, it } from 'vitest';
import { sentinelHostIn } from '../../../src/observed/sentinel/sentinel-host.ts';
import { Secret } from '../../../src/domain/secret.ts';

const PLACE = { unit: 'redis-sentinel.service', path: '/etc/redis/sentinel.conf' };
const CONTENT = 'port 26379\nsentinel monitor redis 10.0.0.123 6379 2\nsentinel auth-pass redis canary-1\n';

/** As the script prints on a host of the lab. */
const PRINTED = [
  'LoadState=loaded',
  'ActiveState=active',
  'UnitFileState=enabled',
  'MainPID=4711',
  'ping 0 10.0.0.124 26379 +PONG',
  'ping 0 10.0.0.125 26379 -DENIED Redis is running in protected mode',
  'ping 1 10.0.0.126 26379 ',
  'ping 124 10.0.0.127 26379 ',
  'ping 0 10.0.0.128 26379 -NOAUTH Authentication required.',
  'ping 0 10.0.0.129 26379 SSH-2.0-OpenSSH_9.2p1',
  'stat redis redis 640',
  'writable no',
  `content ${Buffer.from(CONTENT).toString('base64')}`,
  '',
].join('\n');

describe('the host of a Sentinel', () => {
  const read = sentinelHostIn(PRINTED, PLACE, [new Secret('canary-1')]);

  it('has a unit, a file and its settings', () => {
    expect(read.unit).toMatchObject({ activeState: 'active', unitFileState: 'enabled', mainPid: 4711 });
    expect(read.file).toMatchObject({
      stat: { owner: 'redis', group: 'redis', mode: '640' },
      writable: false,
      isPackaged: false,
    });
    expect(read.file.content?.monitors).toEqual([{ master: 'redis', host: '10.0.0.123', port: 6379, quorum: 2 }]);
    expect(JSON.stringify(read)).not.toContain('canary-1');
  });

  it('says what every other Sentinel answered it', () => {
    expect(read.pings.map(({ host, answer }) => `${host} ${answer}`)).toEqual([
      '10.0.0.124 answered',
      '10.0.0.125 denied',
      '10.0.0.126 refused',
      '10.0.0.127 silent',
      '10.0.0.128 answered',
      '10.0.0.129 other',
    ]);
  });

  it('may have no unit, and no file', () => {
    const bare = sentinelHostIn('LoadState=not-found\nActiveState=inactive\nUnitFileState=\nMainPID=0\n', PLACE, []);
    expect(bare).toMatchObject({
      unit: { loadState: 'not-found', mainPid: 0 },
      file: { stat: null, content: null, writable: 'unknown' },
      pings: [],
    });
  });

  it('said nothing at all: that is no reading', () => {
    expect(() => sentinelHostIn('', PLACE, [])).toThrow();
  });
});
