import { parentPort } from 'node:worker_threads';
import { answerQuestions } from '../adapters/apart/answer.ts';
import { ANSWERS } from '../desired/questions.ts';
import { ParsedSource } from '../desired/source/parsed-source.ts';
import { Recent } from '../desired/source/recent.ts';

/** The branch’s head, and base, head and merge of a few pull requests. */
const MOST_SOURCES = 12;

// The program of the thread that reads repositories.
const recent = new Recent<ParsedSource>(MOST_SOURCES);
if (parentPort)
  answerQuestions(parentPort, ANSWERS, (number, source) => {
    // A working tree keeps its name when its content changes.
    if (source.revision === 'working tree') return ParsedSource.of(source);
    const kept = recent.get(String(number)) ?? ParsedSource.of(source);
    recent.set(String(number), kept);
    return kept;
  });
