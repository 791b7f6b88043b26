import type { Goal } from './goal.ts';
import type { Origin } from './run.ts';

export type QueuedJob =
  | {
      name: 'propose';
      id: string;
      data: { run: string; cluster: string; goal: Goal; revision: string | null; origin: Origin };
    }
  | { name: 'execute'; id: string; data: { run: string; cluster: string; approval: string } };
