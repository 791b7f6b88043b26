import type { Action } from '../../domain/action.ts';
import { actionsOf, adoptedFiles, hasActions, isDisruptive, type Plan } from '../../domain/plan.ts';
import { listed, plural } from '../text/format.ts';

/** How an action takes effect, if that matters to clients or operators: live, by a restart, by a synchronization. */
export function effectOf(action: Action): string | null {
  switch (action.kind) {
    case 'config-set':
      return 'live, no restart';
    case 'restart-unit':
      if (!action.data) return 'restart';
      return action.data.kept === null ? 'restart, its keys are lost' : 'restart, data saved and loaded';
    case 'hand-over':
      return `writes held back for ${action.sentinel ? 'about 0.3 s' : 'milliseconds'}`;
    case 'promote':
      return 'clients of it may write';
    case 'resync':
      return action.mode === 'partial' ? 'partial resynchronization' : 'full resynchronization';
    case 'move-aside':
      return 'files only';
    case 'delete-aside':
      return 'cannot be undone';
    case 'back-up':
      return 'copied to redisops';
    case 'write-file':
      return action.adopts ? 'the original is kept' : null;
    case 'replicate':
      return action.drops === undefined ? null : 'its own keys are lost';
    case 'sentinel-set':
      return 'live, no restart';
    case 'forget-master':
    case 'watch-master':
    case 'reset-sentinel':
    case 'set-up-sentinel':
      return 'Sentinel only';
    case 'pause-failover':
      return 'no automatic failover meanwhile';
    case 'resume-failover':
      return 'live, no restart';
    case 'note-drained':
    case 'await-sentinels':
    case 'stop-sentinel':
    case 'install-package':
    case 'stop-stray-process':
    case 'reset-failed':
    case 'make-directory':
    case 'daemon-reload':
    case 'enable-unit':
    case 'start-unit':
    case 'await-link':
      return null;
  }
}

/** `18 steps on 3 nodes, in 2 waves. Nothing disturbs clients.` */
export function extentOf(plan: Plan): string {
  const actions = actionsOf(plan);
  const nodes = nodesOf(actions);
  const waves = plan.waves.filter(hasActions).length;
  const extent = `${plural(actions.length, 'step')} on ${nodes.length === 1 ? listed(nodes) : plural(nodes.length, 'node')}`;
  return `${extent}${waves > 1 ? `, in ${waves} waves` : ''}. ${disturbance(plan, nodes)}${adoption(plan)}`;
}

function adoption(plan: Plan): string {
  const paths = [...new Set(adoptedFiles(plan).map(({ path }) => path))];
  return paths.length === 0 ? '' : ` Replaces ${listed(paths)}, which redisops did not write.`;
}

function disturbance(plan: Plan, all: readonly string[]): string {
  if (!isDisruptive(plan)) return 'Clients are not disturbed.';
  if (actionsOf(plan).every(isPurge)) return 'Files are deleted for good. Clients are not disturbed.';
  const nodes = nodesOf(actionsOf(plan).filter((action) => action.disruptive));
  return all.length === 1 ? 'Service on it is disturbed.' : `Service is disturbed on ${listed(nodes)}.`;
}

/** Disturbs nobody, but is irreversible. */
export function isPurge({ kind }: Action): boolean {
  return kind === 'move-aside' || kind === 'delete-aside';
}

/** In order of appearance. */
export function nodesOf(actions: readonly Action[]): readonly string[] {
  return [...new Set(actions.map(({ node }) => node))];
}
