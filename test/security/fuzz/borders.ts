import type { Border } from './border.ts';
import { BOT_BORDERS } from './bot-borders.ts';
import { NODE_BORDERS } from './node-borders.ts';
import { REPOSITORY_BORDERS } from './repository-borders.ts';

/** Every place where text of others enters the program, or leaves it. */
export const BORDERS: readonly Border<string>[] = [...REPOSITORY_BORDERS, ...NODE_BORDERS, ...BOT_BORDERS];
