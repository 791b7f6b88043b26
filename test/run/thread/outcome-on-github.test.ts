import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { RunRecord } from '../../../src/domain/run/run.ts';
import { openThread } from '../../../src/run/thread/thread.ts';
import { deliverAll, fakeGitHub, portsOf } from '../../ports.ts';
import { approval, plan, record, result } from '../../report/fixtures.ts';
import type { DeploymentNews } from '../../../src/domain/git/deployment.ts';

const COMMIT = 'c'.repeat(40);
const merge = record({ revision: COMMIT, origin: { from: 'github', actor: 'ada', pullRequest: 7 } });
const applied = record({ revision: '', origin: { from: 'slack', actor: 'U1' } });

async function told(run: RunRecord, end: Parameters<typeof result>[0], tell?: () => Promise<void>) {
  const news: DeploymentNews[] = [];
  const deployments = { report: tell ?? (async (each: DeploymentNews) => void news.push(each)) };
  const ports = { ...portsOf(), gitHub: fakeGitHub({ deployments }), defaultChannel: 'C1' };
  const courier = { hint: () => deliverAll({ ...ports, courier }) };
  const thread = await openThread(run, { ...ports, courier });
  await thread.askApproval(approval());
  thread.emit({ kind: 'planned', plan: plan() });
  await thread.end(result({ revision: COMMIT, ...end }), []);
  return { news, said: news.map(({ state }) => state), log: ports.outside.log, store: ports.store };
}

describe('a run on GitHub', () => {
  it('of a merge: each turn with the way to its thread, the end last', async () => {
    const { news, said } = await told(merge, { outcome: 'done', code: 'DONE' });
    expect(said).toEqual(['queued', 'pending', 'in_progress', 'success']);
    expect(new Set(news.map(({ url }) => url))).toEqual(new Set(['https://acme.slack.com/archives/C1/p10']));
    expect(news[0]).toMatchObject({ run: merge.run, cluster: 'redis', commit: COMMIT });
  });

  it.each([
    ['failed', 'STEP_FAILED', 'failure'],
    ['refused', 'MASTER_UNKNOWN', 'failure'],
    ['refused', 'SUPERSEDED', 'inactive'],
    ['nothing-to-do', 'NOTHING_TO_DO', 'success'],
  ] as const)('that ends %s with %s is %s', async (outcome, code, state) => {
    expect((await told(merge, { outcome, code })).said.at(-1)).toBe(state);
  });

  it('requested in Slack is reported at its end if it was executed, and only for a commit', async () => {
    expect((await told(applied, { outcome: 'done' })).news).toMatchObject([{ state: 'success', commit: COMMIT }]);
    expect((await told(applied, { outcome: 'refused' })).news).toEqual([]);
    expect((await told(applied, { outcome: 'done', revision: 'working tree' })).news).toEqual([]);
    expect((await told({ ...merge, goal: { kind: 'resync', node: 'redis-02' } }, { outcome: 'done' })).news).toEqual(
      [],
    );
  });

  it('continues if GitHub fails, and is said later', async () => {
    const fail = () => Promise.reject(new RedisopsError('GITHUB_FAILED', 'no answer', { hint: '' }));
    const { log, store } = await told(merge, { outcome: 'done' }, fail);
    expect(log.lines.some(({ fields }) => String(Object.values(fields)).includes('deployment queued'))).toBe(true);
    const unsaid = (await store.notesOf(merge.run)).flatMap(({ note }) =>
      note.kind === 'deployment' ? [note.news.state] : [],
    );
    expect(unsaid).toEqual(['queued', 'pending', 'in_progress', 'success']);
  });
});
