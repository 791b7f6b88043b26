import { userInfo } from 'node:os';
import type { Origin } from '../domain/run/run.ts';

/** The person at the terminal. */
export function originHere(): Origin {
  return { from: 'cli', actor: userInfo().username };
}
