import type { DesiredDirectory } from '../desired.ts';

const OF_REDIS = { owner: 'redis', group: 'redis', mode: '750' } as const;

/** The directories that Redis writes: its data directory, and below it the one of the append-only file. */
export function dataDirectories(folder: string, appendOnly = 'appendonlydir'): readonly DesiredDirectory[] {
  return [
    { path: folder, ...OF_REDIS },
    { path: `${folder}/${appendOnly}`, ...OF_REDIS },
  ];
}
