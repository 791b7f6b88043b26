import { HASH_SCRIPT, MANIFEST_SCRIPT } from '../../../src/apply/purge/script.ts';
import { deleteAside } from '../../../src/apply/purge/delete-aside.ts';
import { moveAside } from '../../../src/apply/purge/move-aside.ts';
import type { DeleteAside, MoveAside } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { DONE, HEALTHY, TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';
import type { CommandResult } from '../../../src/ports/nodes.ts';

const NAMES = ['redis-01', 'redis-02'];
const FILE = { path: 'dump.rdb', bytes: 900, modified: '1764770000.25', holdsData: true };
export const FOLDER = 'quarantine-redisops-0123456789ab';
const place = { node: 'redis-01', directory: '/data/redis', ...TEXT };
const MOVE: MoveAside = { ...place, kind: 'move-aside', folder: FOLDER, files: [FILE] };
const DELETE: DeleteAside = {
  ...place,
  kind: 'delete-aside',
  folders: [FOLDER],
  files: [{ ...FILE, aside: `${FOLDER}/dump.rdb` }],
};
const MANIFEST = JSON.stringify({ version: 1, node: 'redis-01', keys: 100, files: [] });
export const NOTHING_CONFIGURED = [
  'save',
  '',
  'dbfilename',
  'dump.rdb',
  'appendonly',
  'no',
  'appenddirname',
  'appendonlydir',
];
const MASTER = { role: 'master', used_memory: 1_000_000, master_replid: 'a', db0: 'keys=100,expires=0' };
const REPLICA = {
  ...MASTER,
  role: 'slave',
  master_host: '10.0.0.1',
  master_port: 6379,
  master_link_status: 'up',
  master_sync_in_progress: 0,
};

export interface Given {
  of?: string;
  first?: Readonly<Record<string, string | number>>;
  second?: Readonly<Record<string, string | number>>;
  configuration?: readonly string[];
  verdict?: 'degraded';
  manifest?: string;
  runs?: Partial<Record<string, CommandResult>>;
}

/** Runs one step; returns its result, and the scripts with their input. */
export async function runPurgeStep(
  kind: 'move' | 'delete',
  {
    of = 'redis-01',
    first = {},
    second = {},
    configuration = NOTHING_CONFIGURED,
    verdict,
    manifest = MANIFEST,
    runs = {},
  }: Given = {},
) {
  const scripts: { script: string; input: unknown; parameters: readonly string[] }[] = [];
  const nodes = fakeNodes(
    (_, script, { parameters = [], input }) => {
      scripts.push({ script, input, parameters: parameters.slice(2) });
      if (runs[script]) return runs[script];
      if (script === MANIFEST_SCRIPT.text) return { ...DONE, stdout: `${manifest}\0` };
      return script === HASH_SCRIPT.text ? { ...DONE, stdout: `${'a'.repeat(64)}\n` } : DONE;
    },
    (node, [command]) => {
      if (command === 'CONFIG') return configuration;
      if (command === 'ROLE') return node === 'redis-01' ? ['master'] : ['slave', '', 0, 'connected', 0];
      return info(node === 'redis-01' ? { ...MASTER, ...first } : { ...REPLICA, ...second });
    },
  );
  const step = await fakeStep(of, desiredCluster(NAMES), nodes);
  const verified = { ...step, verify: () => Promise.resolve(verdict ? { ...HEALTHY, verdict } : HEALTHY) };
  const end = await (
    kind === 'move' ? moveAside({ ...MOVE, node: of }, verified) : deleteAside({ ...DELETE, node: of }, verified)
  ).catch((thrown: unknown) => asRedisopsError(thrown).code);
  return { end, scripts };
}
