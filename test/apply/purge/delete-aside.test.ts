import { describe, expect, it } from 'vitest';
import { DELETE_SCRIPT, MANIFEST_SCRIPT } from '../../../src/apply/purge/script.ts';
import { FOLDER, runPurgeStep, type Given } from './purge-step.ts';

describe('deleteAside', () => {
  it('deletes files moved aside, once the cluster is verified', async () => {
    const { end, scripts } = await runPurgeStep('delete');
    expect([end, scripts.map(({ script }) => script)]).toEqual([true, [MANIFEST_SCRIPT.text, DELETE_SCRIPT.text]]);
    expect(scripts[1]).toMatchObject({ parameters: [FOLDER], input: `${FOLDER}/dump.rdb\x00900 1764770000.25\x00` });
  });

  it.each<readonly [string, Given, string]>([
    ['the cluster is not healthy', { verdict: 'degraded' }, 'VERIFY_FAILED'],
    ['keys went since', { first: { db0: 'keys=98' }, second: { db0: 'keys=98' } }, 'PURGE_LAST_COPY'],
    ['the manifest makes no sense', { manifest: '{' }, 'STALE_PLAN'],
    ['the only replica has no link', { second: { master_link_status: 'down' } }, 'PURGE_LAST_COPY'],
  ])('deletes nothing when %s', async (_, given, code) => {
    const { end, scripts } = await runPurgeStep('delete', given);
    expect([end, scripts.map(({ script }) => script)]).toEqual([code, [MANIFEST_SCRIPT.text]]);
  });
});
