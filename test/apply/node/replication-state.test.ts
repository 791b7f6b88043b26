import { describe, expect, it } from 'vitest';
import { parseState } from '../../../src/apply/node/replication-state.ts';
import { info } from '../fake-nodes.ts';

describe('parseState', () => {
  it('reads a master', () => {
    const text = info({
      process_id: 42,
      loading: 0,
      role: 'master',
      slave0: 'ip=10.0.0.124,port=6379,state=wait_bgsave,offset=0,lag=0',
      slave1: 'ip=10.0.0.125,port=6380,state=online,offset=14,lag=1',
      slave_priority: 100,
      master_replid: 'a',
      master_replid2: 'b',
      master_repl_offset: 14,
      second_repl_offset: 7,
      db0: 'keys=12,expires=0,avg_ttl=0',
      db15: 'keys=3,expires=0,avg_ttl=0',
    });
    expect(parseState(`# Server\r\n${text}`, '')).toMatchObject({
      processId: 42,
      role: 'master',
      keys: 15,
      loading: false,
      offset: 14,
      secondOffset: 7,
      link: null,
      replicas: [
        { address: '10.0.0.124', port: 6379, state: 'wait_bgsave' },
        { address: '10.0.0.125', port: 6380, state: 'online' },
      ],
    });
  });

  it('reads a replica in the middle of a full synchronisation', () => {
    const text = info({
      loading: 1,
      loading_loaded_bytes: 10,
      loading_total_bytes: 30,
      role: 'slave',
      master_host: '10.0.0.123',
      master_port: 6379,
      master_link_status: 'down',
      master_last_io_seconds_ago: -1,
      master_sync_in_progress: 1,
      slave_repl_offset: 5,
      master_repl_offset: 900,
      master_sync_total_bytes: 0,
      master_sync_read_bytes: 2048,
      master_sync_last_io_seconds_ago: 1,
    });
    expect(parseState(text, 'sync')).toMatchObject({
      role: 'replica',
      loading: true,
      loadedBytes: 10,
      loadTotalBytes: 30,
      offset: 5,
      link: {
        master: { host: '10.0.0.123', port: 6379 },
        up: false,
        word: 'sync',
        syncInProgress: true,
        syncReadBytes: 2048,
        syncTotalBytes: 0,
        syncLastIoSeconds: 1,
      },
    });
  });
});
