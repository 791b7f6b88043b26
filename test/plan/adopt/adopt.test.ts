import { describe, expect, it } from 'vitest';
import type { RedisUp } from '../../../src/domain/facts.ts';
import { MANAGED } from '../../../src/domain/text/managed.ts';
import { RedisConf } from '../../../src/domain/redis/redis-conf.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { adopted, isLookedAtAlike, keptRisks } from '../../../src/plan/adopt/adopt.ts';
import { driftOf } from '../../../src/plan/drift/drift.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { configurationOf, desiredCluster, fileOf, healthy } from '../../builders.ts';

const git = desiredCluster();
const GIT = { ...git, nodes: git.nodes.map((node) => ({ ...node, unsaid: new Set(['dbfilename', 'dir', 'save']) })) };

/** A healthy cluster, in files of somebody’s that differ from Git’s. */
function seen(edit: (text: string) => string) {
  const changes = GIT.nodes.map((node, at) => {
    const master = at === 0 ? null : { host: '10.0.0.123', port: 6379 };
    const conf = RedisConf.parse(
      node.redisConf.content.withRole(master).map((text) => edit(text.replace(MANAGED, '# by hand'))),
    );
    const redis: Partial<RedisUp> = { keys: 5, configuration: configurationOf(conf) };
    return [node.name, { conf, redis }] as const;
  });
  const facts = healthy(GIT, Object.fromEntries(changes.map(([name, { redis }]) => [name, { redis }])));
  return facts.map((node, at) => {
    const path = GIT.nodes[at]?.redisConf.path ?? '';
    const conf = changes[at]?.[1].conf ?? new SensitiveText('');
    return { ...node, host: { ...node.host, files: new Map([...node.host.files, [path, fileOf(conf)]]) } };
  });
}

const SAVES = seen((text) => text.replace('save ""', 'save 900 1\ntimeout 300'));
const ELSEWHERE = seen((text) => text.replace('dir /data/redis', 'dir /srv/redis'));

describe('adopted', () => {
  it('is Git where the nodes have nothing of their own', () => {
    expect(adopted(GIT, healthy(GIT))).toEqual(GIT);
  });

  it('leaves nothing to do and no drift on nodes that differ in what Git does not say', () => {
    expect(actionsOf(makePlan({ kind: 'converge' }, GIT, SAVES))).not.toEqual([]);
    const desired = adopted(GIT, SAVES);
    const plan = makePlan({ kind: 'converge' }, desired, SAVES);
    expect(plan.waves).toEqual([]);
    expect(plan.risks).toEqual([
      {
        code: null,
        node: null,
        message:
          'redis-01, redis-02, redis-03 keep what Git does not say: save 900 1; timeout 300. To change it, set it in Git.',
      },
    ]);
    expect(driftOf(desired, SAVES).drifts).toEqual([]);
  });

  it('moves no data: the directory that a node keeps is the one that is looked at, made and writable', () => {
    const [node] = adopted(GIT, ELSEWHERE).nodes;
    expect(node?.dataDirectory).toBe('/srv/redis');
    expect(node?.directories.map(({ path }) => path)).toEqual(['/srv/redis', '/srv/redis/appendonlydir']);
    expect(node?.dropIn.content.reveal()).toContain('ReadWritePaths=/srv/redis\n');
  });

  it('keeps what someone set in a drop-in of the same name, and adds what Redis needs', () => {
    const [node] = GIT.nodes;
    if (!node) throw new Error('a cluster has nodes');
    const withDropIn = (text: string, edit = (conf: string) => conf) => {
      const content = new SensitiveText(text);
      const file = fileOf(content, { owner: 'root', group: 'root', mode: '644' });
      const facts = seen(edit);
      return facts.map((each) => ({
        ...each,
        host: { ...each.host, files: new Map([...each.host.files, [node.dropIn.path, file]]) },
      }));
    };
    const theirs = adopted(GIT, withDropIn('[Service]\nLimitNOFILE=65535\n')).nodes[0];
    expect(theirs?.dropIn.content.reveal()).toMatch(/LimitNOFILE=65535[\s\S]*ReadWritePaths=\/data\/redis\n$/);
    expect(theirs?.kept).toEqual([`LimitNOFILE=65535 (in ${node.dropIn.path})`]);
    const again = adopted(GIT, withDropIn(theirs?.dropIn.content.reveal() ?? '')).nodes[0];
    expect(again?.dropIn.content.reveal()).toBe(theirs?.dropIn.content.reveal());
    // Over a drop-in of redisops it is an edit by hand, which is undone.
    const over = adopted(
      GIT,
      withDropIn('[Service]\nLimitNOFILE=1\n', (text) => text.replace('# by hand', MANAGED)),
    );
    expect(over.nodes[0]?.dropIn).toEqual(node.dropIn);
    const enough = '[Service]\nReadWritePaths=/data/redis\nLimitNOFILE=65535\n';
    expect(adopted(GIT, withDropIn(enough)).nodes[0]?.dropIn.content.reveal()).toBe(enough);
  });

  it('shows no password of a user that is kept', () => {
    const desired = adopted(
      GIT,
      seen((text) => `${text}user app on >hunter2 ~* +@all\n`),
    );
    expect(keptRisks(desired)[0]?.message).toContain('user app on >•••••• ~* +@all');
  });
});

describe('isLookedAtAlike', () => {
  it.each([
    ['what is kept is looked at by nobody', SAVES, true],
    ['another data directory', ELSEWHERE, false],
    ['another address that it announces', seen((text) => `${text}replica-announce-ip 192.0.2.7\n`), false],
  ])('%s', (_, facts, expected) => {
    expect(isLookedAtAlike(GIT, adopted(GIT, facts))).toBe(expected);
  });
});
