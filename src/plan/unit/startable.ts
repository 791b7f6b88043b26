import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import { startLoop } from '../../domain/unit/start-loop.ts';

/** Restarts by systemd that make a loop of a start that was tried again. */
const LOOP = 2;

/**
 * Why systemd would not start the unit, whatever redisops writes. A mask at run time may be left by an installation that
 * was interrupted: the start removes that one.
 * @param changes Whether the plan changes something that a start reads.
 */
export function startableBlockers(node: DesiredNode, host: HostFacts, changes: boolean): readonly Blocker[] {
  const { unit } = host;
  const { name } = node;
  if (!host.package.installed) return [];
  if (unit.unitFileState === 'masked')
    return [
      blocker(
        node,
        'is masked: systemd refuses to start it',
        `Run \`systemctl unmask ${node.unit}\` on ${name}, then plan again.`,
      ),
    ];
  if (unit.loadState === 'error' || unit.loadState === 'bad-setting' || unit.loadError !== undefined)
    return [
      blocker(
        node,
        `cannot be loaded by systemd (LoadState=${unit.loadState})`,
        `Run \`systemd-analyze verify ${node.unit}\` on ${name}, fix what it names, run \`systemctl daemon-reload\`, then plan again.`,
      ),
    ];
  if (unit.loadState === 'not-found')
    return [
      blocker(
        node,
        `does not exist, although the package ${node.packageName} is installed`,
        `Run \`systemctl daemon-reload\` on ${name}; if that does not help, reinstall ${node.packageName}. Then plan again.`,
      ),
    ];
  if (unit.cannotStart && unit.loadState === 'loaded')
    return [
      blocker(
        node,
        'refuses to be started by hand (CanStart=no)',
        `Remove RefuseManualStart= (\`systemctl cat ${node.unit}\`), then plan again.`,
      ),
    ];
  return loopBlockers(node, host, changes);
}

/** A unit that systemd starts over and over. */
export function loopBlockers(node: DesiredNode, { unit, log }: HostFacts, changes: boolean): readonly Blocker[] {
  const isLooping = unit.activeState === 'activating' && unit.restarts >= LOOP;
  if (!isLooping || changes) return [];
  const hint = 'Nothing in Git would change that. Fix the cause on the node, then plan again.';
  return [
    { code: 'UNIT_NOT_STARTABLE', node: node.name, message: `${node.name}: ${startLoop(node.unit, unit, log)}`, hint },
  ];
}

function blocker({ name, unit }: DesiredNode, why: string, hint: string): Blocker {
  return { code: 'UNIT_NOT_STARTABLE', node: name, message: `${name}: ${unit} ${why}.`, hint };
}
