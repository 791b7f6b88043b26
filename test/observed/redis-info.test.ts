import { describe, expect, it } from 'vitest';
import {
  infoNumber,
  infoText,
  parseInfo,
  parseKeyspace,
  parseMasterLink,
  parseReplicas,
  writeRate,
} from '../../src/observed/redis-info.ts';
import { MASTER, REPLICA, SYNCING, edited } from './info.ts';

describe('INFO', () => {
  it('is names and values', () => {
    const info = parseInfo('# Server\r\nredis_version:7.0.15\r\nexecutable:/a:b\r\nempty:\r\n\r\nno colon\r\n');
    expect([...info]).toEqual([
      ['redis_version', '7.0.15'],
      ['executable', '/a:b'],
      ['empty', ''],
    ]);
  });

  it('does not have what it does not say', () => {
    const info = parseInfo('loading:0\r\nused_memory:lots\r\n');
    expect(() => infoText(info, 'run_id')).toThrow('run_id');
    expect(() => infoNumber(info, 'used_memory')).toThrow('used_memory');
    expect(infoNumber(info, 'loading')).toBe(0);
  });
});

describe('replicas', () => {
  it('are those that the master lists', () => {
    expect(parseReplicas(parseInfo(MASTER))).toEqual([
      { address: '10.0.0.125', port: 6379, state: 'online', offset: 0, lagSeconds: 1 },
      { address: '10.0.0.124', port: 6379, state: 'online', offset: 0, lagSeconds: 1 },
    ]);
  });

  it('are not what only sounds so', () => {
    expect(parseReplicas(parseInfo(REPLICA))).toEqual([]);
  });

  it('may be waiting for the data', () => {
    const info = parseInfo('slave0:ip=10.0.0.124,port=6379,state=wait_bgsave,offset=0,lag=0\r\n');
    expect(parseReplicas(info)).toMatchObject([{ state: 'wait_bgsave', offset: 0 }]);
  });
});

describe('the keyspace', () => {
  it.each([
    ['', []],
    ['db0:keys=1,expires=0,avg_ttl=0', [[0, 1]]],
    [
      'db0:keys=10,expires=3,avg_ttl=5\r\ndb15:keys=7,expires=0,avg_ttl=0',
      [
        [0, 10],
        [15, 7],
      ],
    ],
    ['db_saved:9\r\nused_db0:keys=3', []],
  ])('%j', (text, keyspace) => {
    expect([...parseKeyspace(parseInfo(text))]).toEqual(keyspace);
  });
});

describe('a replica’s link', () => {
  it('is up', () => {
    expect(parseMasterLink(parseInfo(REPLICA), 'connected')).toEqual({
      host: '10.0.0.123',
      port: 6379,
      state: 'connected',
      up: true,
      lastIoSeconds: 1,
      syncInProgress: false,
    });
  });

  it('counts the bytes of a full synchronisation', () => {
    expect(parseMasterLink(parseInfo(edited(REPLICA, SYNCING)), 'sync')).toMatchObject({
      state: 'sync',
      up: false,
      syncInProgress: true,
      syncReadBytes: 3_145_728,
      syncTotalBytes: 104_857_600,
    });
  });

  it.each(['0', '-1'])('does not know the total of a diskless one: %s', (total) => {
    const info = parseInfo(edited(edited(REPLICA, SYNCING), [['total_bytes:104857600', `total_bytes:${total}`]]));
    const link = parseMasterLink(info, 'sync');
    expect(link.syncReadBytes).toBe(3_145_728);
    expect(link).not.toHaveProperty('syncTotalBytes');
  });

  it.each([
    ['connect', 'connect'],
    ['connecting', 'connecting'],
    ['handshake', 'handshake'],
    ['unknown', 'none'],
    ['', 'none'],
  ])('takes ROLE’s word: %j', (word, state) => {
    expect(parseMasterLink(parseInfo(REPLICA), word).state).toBe(state);
  });

  it('has never heard of its master', () => {
    const info = parseInfo(edited(REPLICA, [['seconds_ago:1', 'seconds_ago:-1']]));
    expect(parseMasterLink(info, 'connect').lastIoSeconds).toBe(-1);
  });
});

describe('what replicas have to be sent', () => {
  const ONLINE = 'slave0:ip=10.0.0.124,port=6379,state=online,offset=0,lag=1';
  const SYNCING = 'slave0:ip=10.0.0.124,port=6379,state=send_bulk,offset=0,lag=1';
  const rate = (replica: string, sent: number, input: number, offset = 0, total = 0) =>
    writeRate(
      parseInfo(
        `${replica}\ninstantaneous_output_repl_kbps:${sent}\ninstantaneous_input_kbps:${input}\nmaster_repl_offset:${offset}\ntotal_net_repl_output_bytes:${total}\nuptime_in_seconds:10\n`,
      ),
    );

  it.each([
    ['is what one replica is sent now', rate(ONLINE, 2, 99), 2048],
    ['is shared by two', rate(`${ONLINE}\n${ONLINE.replace('slave0', 'slave1')}`, 2, 99), 1024],
    ['is what clients send while a replica takes up all data', rate(SYNCING, 5000, 3), 3072],
    ['is what clients send where there is no replica', rate('', 0, 3), 3072],
    ['is the mean where that is more', rate(ONLINE, 0, 0, 50_000, 60_000), 5000],
    ['is not taken from synchronisations', rate(ONLINE, 0, 0, 50_000, 9_000_000), 5000],
    ['is not taken from an inherited offset', rate(ONLINE, 0, 0, 9_000_000, 50_000), 5000],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected);
  });
});
