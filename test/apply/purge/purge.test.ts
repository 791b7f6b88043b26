import { describe, expect, it } from 'vitest';
import { DELETE_SCRIPT, HASH_SCRIPT, MANIFEST_SCRIPT, MOVE_SCRIPT } from '../../../src/apply/purge/script.ts';
import { deleteAside } from '../../../src/apply/purge/delete-aside.ts';
import { moveAside } from '../../../src/apply/purge/move-aside.ts';
import type { DeleteAside, MoveAside } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { DONE, HEALTHY, TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';
import type { CommandResult } from '../../../src/ports/nodes.ts';

const NAMES = ['redis-01', 'redis-02'];
const FILE = { path: 'dump.rdb', bytes: 900, modified: '1764770000.25', holdsData: true };
const FOLDER = 'quarantine-redisops-0123456789ab';
const place = { node: 'redis-01', directory: '/data/redis', ...TEXT };
const MOVE: MoveAside = { ...place, kind: 'move-aside', folder: FOLDER, files: [FILE] };
const DELETE: DeleteAside = {
  ...place,
  kind: 'delete-aside',
  folders: [FOLDER],
  files: [{ ...FILE, aside: `${FOLDER}/dump.rdb` }],
};
const MANIFEST = JSON.stringify({ version: 1, node: 'redis-01', keys: 100, files: [] });
const NOTHING_CONFIGURED = ['save', '', 'dbfilename', 'dump.rdb', 'appendonly', 'no', 'appenddirname', 'appendonlydir'];
const MASTER = { role: 'master', used_memory: 1_000_000, master_replid: 'a', db0: 'keys=100,expires=0' };
const REPLICA = {
  ...MASTER,
  role: 'slave',
  master_host: '10.0.0.1',
  master_port: 6379,
  master_link_status: 'up',
  master_sync_in_progress: 0,
};

interface Given {
  of?: string;
  first?: Readonly<Record<string, string | number>>;
  second?: Readonly<Record<string, string | number>>;
  configuration?: readonly string[];
  verdict?: 'degraded';
  manifest?: string;
  runs?: Partial<Record<string, CommandResult>>;
}

/** Carries one step out; answers its end, and which scripts ran with what input. */
async function carriedOut(
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
  const told = { ...step, verify: () => Promise.resolve(verdict ? { ...HEALTHY, verdict } : HEALTHY) };
  const end = await (
    kind === 'move' ? moveAside({ ...MOVE, node: of }, told) : deleteAside({ ...DELETE, node: of }, told)
  ).catch((thrown: unknown) => asRedisopsError(thrown).code);
  return { end, scripts };
}

describe('moving aside', () => {
  it('looks, hashes, and moves with a manifest', async () => {
    const { end, scripts } = await carriedOut('move');
    expect([end, scripts.map(({ script }) => script)]).toEqual([true, [HASH_SCRIPT.text, MOVE_SCRIPT.text]]);
    const [text = '', ...files] = String(scripts[1]?.input).split('\0');
    expect(JSON.parse(text)).toEqual({
      version: 1,
      node: 'redis-01',
      keys: 100,
      files: [{ path: 'dump.rdb', bytes: 900, modified: '1764770000.25', sha256: 'a'.repeat(64) }],
    });
    expect(files).toEqual(['dump.rdb', '900 1764770000.25', '']);
    expect(scripts[1]?.parameters).toEqual([FOLDER]);
  });

  const saves = ['save', '3600 1', ...NOTHING_CONFIGURED.slice(2)];
  it.each<readonly [string, Given, string]>([
    ['Redis uses the file by now', { configuration: saves }, 'STALE_PLAN'],
    ['Redis loads', { first: { loading: 1 } }, 'PURGE_NOT_NOW'],
    ['Redis saves', { first: { rdb_bgsave_in_progress: 1 } }, 'PURGE_NOT_NOW'],
    ['Redis rewrites its append-only file', { first: { aof_rewrite_in_progress: 1 } }, 'PURGE_NOT_NOW'],
    ['the master is empty', { first: { db0: 'keys=0,expires=0' } }, 'PURGE_LAST_COPY'],
    ['the snapshot is larger than the data', { first: { used_memory: 800 } }, 'PURGE_LAST_COPY'],
    ['the only replica has no link', { second: { master_link_status: 'down' } }, 'PURGE_LAST_COPY'],
    ['the only replica is of another history', { second: { master_replid: 'b' } }, 'PURGE_LAST_COPY'],
    ['the only replica holds less', { second: { db0: 'keys=98,expires=0' } }, 'PURGE_LAST_COPY'],
    ['a replica has no link', { of: 'redis-02', second: { master_link_status: 'down' } }, 'PURGE_NOT_NOW'],
    ['a replica’s master is none of ours', { of: 'redis-02', second: { master_host: '10.9.9.9' } }, 'PURGE_NOT_NOW'],
    [
      'a replica’s master is empty',
      { of: 'redis-02', first: { db0: 'keys=0,expires=0' }, second: { db0: 'keys=0,expires=0' } },
      'PURGE_LAST_COPY',
    ],
  ])('touches nothing when %s', async (_, given, code) => {
    const { end, scripts } = await carriedOut('move', given);
    expect([end, scripts]).toEqual([code, []]);
  });

  it.each([
    [12, 'STALE_PLAN'],
    [13, 'STALE_PLAN'],
    [1, 'COMMAND_FAILED'],
  ])('says what a script’s status %i means', async (status, code) => {
    const { end } = await carriedOut('move', {
      runs: { [MOVE_SCRIPT.text]: { status, stdout: '', stderr: 'dump.rdb' } },
    });
    expect(end).toBe(code);
  });
});

describe('deleting', () => {
  it('deletes what stands aside, after the cluster was verified', async () => {
    const { end, scripts } = await carriedOut('delete');
    expect([end, scripts.map(({ script }) => script)]).toEqual([true, [MANIFEST_SCRIPT.text, DELETE_SCRIPT.text]]);
    expect(scripts[1]).toMatchObject({ parameters: [FOLDER], input: `${FOLDER}/dump.rdb\x00900 1764770000.25\x00` });
  });

  it.each<readonly [string, Given, string]>([
    ['the cluster is not healthy', { verdict: 'degraded' }, 'VERIFY_FAILED'],
    ['keys went since', { first: { db0: 'keys=98' }, second: { db0: 'keys=98' } }, 'PURGE_LAST_COPY'],
    ['the manifest makes no sense', { manifest: '{' }, 'STALE_PLAN'],
    ['the only replica has no link', { second: { master_link_status: 'down' } }, 'PURGE_LAST_COPY'],
  ])('deletes nothing when %s', async (_, given, code) => {
    const { end, scripts } = await carriedOut('delete', given);
    expect([end, scripts.map(({ script }) => script)]).toEqual([code, [MANIFEST_SCRIPT.text]]);
  });
});
