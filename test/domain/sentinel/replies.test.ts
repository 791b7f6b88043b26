import { describe, expect, it } from 'vitest';
import { mastersIn, peersIn, quorumCheckIn, replicasIn } from '../../../src/domain/sentinel/replies.ts';

const MASTER = [
  ['name', 'redis', 'ip', '10.0.0.123', 'port', '6379', 'flags', 's_down,master,disconnected', 'config-epoch', '3'],
  ['num-slaves', '2', 'quorum', '2', 'failover-timeout', '60000', 'parallel-syncs', '1'],
  ['down-after-milliseconds', '5000'],
].flat();

describe('replies of Sentinel', () => {
  it('name its master', () => {
    const [master] = mastersIn([MASTER]);
    expect(master).toMatchObject({
      name: 'redis',
      host: '10.0.0.123',
      port: 6379,
      quorum: 2,
      downAfterMs: 5000,
      configEpoch: 3,
    });
    expect([...(master?.flags ?? [])]).toEqual(['s_down', 'master', 'disconnected']);
  });

  it('list replicas and peers', () => {
    const replica = [
      'ip',
      '10.0.0.124',
      'port',
      '6379',
      'flags',
      'slave',
      'slave-priority',
      '0',
      'master-link-status',
      'ok',
    ];
    expect(replicasIn([replica])).toMatchObject([{ host: '10.0.0.124', priority: 0, linkUp: true }]);
    const peer = ['ip', '10.0.0.125', 'port', '0', 'runid', 'f00', 'flags', 'sentinel'];
    expect(peersIn([peer])).toMatchObject([{ host: '10.0.0.125', port: 0, id: 'f00' }]);
  });

  it.each([
    ['OK 3 usable Sentinels. Quorum and failover authorization can be reached', true],
    ['Redis on redis-01 answered SENTINEL: NOQUORUM 1 usable Sentinels.', false],
    ['ERR No such master with that name', false],
  ])('%s', (said, ok) => {
    expect(quorumCheckIn(said).ok).toBe(ok);
    expect(quorumCheckIn(said).said).not.toContain('answered SENTINEL');
  });

  it('hold nothing that a terminal obeys', () => {
    const [master] = mastersIn([[...MASTER, 'name', 'x\u001B[2J\u202Ey']]);
    expect(master?.name).toBe('x [2J y');
    expect(quorumCheckIn('NOQUORUM \u001B]0;x\u0007').said).not.toContain('\u001B');
  });

  it.each([null, 'OK', [['name']], [[1, 2]], [['name', 'x']], [[...MASTER, 'port', 'no number']]])(
    'refuse %j',
    (reply) => {
      expect(() => mastersIn(reply)).toThrow(expect.objectContaining({ code: 'REDIS_ERROR' }));
    },
  );
});
