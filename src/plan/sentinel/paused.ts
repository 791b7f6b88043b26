import type { PauseFailover } from '../../domain/action.ts';
import type { Watcher } from '../../domain/health/sentinel-watch.ts';
import type { Pause } from '../../domain/sentinel/pause.ts';

export function pauseOn({ facts, master }: Watcher): Pause | undefined {
  return facts.pauses?.find((pause) => pause.master === master.name);
}

export function placeOf({ facts: { unit, port, file } }: Watcher): Pick<PauseFailover, 'unit' | 'port' | 'path'> {
  return { unit: unit.name, port, path: file.path };
}
