import type { CommandPorts } from '../src/chat/command.ts';
import { sharedReads } from '../src/chat/shared-reads.ts';
import type { DriftRecord } from '../src/domain/drift/drift-record.ts';
import type { Lock } from '../src/domain/run/lock.ts';
import type { Report } from '../src/domain/report.ts';
import {
  isFinal,
  type ApprovalRequest,
  type AuditEntry,
  type RunRecord,
  type RunResult,
} from '../src/domain/run/run.ts';
import { RedisopsError } from '../src/domain/error.ts';
import { exampleRepository } from '../lab/example-repository.ts';
import { clusterDirectory } from '../src/run/repositories/cluster-directory.ts';
import type { RunPorts } from '../src/run/ports.ts';
import type { ReconcilePorts } from '../src/run/branch/reconcile.ts';
import { quietLog } from './adapters/quiet-log.ts';
import type { Chat } from '../src/ports/chat.ts';
import type { Commits, ConfigSource, Deployments, GitHub, PullRequests } from '../src/ports/git.ts';
import type { Click } from '../src/domain/chat/click.ts';
import type { MessageReference } from '../src/domain/chat/message.ts';
import type { QueuedJob } from '../src/domain/run/job.ts';
import type { Store } from '../src/ports/store.ts';

export const NOW = new Date('2025-11-23T12:00:00Z');
export const CHANNEL = 'C0OPS';

/** What happened outside. */
export interface Outside {
  jobs: QueuedJob[];
  audited: AuditEntry[];
  runs: Map<string, RunRecord>;
  /** What the store was told of ends, and what everybody else was. */
  ended: RunResult[];
  finished: RunResult[];
  said: {
    how: 'post' | 'edit' | 'reply' | 'attach' | 'whisper';
    where: string;
    report: Report | null;
    buttons?: readonly Click[];
  }[];
  /** By cluster. */
  drifts: Map<string, DriftRecord>;
  locks: Map<string, Lock>;
  /** By repository and branch. */
  settled: Map<string, string>;
  /** Which repository has which cluster. */
  owners: Map<string, string>;
  groups: Record<string, readonly string[] | Error>;
  log: ReturnType<typeof quietLog>;
}

export interface Given {
  /** Of `redisops.yml`, below the cluster. */
  policy?: readonly string[];
  files?: Readonly<Record<string, string>>;
  ports?: Partial<CommandPorts>;
  chat?: Partial<Chat>;
  store?: Partial<Store>;
}

type TestPorts = CommandPorts & Pick<ReconcilePorts, 'repository' | 'takenBy'> & { outside: Outside };

/** Ports in memory, of the one repository acme/infra. No node answers. */
export function portsOf({ policy, files, ports, chat, store }: Given = {}): TestPorts {
  const outside: Outside = {
    jobs: [],
    audited: [],
    runs: new Map(),
    ended: [],
    finished: [],
    said: [],
    drifts: new Map(),
    locks: new Map(),
    settled: new Map(),
    owners: new Map(),
    groups: {},
    log: quietLog(),
  };
  const tree = {
    ...exampleRepository({ password: 'canary', replication: true }),
    ...(policy ? { 'redisops.yml': ['clusters:', '  redis:', ...policy.map((line) => `    ${line}`)].join('\n') } : {}),
    ...files,
  };
  const all: RunPorts & Pick<CommandPorts, 'reads'> & { outside: Outside } = {
    outside,
    nodes: {
      connect: ({ name }) =>
        Promise.reject(new RedisopsError('SSH_UNREACHABLE', `${name} is not there`, { hint: 'start it' })),
      close: () => Promise.resolve(),
    },
    clock: { now: () => NOW },
    store: { ...memoryStore(outside), ...store },
    chat: { ...memoryChat(outside), ...chat },
    gitHub: null,
    reads: sharedReads(2),
    log: outside.log,
    queue: {
      async enqueue(job) {
        if (!outside.jobs.some(({ id }) => id === job.id)) outside.jobs.push(job);
      },
      stateOf: async ({ id }) => (outside.jobs.some((job) => job.id === id) ? 'live' : 'absent'),
    },
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

/** GitHub, as far as a test needs it. */
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

function memoryStore(outside: Outside): Store {
  const { runs, audited, ended, drifts, locks } = outside;
  const approvals = new Map<string, ApprovalRequest>();
  const decisions = new Map<string, { by: string; decision: 'approved' | 'denied'; at: string }>();
  const threads = new Map<string, MessageReference>();
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    async createRun(run, what) {
      await later();
      if (runs.has(run.run)) return false;
      runs.set(run.run, run);
      const { requestedAt: at, origin, cluster, code, status } = run;
      audited.push({ at, origin, cluster, what, outcome: code ?? status, run: run.run });
      return true;
    },
    async updateRun(run, change) {
      const record = runs.get(run);
      if (record) runs.set(run, { ...record, ...change });
    },
    async stopRun(run, stop) {
      const record = runs.get(run);
      if (!record) return 'unknown';
      if (record.stop) return 'asked-before';
      if (isFinal(record.status)) return 'ended';
      runs.set(run, { ...record, stop });
      return 'asked';
    },
    run: async (run) => runs.get(run) ?? null,
    runs: async (cluster, limit) => [...runs.values()].filter((run) => run.cluster === cluster).slice(0, limit),
    history: async (cluster, limit) => ({
      runs: [...runs.values()].filter((run) => run.cluster === cluster).slice(0, limit),
      unreadable: [],
    }),
    async finishRun(result) {
      ended.push(result);
      return true;
    },
    told: async () => undefined,
    settledCommit: async (branch) => outside.settled.get(branch) ?? null,
    async settleCommit(branch, from, to) {
      if ((outside.settled.get(branch) ?? null) !== from) return false;
      outside.settled.set(branch, to);
      return true;
    },
    clusterOwners: async () => outside.owners,
    async claimCluster(cluster, repository, from) {
      const owner = outside.owners.get(cluster);
      if (owner !== undefined && owner !== from) return owner;
      outside.owners.set(cluster, repository);
      return repository;
    },
    untold: async () => [],
    rememberThread: async (run, message) => void threads.set(run, message),
    threadOf: async (run) => threads.get(run) ?? null,
    async openApproval(request) {
      approvals.set(request.id, request);
      return true;
    },
    approval: async (id) => approvals.get(id) ?? null,
    async spendApproval({ approval: id, digest, decision }, by) {
      await later();
      const request = approvals.get(id);
      if (!request) return 'unknown';
      if (decisions.has(id)) return 'already-spent';
      if (Date.parse(request.expiresAt) <= NOW.getTime()) return 'expired';
      if (request.plan.digest !== digest) return 'stale';
      decisions.set(id, { by, decision, at: NOW.toISOString() });
      return 'spent';
    },
    expireApproval: async () => 'waiting',
    decisionOn: async (id) => decisions.get(id) ?? null,
    recordStep: async () => undefined,
    journal: async () => [],
    drift: async (cluster) => drifts.get(cluster) ?? null,
    async changeDrift(cluster, change) {
      // The first change is the whole.
      drifts.set(cluster, { ...(drifts.get(cluster) as DriftRecord), ...change });
    },
    takeDriftTurn: async () => ({ token: 't', first: false }),
    endDriftTurn: async () => undefined,
    async lock(cluster, { by, reason, forMs }) {
      const held = locks.get(cluster);
      if (held && held.by.actor !== by.actor) return false;
      const until = forMs === null ? null : new Date(NOW.getTime() + forMs).toISOString();
      locks.set(cluster, { by, reason, at: NOW.toISOString(), until });
      return true;
    },
    lockOn: async (cluster) => locks.get(cluster) ?? null,
    async unlock(cluster) {
      const lock = locks.get(cluster) ?? null;
      locks.delete(cluster);
      return lock;
    },
    audit: async (entry) => void audited.push(entry),
    auditTrail: async (limit) => audited.slice(0, limit),
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
