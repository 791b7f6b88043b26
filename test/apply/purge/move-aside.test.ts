import { describe, expect, it } from 'vitest';
import { HASH_SCRIPT, MOVE_SCRIPT } from '../../../src/apply/purge/script.ts';
import { FOLDER, NOTHING_CONFIGURED, runPurgeStep, type Given } from './purge-step.ts';

describe('moveAside', () => {
  it('looks, hashes, and moves with a manifest', async () => {
    const { end, scripts } = await runPurgeStep('move');
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
    const { end, scripts } = await runPurgeStep('move', given);
    expect([end, scripts]).toEqual([code, []]);
  });

  it.each([
    [12, 'STALE_PLAN'],
    [13, 'STALE_PLAN'],
    [1, 'COMMAND_FAILED'],
  ])('says what a script’s status %i means', async (status, code) => {
    const { end } = await runPurgeStep('move', {
      runs: { [MOVE_SCRIPT.text]: { status, stdout: '', stderr: 'dump.rdb' } },
    });
    expect(end).toBe(code);
  });
});
