import { expect, it } from 'vitest';
import type { Action } from '../../src/domain/action.ts';
import { measureOutage } from '../../src/operation/measure-outage.ts';
import { desiredCluster, fakeNodes, info, TEXT } from '../apply/fake-nodes.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { RedisReply } from '../../src/ports/nodes.ts';
import { fakeClock } from '../fake-clock.ts';

const desired = desiredCluster(['redis-01', 'redis-02']);
const handOver: Action = {
  ...TEXT,
  kind: 'hand-over',
  node: 'redis-01',
  to: { name: 'redis-02', host: '10.0.0.2', port: 6379 },
};

/** Each sleep gives the others their turn. */
function turningClock(): Clock {
  const clock = fakeClock();
  return {
    ...clock,
    async sleep(milliseconds, stop) {
      await clock.sleep(milliseconds, stop);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
  };
}

/** @param roles What ROLE answers, look by look; `down` for no answer. The last one stays. */
async function measured(roles: readonly string[], heldBackMs?: number) {
  const left = [...roles];
  const clock = turningClock();
  const answers = (_: string, [command]: readonly string[]): RedisReply => {
    if (command !== 'ROLE') return command === 'INFO' ? info({}) : 0;
    const role = (left.length > 1 ? left.shift() : left[0]) ?? '';
    if (role === 'down') throw new Error('refused');
    return [role];
  };
  const meter = measureOutage(desired.nodes[0], desired, {
    nodes: fakeNodes(() => ({ status: 0, stdout: '', stderr: '' }), answers),
    clock,
  });
  const place = { step: 1, of: 1, action: handOver };
  meter.see({ kind: 'step-started', ...place });
  if (heldBackMs !== undefined) meter.see({ kind: 'step-progress', ...place, progress: { message: '', heldBackMs } });
  while (left.length > 1) await clock.sleep(0);
  // The probe has its last answer by then.
  for (let turn = 0; turn < 5; turn += 1) await clock.sleep(0);
  return meter.end();
}

it('lasts from the last answer of a master to the next one', async () => {
  expect(await measured(['master', 'slave', 'down', 'slave', 'master'], 12)).toEqual({ following: 12, fixed: 40 });
});

it('is everybody’s where no other node took the role over', async () => {
  expect(await measured(['master', 'down', 'master'])).toEqual({ following: 20, fixed: 20 });
});

it('has no end where the role stays elsewhere', async () => {
  expect(await measured(['master', 'slave'], 12)).toEqual({ following: 12, fixed: null });
});

it('is not measured where nothing touches the master', async () => {
  const nodes = fakeNodes(() => ({ status: 0, stdout: '', stderr: '' }));
  expect(await measureOutage(desired.nodes[0], desired, { nodes, clock: fakeClock() }).end()).toBeNull();
});
