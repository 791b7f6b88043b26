import { it } from 'vitest';
import { resetHosts } from '../../lab/hosts.ts';
import { verify } from '../../src/verify/verify.ts';
import { CONVERGE, bringUp, openLabCluster, kindsOf, planFor, run } from './lab-cluster.ts';
it('tries', async () => {
  await resetHosts();
  const lab = await openLabCluster();
  const desired = await lab.asks();
  let t = performance.now();
  const plan = await planFor(CONVERGE, desired, lab.nodes);
  console.log('plan', performance.now() - t, kindsOf(plan), plan.blockers);
  t = performance.now();
  const r = await run(CONVERGE, desired, lab.nodes, {});
  console.log('apply', performance.now() - t, r.recap, r.failure);
  for (const e of r.events) if (e.kind === 'step-finished') console.log(e.action.node, e.action.kind, e.changed, e.durationMs);
   else if (e.kind === 'step-progress') console.log(e.action.node, JSON.stringify(e.progress));
  for (let i=0;i<5;i++) {
  t = performance.now();
  const v = await verify(desired, lab.nodes);
  console.log('verify', performance.now() - t, JSON.stringify(v));
  }
  const p2 = await planFor(CONVERGE, desired, lab.nodes);
  console.log('second', kindsOf(p2), p2.blockers, p2.risks);
  await lab.close();
});
