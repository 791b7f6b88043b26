import type { Action } from '../../src/domain/action.ts';
import type { DesiredCluster, DesiredNode } from '../../src/domain/desired.ts';
import { everyNode, identitiesOf } from '../../src/domain/known-nodes.ts';
import { RedisopsError } from '../../src/domain/error.ts';
import type { Progress } from '../../src/domain/run/event.ts';
import { DEFAULT_LIMITS } from '../../src/domain/limits.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { RedisConf } from '../../src/domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../src/domain/secret.ts';
import type { Verification } from '../../src/domain/verification.ts';
import type { Step } from '../../src/apply/node/step.ts';
import type {
  CommandOptions,
  CommandResult,
  NodeSession,
  Nodes,
  RedisLink,
  RedisReply,
} from '../../src/ports/nodes.ts';
import { fakeClock } from '../fake-clock.ts';

export type Runs = (node: string, script: string, options: CommandOptions) => Promise<CommandResult> | CommandResult;
export type Answers = (node: string, words: readonly string[]) => RedisReply;

export const DONE: CommandResult = { status: 0, stdout: 'changed\n', stderr: '' };

export function desiredCluster(names: readonly string[], conf = 'port 6379\n'): DesiredCluster {
  return {
    cluster: 'redis',
    revision: 'abc',
    replication: true,
    sentinel: false,
    nominatedMaster: names[0] ?? '',
    password: new Secret('canary'),
    nodes: names.map((name, index) => desiredNode(name, index, conf)),
    policy: { requesters: [], approvers: [], allowOwnApproval: false, approvalMinutes: 15 },
    limits: DEFAULT_LIMITS,
  };
}

function desiredNode(name: string, index: number, conf: string): DesiredNode {
  const file = { owner: 'redis', group: 'redis', mode: '640' };
  return {
    name,
    address: `10.0.0.${index + 1}`,
    sshPort: 22,
    redisPort: 6379,
    packageName: 'redis-server',
    unit: 'redis-server',
    dataDirectory: '/data/redis',
    directories: [],
    redisConf: {
      ...file,
      path: '/etc/redis/redis.conf',
      content: RedisConf.parse(new SensitiveText(conf, [new Secret('canary')])),
    },
    dropIn: {
      ...file,
      path: '/etc/systemd/system/redis-server.service.d/override.conf',
      content: new SensitiveText(''),
    },
  };
}

/** Nodes whose scripts and Redis are functions. A RedisopsError as an answer is thrown. */
export function fakeNodes(runs: Runs, answers: Answers = () => 'OK'): Nodes {
  const sessionOf = (node: NodeSession['node']): NodeSession => ({
    node,
    run: async (script, options = {}) => runs(node.name, script.text, options),
    stream: () => Promise.reject(new Error('not here')),
    hold: () => Promise.reject(new Error('not here')),
    talk: () => Promise.reject(new Error('not here')),
    redis: () => Promise.resolve(fakeLink(node.name, answers)),
  });
  return { connect: (node) => Promise.resolve(sessionOf(node)), close: () => Promise.resolve() };
}

export function fakeLink(node: string, answers: Answers): RedisLink {
  const plain = (word: string | Secret): string => (word instanceof Secret ? word.reveal() : word);
  return {
    command: async (name, ...parameters) => answers(node, [name, ...parameters.map(plain)]),
    transaction: async (commands) => {
      answers(node, ['MULTI']);
      const replies = commands.map((words) => answers(node, words));
      // Null: a watched key has changed or expired.
      return answers(node, ['EXEC']) === null ? [] : replies;
    },
    close: () => {},
  };
}

export async function fakeStep(
  name: string,
  desired: DesiredCluster,
  nodes: Nodes,
): Promise<Step & { told: Progress[] }> {
  const node = desired.nodes.find((each) => each.name === name);
  if (!node) throw new Error(`no node ${name}`);
  const told: Progress[] = [];
  return {
    node,
    desired,
    nodes,
    identities: identitiesOf(everyNode(desired.nodes, [])),
    session: await nodes.connect(node),
    clock: fakeClock(),
    stop: null,
    stopUntouched: null,
    disabledGuards: new Set(),
    progress: (progress) => told.push(progress),
    verify: () => Promise.resolve(HEALTHY),
    told,
  };
}

export function planOf(waves: readonly (readonly Action[])[], blockers: Plan['blockers'] = []): Plan {
  return {
    cluster: 'redis',
    revision: 'abc',
    goal: { kind: 'converge' },
    waves: waves.map((actions) => ({ actions })),
    blockers,
    risks: [],
    topology: { master: null, nodes: [] },
    digest: 'd',
  };
}

export function reload(node: string): Action {
  return { kind: 'daemon-reload', node, summary: 'Reload', disruptive: false, reason: '' };
}

export const TEXT = { summary: '', disruptive: false, reason: '' } as const;

export const HEALTHY: Verification = {
  verdict: 'healthy',
  reasons: [],
  master: null,
  key: null,
  acknowledged: 0,
  expected: 0,
  replicas: [],
};

/** Fields of every Redis, for one without data, saves, replicas or a link. */
const WHOLE = {
  run_id: 'r',
  process_id: 1,
  used_memory: 0,
  used_memory_dataset: 0,
  loading: 0,
  rdb_changes_since_last_save: 0,
  rdb_bgsave_in_progress: 0,
  rdb_last_save_time: 0,
  rdb_last_bgsave_status: 'ok',
  aof_rewrite_in_progress: 0,
  aof_rewrite_scheduled: 0,
  aof_last_bgrewrite_status: 'ok',
  aof_last_write_status: 'ok',
  role: 'master',
  master_failover_state: 'no-failover',
  master_replid: '0',
  master_replid2: '0',
  master_repl_offset: 0,
  second_repl_offset: -1,
  repl_backlog_histlen: 0,
};
const OF_REPLICA = {
  master_link_status: 'down',
  master_sync_in_progress: 0,
  slave_repl_offset: 0,
};

/** INFO of a node; missing fields have the minimum of a Redis. */
export function info(fields: Readonly<Record<string, string | number>>): string {
  const heard = { master_last_io_seconds_ago: fields['master_link_status'] === 'up' ? 0 : -1 };
  const all = { ...WHOLE, ...(fields['role'] === 'slave' ? { ...OF_REPLICA, ...heard } : {}), ...fields };
  const lines = Object.entries(all).map(([name, value]) => `${name}:${value}\r\n`);
  const isKeys = (line: string) => /^db\d/.test(line);
  return [...lines.filter((line) => !isKeys(line)), '# Keyspace\r\n', ...lines.filter(isKeys)].join('');
}

export function redisError(text: string): RedisopsError {
  return new RedisopsError('REDIS_ERROR', text, { hint: '' });
}
