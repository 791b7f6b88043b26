import { describe, expect, it } from 'vitest';
import { restartUnit } from '../../../src/apply/restart/restart.ts';
import { secondsOf } from '../../../src/apply/restart/saved-data.ts';
import type { HeldData } from '../../../src/domain/action.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { DONE, TEXT, desiredCluster, fakeNodes, fakeStep, info } from '../fake-nodes.ts';
import type { CommandResult } from '../../../src/ports/nodes.ts';

const CONF = 'dir /data/redis\ndbfilename dump.rdb\n';
const CONFIGURATION = ['dir', '/data/redis', 'dbfilename', 'dump.rdb', 'appendonly', 'no'];
const GOOD = { bytes: 1000, free: 1_000_000, stop: 'infinity', keys: 10 };
const SNAPSHOT: HeldData = { kept: 'snapshot' };

interface Scene {
  data?: HeldData;
  found?: Partial<typeof GOOD>;
  configuration?: readonly string[];
  /** INFO before the restart, and after it. */
  before?: Readonly<Record<string, string | number>>;
  after?: Readonly<Record<string, string | number>>;
  saved?: string;
  conf?: CommandResult;
}

const MASTER = { role: 'master', process_id: 7, db0: 'keys=10,expires=0' };

async function outcome({
  data = SNAPSHOT,
  found,
  configuration = CONFIGURATION,
  before,
  after,
  saved = 'ok',
  conf,
}: Scene) {
  const restarts: string[] = [];
  const nodes = fakeNodes(
    (_, script) => {
      if (script.includes('-check-aof')) {
        const said = Object.entries({ ...GOOD, ...found }).map(([name, value]) => `${name} ${value}`);
        return conf ?? { status: 0, stdout: `${said.join('\n')}\n`, stderr: '' };
      }
      if (script.includes('systemctl show --property MainPID')) return { ...DONE, stdout: '7\n' };
      if (script.includes('systemctl restart') || script.includes('systemctl "$2"')) restarts.push('restarted');
      return { ...DONE, stdout: '' };
    },
    (_, words) => {
      if (words[0] === 'CONFIG') return [...configuration];
      if (words[0] === 'TIME') return ['1700000000', '0'];
      if (words[0] === 'ROLE') return ['master'];
      if (words[0] !== 'INFO') return 'OK';
      if (words[1] === 'persistence') return info({ rdb_bgsave_in_progress: 0, rdb_last_bgsave_status: saved });
      return info(restarts.length > 0 ? { ...MASTER, ...after } : { ...MASTER, ...before });
    },
  );
  const step = await fakeStep('redis-01', desiredCluster(['redis-01'], CONF), nodes);
  const action = { ...TEXT, kind: 'restart-unit', node: 'redis-01', unit: 'redis-server', data } as const;
  const result = await restartUnit(action, step).catch((error: unknown) => asRedisopsError(error).code);
  return { result, restarted: restarts.length };
}

const REFUSED = { result: 'MASTER_RESTART_HOLDS_DATA', restarted: 0 };

describe('a restart of a master that keeps its data', () => {
  it('runs once its data was saved and read back', async () => {
    expect(await outcome({})).toEqual({ result: true, restarted: 1 });
  });

  it.each<readonly [string, Scene]>([
    ['the save fails', { saved: 'err' }],
    ['the file holds fewer keys', { found: { keys: 9 } }],
    ['the file cannot be read', { conf: { status: 12, stdout: '', stderr: 'redis-check-rdb: bad' } }],
    ['the disk has no room for another one', { found: { free: 1100 } }],
    ['systemd would kill it meanwhile', { found: { stop: '10s' } }],
    ['it saves elsewhere', { configuration: CONFIGURATION.with(1, '/elsewhere') }],
    ['it saves to another file', { configuration: CONFIGURATION.with(3, 'other.rdb') }],
    ['it keeps an append-only file by now', { configuration: CONFIGURATION.with(5, 'yes') }],
    ['it loads', { before: { loading: 1 } }],
  ])('is refused where %s', async (_, scene) => {
    expect(await outcome(scene)).toEqual(REFUSED);
  });

  it('reports keys missing afterwards', async () => {
    expect(await outcome({ after: { db0: 'keys=3,expires=0' } })).toEqual({ result: 'VERIFY_FAILED', restarted: 1 });
  });
});

describe('a restart of a master whose keys may go', () => {
  const lost = { kept: null, keysAtMost: 10 } as const;

  it('runs up to the approved number', async () => {
    expect(await outcome({ data: lost })).toEqual({ result: true, restarted: 1 });
  });

  it.each<readonly [string, Scene]>([
    ['more keys', { before: { db0: 'keys=11,expires=0' } }],
    ['replicas', { before: { slave0: 'ip=10.0.0.2,port=6379,state=online,offset=1,lag=0' } }],
  ])('is refused with %s', async (_, scene) => {
    expect(await outcome({ data: lost, ...scene })).toEqual({ result: 'STALE_PLAN', restarted: 0 });
  });
});

describe('secondsOf', () => {
  it.each([
    ['infinity', Infinity],
    ['1min 30s', 90],
    ['500ms', 0.5],
    ['2h', 7200],
    ['', 0],
  ])('reads %s', (text, seconds) => expect(secondsOf(text)).toBe(seconds));
});
