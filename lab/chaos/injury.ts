import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { onHost } from '../hosts.ts';
import { cutNetwork, restoreNetwork } from '../network.ts';
import type { Random } from './random.ts';

/** What happens to whom while a change is carried out. */
export interface Injury {
  name: string;
  inflict(worker: ChildProcess): Promise<void>;
}

export const NO_INJURY: Injury = { name: 'nothing', inflict: () => Promise.resolve() };

const HOSTS = ['redis-01', 'redis-02', 'redis-03'] as const;
/** Longer than writes are ever held back. */
const STOPPED_MS = 6000;
const CUT_MS = 4000;

/** One injury, chosen by chance that can be repeated. */
export function anyInjury(random: Random): Injury {
  const host = random.oneOf(HOSTS);
  return random.oneOf<Injury>([
    NO_INJURY,
    killWorker(),
    killWorker(),
    killWorker(),
    stopWorker(),
    {
      name: `network of ${host} cut for ${CUT_MS / 1000} s`,
      async inflict() {
        await cutNetwork(host);
        await delay(CUT_MS);
        await restoreNetwork(host);
      },
    },
    { name: `sshd of ${host} restarted`, inflict: () => run(host, 'systemctl restart ssh') },
    {
      // Not the master’s: what it had acknowledged and not yet sent is lost by Redis itself.
      name: `Redis of ${host} killed, if it is a replica`,
      inflict: () =>
        run(host, 'grep -q "^replicaof" /etc/redis/redis.conf && systemctl kill --signal=KILL redis-server; true'),
    },
  ]);
}

function killWorker(): Injury {
  return {
    name: 'worker killed',
    inflict(worker) {
      worker.kill('SIGKILL');
      return Promise.resolve();
    },
  };
}

function stopWorker(): Injury {
  return {
    name: `worker stopped for ${STOPPED_MS / 1000} s`,
    async inflict(worker) {
      worker.kill('SIGSTOP');
      await delay(STOPPED_MS);
      worker.kill('SIGCONT');
    },
  };
}

async function run(host: string, script: string): Promise<void> {
  await onHost(host, script);
}
