import { Redis } from 'ioredis';
import type { Lab } from '../lab/hosts.ts';
import { checkout } from '../src/adapters/disk/checkout.ts';
import { sshNodes } from '../src/adapters/ssh/ssh.ts';
import { readDesired } from '../src/desired/questions.ts';
import { verify } from '../src/verify/verify.ts';
import type { Repository } from './repository.ts';

/** Checks, outside the measured time, that the work was really done: the same for all. */
export interface Referee {
  /** @throws Error unless the three are a healthy cluster, proven by a write. */
  expectHealthy(): Promise<void>;
  /** @throws Error unless every node runs with that value. */
  expectRunning(directive: string, value: string): Promise<void>;
  close(): Promise<void>;
}

export function referee(repository: Repository, lab: Lab): Referee {
  const nodes = sshNodes({ user: lab.sshUser, privateKeyFile: lab.keyFile, knownHostsFile: lab.knownHostsFile });
  return {
    async expectHealthy() {
      const { verdict, reasons } = await verify(await readDesired(checkout(repository.path), {}), nodes);
      if (verdict === 'healthy') return;
      throw new Error(`The cluster is ${verdict}: ${reasons.map(({ message }) => message).join('; ')}`);
    },
    async expectRunning(directive, value) {
      for (const { name, address } of lab.hosts) {
        const running = await runningValue(directive, address, repository.password);
        if (running !== value) throw new Error(`${name} runs with ${directive} ${running}, not ${value}.`);
      }
    },
    close: () => nodes.close(),
  };
}

async function runningValue(directive: string, host: string, password: string): Promise<string> {
  const redis = new Redis({ host, port: 6379, password, lazyConnect: true, retryStrategy: () => null });
  try {
    const reply: unknown = await redis.config('GET', directive);
    return Array.isArray(reply) ? String(reply[1]) : '';
  } finally {
    redis.disconnect();
  }
}
