import { bytes } from '../../domain/text/figures.ts';
import type { Blocker } from '../../domain/plan.ts';
import { settingOf } from '../directives/setting.ts';
import type { Synchronisation } from '../synchronise/synchronisations.ts';

/**
 * A replica that takes up all data writes it to its data directory first, beside what is there, unless it loads straight
 * from the link; and with an append-only file it writes all of it once more. One that is restarted saves it before.
 */
export function diskBlockers(synchronisations: readonly Synchronisation[]): readonly Blocker[] {
  return synchronisations.flatMap((synchronisation): readonly Blocker[] => {
    const { pair } = synchronisation;
    const { name, dataDirectory } = pair.desired;
    if (!pair.facts.reachable) return [];
    const { freeBytes } = pair.facts.host;
    const parts = partsOf(synchronisation);
    const needed = parts.length * synchronisation.bytes;
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

function partsOf({ pair, restarted }: Synchronisation): readonly string[] {
  const appends = settingOf(pair, 'appendonly') === 'yes';
  return [
    ...(restarted || !loadsFromLink(pair) ? ['the snapshot'] : []),
    ...(appends ? ['a new append-only file'] : []),
  ];
}

/** By what runs and by what Git asks: which of the two holds by then is not certain. */
function loadsFromLink(pair: Synchronisation['pair']): boolean {
  const isEmpty = (pair.redis?.keys ?? 0) === 0;
  const running = pair.redis?.configuration.get('repl-diskless-load');
  return [settingOf(pair, 'repl-diskless-load'), ...(running === undefined ? [] : [running])].every(
    (value) => value === 'swapdb' || (value === 'on-empty-db' && isEmpty),
  );
}
