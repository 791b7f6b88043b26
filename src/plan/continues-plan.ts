import type { Action } from '../domain/action.ts';
import { actionsOf, type Plan } from '../domain/plan.ts';

/**
 * Whether the current plan is the rest of an approved one that has begun: same goal, cluster and revision, and no
 * unapproved action. Finished actions are no longer in it.
 */
export function continuesPlan(approved: Plan, current: Plan): boolean {
  if (current.blockers.length > 0) return false;
  if (approved.cluster !== current.cluster || approved.revision !== current.revision) return false;
  if (JSON.stringify(approved.goal) !== JSON.stringify(current.goal)) return false;
  if (!actionsOf(current).every((action) => isCovered(action, approved))) return false;
  const nodes = approved.topology.nodes.map(({ name }) => name);
  const allowed = new Set(actionsOf(approved).flatMap((action) => [...targets(action), ...sequels(action, nodes)]));
  // Waiting is never disruptive.
  return actionsOf(current).every(
    (action) =>
      action.kind === 'await-link' ||
      action.kind === 'await-sentinels' ||
      targets(action).every((target) => allowed.has(target)),
  );
}

/** At most as many lost keys as approved: some may have expired since. */
function isCovered(action: Action, approved: Plan): boolean {
  if (action.kind !== 'replicate' || action.drops === undefined) return true;
  const { drops, node } = action;
  return actionsOf(approved).some((each) => {
    return each.kind === 'replicate' && each.node === node && each.drops !== undefined && drops <= each.drops;
  });
}

/**
 * Actions that may follow from an interrupted one: a unit that was being restarted may be down, a node may not follow
 * the new master yet, a switchover’s settings may not be put back.
 */
function sequels(action: Action, nodes: readonly string[]): readonly string[] {
  if (action.kind === 'restart-unit') return [`${action.node} start-unit ${action.unit}`];
  if (action.kind !== 'hand-over') return [];
  return [
    ...nodes.map((node) => `${node} replicate ${action.to.host}:${action.to.port}`),
    ...Object.entries(action.sentinel?.settings ?? {}).flatMap(([node, settings]) =>
      Object.entries(settings).map(([directive, value]) => `${node} config-set ${directive}=${value}`),
    ),
  ];
}

/** The targets of an action. Some of several directives may already have their values, after a restart for example. */
function targets(action: Action): readonly string[] {
  if (action.kind === 'move-aside' || action.kind === 'delete-aside')
    return action.files.map(
      ({ path, bytes, modified }) => `${action.node} ${action.kind} ${path} ${bytes} ${modified}`,
    );
  if (action.kind !== 'config-set') return [target(action)];
  return action.changes.map(({ directive, to }) => `${action.node} ${action.kind} ${directive}=${to}`);
}

/** Without figures that change during a run. */
function target(action: Exclude<Action, { kind: 'config-set' | 'move-aside' | 'delete-aside' }>): string {
  switch (action.kind) {
    case 'install-package':
      return `${action.node} ${action.kind} ${action.packageName}`;
    case 'stop-stray-process':
      return `${action.node} ${action.kind} ${action.pid} ${action.startTicks}`;
    case 'make-directory':
      return `${action.node} ${action.kind} ${action.path}`;
    case 'write-file':
      return `${action.node} ${action.kind} ${action.path} ${JSON.stringify(action.replicaof)}`;
    case 'hand-over':
      return `${action.node} ${action.kind} ${action.to.name}`;
    case 'replicate':
    case 'await-link':
    case 'resync':
      return `${action.node} ${action.kind} ${action.master.host}:${action.master.port}`;
    case 'restart-unit':
      return `${action.node} ${action.kind} ${action.unit} ${JSON.stringify(action.data ?? null)}`;
    case 'reset-failed':
    case 'enable-unit':
    case 'start-unit':
      return `${action.node} ${action.kind} ${action.unit}`;
    case 'set-up-sentinel':
      return `${action.node} ${action.kind} ${action.path} ${action.masterName}`;
    case 'forget-master':
    case 'reset-sentinel':
    case 'sentinel-set':
      return `${action.node} ${action.kind} ${action.masterName}`;
    case 'resume-failover':
      return `${action.node} ${action.kind} ${action.masterName}`;
    case 'watch-master':
      return `${action.node} ${action.kind} ${action.masterName} ${action.master.host}:${action.master.port}`;
    case 'pause-failover':
      return `${action.node} ${action.kind} ${action.pause.master} ${action.pause.until}`;
    case 'stop-sentinel':
      return `${action.node} ${action.kind} ${action.unit}`;
    case 'note-drained':
    case 'await-sentinels':
    case 'back-up':
    case 'promote':
    case 'daemon-reload':
      return `${action.node} ${action.kind}`;
  }
}
