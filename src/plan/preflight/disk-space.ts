import { bytes } from '../../domain/text/figures.ts';
import type { Blocker } from '../../domain/plan.ts';
import { settingOf } from '../directives/setting.ts';
import type { Synchronization } from '../synchronize/synchronizations.ts';

/**
 * A replica writes a full synchronization to its data directory, beside the existing files, unless it loads directly
 * from the link; with an append-only file it writes everything again. A replica that is restarted saves first.
 */
export function diskBlockers(synchronizations: readonly Synchronization[]): readonly Blocker[] {
  return synchronizations.flatMap((synchronization): readonly Blocker[] => {
    const { pair } = synchronization;
    const { name, dataDirectory } = pair.desired;
    if (!pair.facts.reachable) return [];
    const { freeBytes } = pair.facts.host;
    const parts = partsOf(synchronization);
    const needed = parts.length * synchronization.bytes;
    if (freeBytes >= needed) return [];
    return [
      {
        code: 'DISK_SHORT',
        node: name,
        message: `${name} needs ${bytes(needed)} free in ${dataDirectory} for ${parts.join(' and ')}, has ${bytes(freeBytes)}.`,
        hint: 'Free space there. `purge` removes old persistence files. No changes were made.',
      },
    ];
  });
}

function partsOf({ pair, restarted }: Synchronization): readonly string[] {
  const appends = settingOf(pair, 'appendonly') === 'yes';
  return [
    ...(restarted || !loadsFromLink(pair) ? ['the snapshot'] : []),
    ...(appends ? ['a new append-only file'] : []),
  ];
}

/** By the running and the desired setting: it is uncertain which applies by then. */
function loadsFromLink(pair: Synchronization['pair']): boolean {
  const isEmpty = (pair.redis?.keys ?? 0) === 0;
  const running = pair.redis?.configuration.get('repl-diskless-load');
  return [settingOf(pair, 'repl-diskless-load'), ...(running === undefined ? [] : [running])].every(
    (value) => value === 'swapdb' || (value === 'on-empty-db' && isEmpty),
  );
}
