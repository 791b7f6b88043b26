import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetHosts } from '../../lab/hosts.ts';
import { HOSTS } from './bot-lab.ts';
import { redisCli, underWriter } from './lab-cluster.ts';
import { openProgram, type Program } from './program.ts';

describe('rolling back on the command line', () => {
  let program: Program;
  const revisions: string[] = [];

  const git = (...words: readonly string[]): string => {
    const own = ['-c', 'user.name=anna', '-c', 'user.email=anna@example.net', '-c', 'init.defaultBranch=main'];
    return execFileSync('git', ['-C', program.folder, ...own, ...words], { encoding: 'utf8' }).trim();
  };
  const merge = async (maxmemory: string): Promise<void> => {
    await program.asks({ variables: [`redis_maxmemory: ${maxmemory}`] });
    git('add', '--all');
    git('commit', '--quiet', '--message', maxmemory);
    revisions.push(git('rev-parse', 'HEAD'));
  };
  const json = async (...argv: readonly string[]) => {
    const { code, stdout } = await program.run([...argv, '--json']);
    return { exit: code, ...(JSON.parse(stdout) as object) };
  };
  const maxmemory = () => Promise.all(HOSTS.map((host) => redisCli(host, 'CONFIG', 'GET', 'maxmemory')));

  beforeAll(async () => {
    await resetHosts();
    program = await openProgram();
    await program.asks();
    git('init', '--quiet');
    for (const size of ['100mb', '200mb']) {
      await merge(size);
      await program.applies();
    }
  });

  afterAll(() => program.close());

  it('brings back the commit before, under a writer, and leaves Git asking for another', async () => {
    expect(await maxmemory()).toEqual(HOSTS.map(() => 'maxmemory\n209715200'));
    const figures = await underWriter(async () => {
      expect(await json('rollback', '--yes')).toMatchObject({ exit: 0, outcome: 'done', code: 'DONE' });
    });
    expect(figures).toMatchObject({ lost: 0, refused: 0 });
    expect(await maxmemory()).toEqual(HOSTS.map(() => 'maxmemory\n104857600'));
    expect(await json('history')).toMatchObject({
      runs: [
        { goal: { kind: 'rollback', revision: revisions[0] }, revision: revisions[0], status: 'done' },
        { goal: { kind: 'converge' }, revision: revisions[1], status: 'done' },
        { goal: { kind: 'converge' }, revision: revisions[0], status: 'done' },
      ],
    });
    expect(await json('drift')).toMatchObject({ exit: 2 });
  });

  it('has nowhere to go a second time', async () => {
    expect(await json('rollback', '--yes')).toMatchObject({ exit: 3, error: { code: 'ROLLBACK_NOWHERE' } });
    expect(await maxmemory()).toEqual(HOSTS.map(() => 'maxmemory\n104857600'));
  });

  it('asks before it disturbs service, and says why it would not be done', async () => {
    await program.asks({ variables: ['redis_maxmemory: 100mb'], directives: { databases: 32 } });
    git('commit', '--quiet', '--all', '--message', 'databases');
    await program.applies();
    const { code, stderr } = await program.run(['rollback']);
    expect([code, stderr]).toEqual([3, expect.stringContaining('databases')]);
    expect(await json('rollback', '--yes')).toMatchObject({ exit: 0, outcome: 'done' });
    expect(await redisCli('redis-01', 'CONFIG', 'GET', 'databases')).toBe('databases\n16');
  });

  it('goes back from files that are in no commit', async () => {
    await program.asks({ variables: ['redis_maxmemory: 300mb'] });
    await program.applies();
    expect(await json('rollback', '--yes')).toMatchObject({ exit: 0, outcome: 'done' });
    expect(await maxmemory()).toEqual(HOSTS.map(() => 'maxmemory\n104857600'));
  });
});
