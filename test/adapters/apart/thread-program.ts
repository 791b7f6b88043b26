import { parentPort } from 'node:worker_threads';
import { answerQuestions } from '../../../src/adapters/apart/answer.ts';
import { ANSWERS } from '../../../src/desired/questions.ts';
import type { ConfigSource } from '../../../src/ports/git.ts';

// The program of a thread that answers the real questions, and a few that no program asks.
const mine = {
  ...ANSWERS,
  echo: async (source: ConfigSource, value: unknown) => ({ revision: source.revision, value }),
  reads: async (source: ConfigSource, path: string) => [await source.read(path), await source.list('.')],
  stalls: async (source: ConfigSource) => {
    await source.read('first');
    for (;;);
  },
  hoards: async () => {
    const hoard: number[][] = [];
    for (;;) hoard.push(Array.from({ length: 1e5 }, (_, at) => at + hoard.length));
  },
};
if (parentPort) answerQuestions(parentPort, mine, (_number, source) => source);
