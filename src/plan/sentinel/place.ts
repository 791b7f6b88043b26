import type { PauseFailover } from '../../domain/action.ts';
import type { Watcher } from '../../domain/health/sentinel-watch.ts';

export function placeOf({ facts: { unit, port, file } }: Watcher): Pick<PauseFailover, 'unit' | 'port' | 'path'> {
  return { unit: unit.name, port, path: file.path };
}
