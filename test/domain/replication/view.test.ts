import { describe, expect, it } from 'vitest';
import { Info } from '../../../src/domain/replication/info.ts';
import { attachedReplicas, linkState, masterLink, replicationView } from '../../../src/domain/replication/view.ts';
import { MASTER, REPLICA, SYNCING, edited } from './info-replies.ts';

const ROLE_OF_MASTER = ['master', 50, []];
const ROLE_OF_REPLICA = ['slave', '10.0.0.123', 6379, 'connected', 50];
const without = (text: string, name: string): string => text.replace(new RegExp(`^${name}:.*\\r\\n`, 'm'), '');

describe('a view of replication', () => {
  it('is of a master', () => {
    expect(replicationView(new Info(MASTER), ROLE_OF_MASTER)).toEqual({
      role: 'master',
      replicationId: '0e641ba78eb01f78914c2b11bd11babdfca415a6',
      replicationId2: '0'.repeat(40),
      offset: 50,
      secondOffset: -1,
      loading: false,
      master: null,
      replicas: [
        { address: '10.0.0.125', port: 6379, state: 'online', offset: 0, lagSeconds: 1 },
        { address: '10.0.0.124', port: 6379, state: 'online', offset: 0, lagSeconds: 1 },
      ],
    });
  });

  it('is of a replica in the middle of a full synchronization', () => {
    const text = edited(edited(REPLICA, SYNCING), [
      ['loading:0', 'loading:1'],
      ['slave_repl_offset:50', 'slave_repl_offset:5'],
    ]);
    expect(replicationView(new Info(text), ['slave', '10.0.0.123', 6379, 'sync', -1])).toMatchObject({
      role: 'replica',
      loading: true,
      offset: 5,
      master: { host: '10.0.0.123', port: 6379, state: 'sync', up: false, syncInProgress: true },
    });
  });

  it('is loading during an async load', () => {
    const text = edited(REPLICA, [['async_loading:0', 'async_loading:1']]);
    expect(replicationView(new Info(text), ROLE_OF_REPLICA).loading).toBe(true);
  });

  it('does without what Redis 6 does not say', () => {
    expect(replicationView(new Info(without(MASTER, 'async_loading')), ROLE_OF_MASTER).loading).toBe(false);
  });

  it('reads Valkey’s terms', () => {
    const text = REPLICA.replaceAll(/^master_(?!repl)/gm, 'primary_').replaceAll(/^slave_/gm, 'replica_');
    const valkey = edited(text, [['role:slave', 'role:replica']]);
    expect(replicationView(new Info(valkey), ['replica', '10.0.0.123', 6379, 'connected', 50])).toEqual(
      replicationView(new Info(REPLICA), ROLE_OF_REPLICA),
    );
  });

  it.each(['role', 'loading', 'master_replid', 'master_replid2', 'second_repl_offset', 'master_repl_offset'])(
    'is none of a master without %s',
    (name) => {
      expect(() => replicationView(new Info(without(MASTER, name)), ROLE_OF_MASTER)).toThrow(name);
    },
  );

  it.each(['master_host', 'master_port', 'master_link_status', 'master_sync_in_progress', 'slave_repl_offset'])(
    'is none of a replica without %s',
    (name) => {
      expect(() => replicationView(new Info(without(REPLICA, name)), ROLE_OF_REPLICA)).toThrow(name);
    },
  );
});

describe('replicas', () => {
  it('are not what only sounds so', () => {
    expect(attachedReplicas(new Info(REPLICA))).toEqual([]);
  });

  it.each([
    [
      'waiting for the data',
      'slave0:ip=10.0.0.124,port=6379,state=wait_bgsave,offset=0,lag=0',
      { address: '10.0.0.124', port: 6379, state: 'wait_bgsave', offset: 0, lagSeconds: 0 },
    ],
    [
      'on IPv6, with another port',
      'slave1:ip=fd00::2,port=6380,state=online,offset=14,lag=1',
      { address: 'fd00::2', port: 6380, state: 'online', offset: 14, lagSeconds: 1 },
    ],
    [
      'of a Valkey that names its replicas so',
      'replica0:ip=10.0.0.124,port=6379,state=online,offset=14,lag=1,type=replica',
      { address: '10.0.0.124', port: 6379, state: 'online', offset: 14, lagSeconds: 1 },
    ],
    [
      'of which it is not said how far they are',
      'slave0:ip=10.0.0.124,port=6379,state=online',
      { address: '10.0.0.124', port: 6379, state: 'online', offset: null, lagSeconds: null },
    ],
  ])('may be %s', (_, line, replica) => {
    expect(attachedReplicas(new Info(`${line}\r\n`))).toEqual([replica]);
  });

  it('are listed once while a snapshot is sent over a connection of its own', () => {
    const lines = ['main-channel', 'rdb-channel'].map(
      (type, index) => `slave${index}:ip=10.0.0.124,port=6379,state=bg_transfer,offset=0,lag=0,type=${type}\r\n`,
    );
    expect(attachedReplicas(new Info(lines.join('')))).toMatchObject([{ state: 'bg_transfer' }]);
  });

  it.each(['ip=,port=6379,state=online', 'ip=10.0.0.124,state=online', 'ip=10.0.0.124,port=6379'])(
    'are not read by halves: %s',
    (fields) => {
      expect(() => attachedReplicas(new Info(`slave0:${fields}\r\n`))).toThrow('slave0');
    },
  );
});

describe('a replica’s link', () => {
  it('is up', () => {
    expect(masterLink(new Info(REPLICA), 'connected')).toEqual({
      host: '10.0.0.123',
      port: 6379,
      state: 'connected',
      up: true,
      lastIoSeconds: 1,
      syncInProgress: false,
      syncReadBytes: null,
      syncTotalBytes: null,
      syncLastIoSeconds: null,
    });
  });

  it('counts the bytes of a full synchronization', () => {
    const text = edited(edited(REPLICA, SYNCING), [['master_sync_left', 'master_sync_last_io_seconds_ago:2\r\nleft']]);
    expect(masterLink(new Info(text), 'sync')).toMatchObject({
      state: 'sync',
      up: false,
      syncInProgress: true,
      syncReadBytes: 3_145_728,
      syncTotalBytes: 104_857_600,
      syncLastIoSeconds: 2,
    });
  });

  it.each(['0', '-1'])('does not know the total of a diskless one: %s', (total) => {
    const text = edited(edited(REPLICA, SYNCING), [['total_bytes:104857600', `total_bytes:${total}`]]);
    expect(masterLink(new Info(text), 'sync')).toMatchObject({ syncReadBytes: 3_145_728, syncTotalBytes: null });
  });

  it.each([
    ['-1', -1],
    ['0', 0],
  ])('was heard %s s ago', (seconds, lastIoSeconds) => {
    const info = new Info(edited(REPLICA, [['seconds_ago:1', `seconds_ago:${seconds}`]]));
    expect(masterLink(info, 'connect').lastIoSeconds).toBe(lastIoSeconds);
  });

  it('has an unknown last contact if INFO lacks it', () => {
    expect(masterLink(new Info(without(REPLICA, 'master_last_io_seconds_ago')), 'connect').lastIoSeconds).toBeNull();
  });

  it.each([
    [['slave', 'h', 1, 'connect', -1], 'connect'],
    [['slave', 'h', 1, 'connecting', -1], 'connecting'],
    [['slave', 'h', 1, 'handshake', -1], 'handshake'],
    [['slave', 'h', 1, 'none', -1], 'none'],
    [['slave', 'h', 1, 'what is new', -1], 'unknown'],
    [['slave'], 'unknown'],
    [['master', 50, []], 'unknown'],
  ])('has ROLE’s word: %j', (reply, state) => {
    expect(linkState(reply)).toBe(state);
  });

  it.each([[[]], [['sentinel', []]], ['master'], [null]])(
    'has none where ROLE is not that of a data node: %j',
    (reply) => {
      expect(() => linkState(reply)).toThrow(expect.objectContaining({ code: 'REDIS_ERROR' }));
    },
  );
});
