import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../src/domain/facts.ts';
import { needsApproval } from '../../src/domain/plan.ts';
import { dataDirectories } from '../../src/domain/unit/data-directories.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { bareFacts, desiredCluster, desiredNode, password, present } from '../builders.ts';

const CONVERGE = { kind: 'converge' } as const;

/** A merge that names a host and a folder of its author’s choosing. */
function planFor(folder: string, files: Readonly<Record<string, FileFacts>>) {
  const node = {
    ...desiredNode('redis-01', { password: password() }),
    dataDirectory: folder,
    directories: dataDirectories(folder),
  };
  const facts = bareFacts(node);
  const desired = desiredCluster({ nodes: [node], password: password() });
  const host = { ...facts.host, files: new Map(Object.entries(files)) };
  return makePlan(CONVERGE, desired, [{ ...facts, host }], { known: new Set() });
}
const theirs = (owner: string, ...holds: readonly string[]) =>
  present({ type: 'directory', owner, group: owner, mode: '755', holds });

describe('a merge by one person', () => {
  it.each<readonly [string, string, Record<string, FileFacts>]>([
    ['a database', '/srv/postgresql/15', { '/srv/postgresql/15': theirs('postgres', 'PG_VERSION', 'base') }],
    ['an application', '/opt/app', { '/opt/app': theirs('root', 'bin', 'etc') }],
    ['a web site', '/srv/www', { '/srv/www': theirs('www-data', '.htaccess') }],
    ['a store', '/nix/store', { '/nix/store': theirs('root', 'abc-redis', 'dump.rdb') }],
    ['names like Redis’s', '/mnt/pg', { '/mnt/pg': theirs('postgres', 'dump.rdb', 'appendonlydir', 'pg_hba.conf') }],
    ['a place inside it', '/srv/postgresql/redis', { '/srv/postgresql': theirs('postgres', '15') }],
    ['a file', '/srv/data', { '/srv/data': present({ owner: 'root' }) }],
  ])('does not take over %s', (_, folder, files) => {
    expect(planFor(folder, files).blockers).toMatchObject([{ code: 'DIRECTORY_IN_USE', node: 'redis-01' }]);
  });

  it('does not take in a host that the commit before did not have', () => {
    const plan = planFor('/data/redis', {});
    expect(plan.blockers).toEqual([]);
    expect(needsApproval(plan)).toBe(true);
  });
});
