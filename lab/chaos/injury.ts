import { setTimeout as delay } from 'node:timers/promises';
import { onHost, rebootHost } from '../hosts.ts';
import { cutNetwork, restoreNetwork, slowNetwork } from '../network.ts';
import type { Part, Product } from './product.ts';
import type { Random } from './random.ts';

/** What happens to whom while a change is carried out. Ends when all is whole again, but for what was lost by it. */
export interface Injury {
  name: string;
  inflict(product: Product): Promise<void>;
}

export const NO_INJURY: Injury = { name: 'nothing', inflict: () => Promise.resolve() };

const HOSTS = ['redis-01', 'redis-02', 'redis-03'] as const;
const PARTS: readonly Part[] = ['bot', 'worker 1', 'worker 2', 'the queue’s Redis'];
/** Longer than writes are ever held back, and than a job’s lock lives. */
const STOPPED_MS = 40_000;
const CUT_MS = 4000;
const SLOW_MS = 8000;
const SLOW_KBITS = 2000;
const FULL_MS = 6000;

export interface Choice {
  /** A part of its name. */
  only: string | null;
  /** Whether the nodes keep what they hold on disk: then a master may die, too. */
  persistent: boolean;
}

/** One injury, chosen by chance that can be repeated. */
export function anyInjury(random: Random, { only, persistent }: Choice): Injury {
  const host = random.oneOf(HOSTS);
  const part = random.oneOf(PARTS);
  const more = persistent ? [MASTER_KILLED] : [];
  if (only === null) return random.oneOf([...injuries(host, part), ...more]);
  const every = [...PARTS.flatMap((each) => injuries(host, each)), ...more];
  const all = every.filter(({ name }) => name.includes(only));
  if (all.length === 0) throw new Error(`no injury has “${only}” in its name`);
  return random.oneOf(all);
}

const MASTER_KILLED: Injury = {
  name: 'Redis of the master killed',
  async inflict(product) {
    for (const host of HOSTS) {
      if (await product.isReplica(host)) continue;
      product.masterDeaths.push(performance.now());
      await run(host, 'systemctl kill --signal=KILL redis-server');
      return;
    }
  },
};

function injuries(host: (typeof HOSTS)[number], part: Part): readonly Injury[] {
  return [
    NO_INJURY,
    { name: 'worker 1 killed', inflict: (product) => signal('worker 1', 'SIGKILL', product) },
    { name: 'worker 2 killed', inflict: (product) => signal('worker 2', 'SIGKILL', product) },
    {
      name: 'both workers killed',
      async inflict(product) {
        await signal('worker 1', 'SIGKILL', product);
        await signal('worker 2', 'SIGKILL', product);
      },
    },
    { name: 'bot killed', inflict: (product) => signal('bot', 'SIGKILL', product) },
    { name: 'the queue’s Redis killed', inflict: (product) => signal('the queue’s Redis', 'SIGKILL', product) },
    {
      name: `${part} stopped for ${STOPPED_MS / 1000} s`,
      async inflict(product) {
        const pid = await product.processOf(part);
        process.kill(pid, 'SIGSTOP');
        await delay(STOPPED_MS);
        process.kill(pid, 'SIGCONT');
      },
    },
    {
      name: `network of ${host} cut for ${CUT_MS / 1000} s`,
      async inflict() {
        await cutNetwork(host);
        await delay(CUT_MS);
        await restoreNetwork(host);
      },
    },
    {
      name: `network of ${host} slow for ${SLOW_MS / 1000} s`,
      async inflict() {
        await slowNetwork(host, SLOW_KBITS);
        await delay(SLOW_MS);
        await restoreNetwork(host);
      },
    },
    {
      name: `disk of ${host} full for ${FULL_MS / 1000} s`,
      async inflict() {
        await onHost(host, 'dd if=/dev/zero of=/data/redis/filler bs=1M 2>/dev/null; true');
        await delay(FULL_MS);
        await onHost(host, 'rm -f /data/redis/filler');
      },
    },
    { name: `sshd of ${host} restarted`, inflict: () => run(host, 'systemctl restart ssh') },
    {
      name: `Redis of ${host} killed, if it is a replica`,
      async inflict(product) {
        if (await product.holdReplica(host)) await run(host, 'systemctl kill --signal=KILL redis-server');
      },
    },
    {
      name: `${host} rebooted, if it is a replica`,
      async inflict(product) {
        if (await product.holdReplica(host)) await rebootHost(host);
      },
    },
  ];
}

async function signal(part: Part, name: NodeJS.Signals, product: Product): Promise<void> {
  process.kill(await product.processOf(part), name);
}

async function run(host: string, script: string): Promise<void> {
  await onHost(host, script);
}
