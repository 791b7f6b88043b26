import type { Lab } from '../lab/hosts.ts';
import { checkout } from '../src/adapters/disk/checkout.ts';
import { sshNodes } from '../src/adapters/ssh/ssh.ts';
import { judge } from '../src/diagnose/judge.ts';
import type { Plan } from '../src/domain/plan.ts';
import { execute, propose } from '../src/operation.ts';
import { look } from '../src/operation/look.ts';
import { blockKit } from '../src/report/slack/block-kit.ts';
import { statusReport } from '../src/report/cluster/status-report.ts';
import type { Contender } from './contender.ts';
import type { Repository } from './repository.ts';
import { realClock } from '../src/time/real-clock.ts';

/** redisops as its bot works: one process, kept SSH connections. Without queue, Slack and GitHub. */
export function bot(repository: Repository, lab: Lab): Contender {
  const source = checkout(repository.path);
  const nodes = sshNodes({ user: lab.sshUser, privateKeyFile: lab.keyFile, knownHostsFile: lab.knownHostsFile });
  const ports = { nodes, clock: realClock };

  const status = async (): Promise<void> => {
    const { desired, observed } = await look(source, undefined, ports);
    const judgement = judge(desired, observed);
    blockKit(statusReport(desired, observed, judgement));
    if (judgement.verdict !== 'healthy') throw new Error(`The cluster is ${judgement.verdict}.`);
  };
  const executePlan = (plan: Plan) => {
    const run = { id: 'bench', holder: 'bench', emit: () => {}, record: () => Promise.resolve(), journal: [] };
    return execute(plan, source, run, ports);
  };
  return {
    name: 'bot',
    async prime() {
      await look(source, undefined, ports);
    },
    status,
    async apply() {
      const { plan } = await propose({ kind: 'converge' }, source, undefined, ports);
      const { outcome, message } = (await executePlan(plan)).result;
      if (outcome === 'done') return 'changed';
      if (outcome === 'nothing-to-do') return 'unchanged';
      throw new Error(`redisops: ${outcome}: ${message}`);
    },
    close: () => nodes.close(),
  };
}
