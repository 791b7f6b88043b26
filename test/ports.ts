import type { CommandPorts } from '../src/chat/command.ts';
import { sharedReads } from '../src/chat/shared-reads.ts';
import type { Report } from '../src/domain/report.ts';
import type { RunResult } from '../src/domain/run/run.ts';
import { RedisopsError } from '../src/domain/error.ts';
import { exampleRepository } from '../lab/example-repository.ts';
import { clusterDirectory } from '../src/run/repositories/cluster-directory.ts';
import type { RunPorts } from '../src/run/ports.ts';
import { retryAfter } from '../src/run/outbox/courier.ts';
import { deliver } from '../src/run/outbox/deliver.ts';
import type { ChangePorts } from '../src/run/branch/look-for-changes.ts';
import { memoryStore, nothingKept, type Kept } from './memory-store.ts';
import { quietLog } from './adapters/quiet-log.ts';
import type { AuditTrail } from '../src/ports/audit-trail.ts';
import type { Chat } from '../src/ports/chat.ts';
import type { Commits, ConfigSource, Deployments, GitHub, PullRequests } from '../src/ports/git.ts';
import type { Click } from '../src/domain/chat/click.ts';
import type { QueuedJob } from '../src/domain/run/job.ts';
import type { Store } from '../src/ports/store.ts';
import type { Clock } from '../src/ports/clock.ts';
import { realClock } from '../src/time/real-clock.ts';

export const NOW = new Date('2025-11-23T12:00:00Z');
const CLOCK: Clock = { ...realClock, now: () => NOW };
export const CHANNEL = 'C0OPS';

/** Nothing was audited on this machine. */
const NO_TRAIL: AuditTrail = {
  place: 'here:/state',
  append: () => Promise.reject(new Error('not expected')),
  ready: () => Promise.resolve(),
  examine: async () => ({ entries: [], head: null, problems: [] }),
};

/** Everything that happened outside. */
export interface Outside extends Kept {
  jobs: QueuedJob[];
  /** Ends reported to everyone except the store. */
  finished: RunResult[];
  said: {
    how: 'post' | 'edit' | 'reply' | 'attach' | 'whisper';
    where: string;
    report: Report | null;
    buttons?: readonly Click[];
  }[];
  groups: Record<string, readonly string[] | Error>;
  log: ReturnType<typeof quietLog>;
}

export interface Given {
  /** Lines of `redisops.yml` below the cluster. */
  policy?: readonly string[];
  files?: Readonly<Record<string, string>>;
  ports?: Partial<CommandPorts>;
  chat?: Partial<Chat>;
  store?: Partial<Store>;
}

type TestPorts = CommandPorts & Pick<ChangePorts, 'repository' | 'takenBy'> & { outside: Outside };

/** Ports in memory, for the repository acme/infra. No node answers. */
export function portsOf({ policy, files, ports, chat, store }: Given = {}): TestPorts {
  const outside: Outside = {
    ...nothingKept(),
    jobs: [],
    finished: [],
    said: [],
    groups: {},
    log: quietLog(),
  };
  const tree = {
    ...exampleRepository({ password: 'canary', replication: true }),
    ...(policy ? { 'redisops.yml': ['clusters:', '  redis:', ...policy.map((line) => `    ${line}`)].join('\n') } : {}),
    ...files,
  };
  const all: RunPorts & Pick<CommandPorts, 'reads' | 'trail'> & { outside: Outside } = {
    outside,
    nodes: {
      connect: ({ name }) =>
        Promise.reject(new RedisopsError('SSH_UNREACHABLE', `${name} is not there`, { hint: 'start it' })),
      close: () => Promise.resolve(),
    },
    clock: CLOCK,
    store: { ...memoryStore(outside, CLOCK), ...store },
    chat: { ...memoryChat(outside), ...chat },
    gitHub: null,
    reads: sharedReads(2),
    trail: NO_TRAIL,
    log: outside.log,
    queue: {
      async enqueue(job) {
        if (!outside.jobs.some(({ id }) => id === job.id)) outside.jobs.push(job);
      },
      jobState: async ({ id }) => (outside.jobs.some((job) => job.id === id) ? 'live' : 'absent'),
    },
    courier: { hint: () => deliverAll(all) },
    source: async () => sourceOf(tree),
    defaultChannel: CHANNEL,
    finished: (result) => void outside.finished.push(result),
    ...ports,
  };
  const { gitHub, log } = all;
  const source = (revision: string | null) => all.source(revision);
  const repository = { name: 'acme/infra', gitHub, source };
  const repositories = clusterDirectory([repository], { store: all.store, log });
  return { ...all, repository: repository.name, takenBy: async () => null, repositories, ...ports };
}

/** Says what is due, in place of the courier that runs beside the program. */
export async function deliverAll(ports: RunPorts): Promise<void> {
  for (;;) {
    const delivery = await ports.store.takeDelivery(30_000);
    if (!delivery) return;
    const all = await deliver(delivery, ports, new AbortController().signal);
    await ports.store.endDelivery(delivery, all ? null : retryAfter(delivery.tries));
  }
}

/** GitHub, as far as tests need it. */
export function fakeGitHub(
  given: { commits?: Partial<Commits>; pullRequests?: Partial<PullRequests>; deployments?: Deployments } = {},
): GitHub {
  const { commits = {}, pullRequests = {}, deployments = { report: async () => undefined } } = given;
  return {
    commits: commits as Commits,
    pullRequests: { say: async () => null, ...pullRequests } as PullRequests,
    deployments,
  };
}

/** A repository in memory. */
export function sourceOf(files: Readonly<Record<string, string>>, revision = 'a'.repeat(40)): ConfigSource {
  return {
    revision,
    read: async (path) => files[path] ?? null,
    list: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1))
        .filter((name) => !name.includes('/')),
  };
}

function memoryChat({ said, groups }: Outside): Chat {
  return {
    async post(channel, report, buttons) {
      said.push({ how: 'post', where: channel, report, ...(buttons ? { buttons } : {}) });
      return { channel, timestamp: '1.0' };
    },
    edit: async ({ timestamp }, report, buttons) =>
      void said.push({ how: 'edit', where: timestamp, report, ...(buttons ? { buttons } : {}) }),
    reply: async ({ timestamp }, report) => void said.push({ how: 'reply', where: timestamp, report }),
    permalink: async ({ channel, timestamp }) =>
      `https://acme.slack.com/archives/${channel}/p${timestamp.replace('.', '')}`,
    attach: async ({ timestamp }) => void said.push({ how: 'attach', where: timestamp, report: null }),
    whisper: async (_channel, user, report) => void said.push({ how: 'whisper', where: user, report }),
    async membersOf(group) {
      const members = groups[group] ?? [];
      if (members instanceof Error) throw members;
      return members;
    },
  };
}
