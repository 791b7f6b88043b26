import { expect, it } from 'vitest';
import { Info } from '../../src/domain/replication/info.ts';
import { attachedReplicas } from '../../src/domain/replication/view.ts';
import { writeRate } from '../../src/observed/write-rate.ts';

const ONLINE = 'slave0:ip=10.0.0.124,port=6379,state=online,offset=0,lag=1';
const SYNCING = 'slave0:ip=10.0.0.124,port=6379,state=send_bulk,offset=0,lag=1';

function rate(replica: string, sent: number, input: number, offset = 0, total = 0): number {
  const info = new Info(
    `${replica}\ninstantaneous_output_repl_kbps:${sent}\ninstantaneous_input_kbps:${input}\nmaster_repl_offset:${offset}\ntotal_net_repl_output_bytes:${total}\nuptime_in_seconds:10\n`,
  );
  return writeRate(info, attachedReplicas(info));
}

it.each([
  ['is what one replica is sent now', rate(ONLINE, 2, 99), 2048],
  ['is shared by two', rate(`${ONLINE}\n${ONLINE.replace('slave0', 'slave1')}`, 2, 99), 1024],
  ['is what clients send while a replica takes up all data', rate(SYNCING, 5000, 3), 3072],
  ['is what clients send where there is no replica', rate('', 0, 3), 3072],
  ['is the mean where that is more', rate(ONLINE, 0, 0, 50_000, 60_000), 5000],
  ['is not taken from synchronizations', rate(ONLINE, 0, 0, 50_000, 9_000_000), 5000],
  ['is not taken from an inherited offset', rate(ONLINE, 0, 0, 9_000_000, 50_000), 5000],
])('what replicas have to be sent %s', (_, found, expected) => {
  expect(found).toBe(expected);
});
