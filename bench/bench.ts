import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { labHosts } from '../lab/hosts.ts';
import { ansible } from './ansible.ts';
import { bot } from './bot.ts';
import { commandLine } from './command-line.ts';
import type { Contender, ContenderName } from './contender.ts';
import { figuresOf, startsOf, targetsOf, type Results } from './figures.ts';
import { machineLine, thisMachine } from './machine.ts';
import { referee } from './referee.ts';
import { makeRepository } from './repository.ts';
import { playRound, type Course, type RoundSample } from './round.ts';
import { measureStarts, type StartSample } from './starts.ts';
import { benchTable } from './table.ts';

const DEFAULT_ROUNDS = 3;
const MOST_ROUNDS = 100;
const WRONG_USAGE = 64;

interface Samples extends Record<ContenderName, RoundSample[]> {
  starts: StartSample[];
}

interface Options {
  rounds: number;
  json: boolean;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function readOptions(): Options {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, json: { type: 'boolean' } } });
  const rounds = Number(values.rounds ?? DEFAULT_ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ROUNDS)
    throw new RangeError(`--rounds takes a whole number from 1 to ${MOST_ROUNDS}`);
  return { rounds, json: values.json ?? false };
}

/** Every contender in every round, with a different one first each time, so that warm-up and noise affect all. */
async function play(contenders: readonly Contender[], course: Course, rounds: number): Promise<Samples> {
  const samples: Samples = { ansible: [], bot: [], 'command-line': [], starts: [] };
  const cold = contenders.find(({ name }) => name === 'command-line');
  for (const contender of contenders) await contender.prime();
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const sample = await playRound(contender, course);
      samples[contender.name].push(sample);
      tell(`round ${round + 1} of ${rounds}: ${contender.name} ${JSON.stringify(sample)}`);
    }
    if (!cold) continue;
    await cold.prime();
    samples.starts.push(await measureStarts(course.lab, () => cold.status()));
  }
  return samples;
}

function resultsOf(samples: Samples): Results {
  return {
    ansible: figuresOf(samples.ansible),
    bot: figuresOf(samples.bot),
    'command-line': figuresOf(samples['command-line']),
  };
}

/** @returns whether every target was met. */
async function bench({ rounds, json }: Options): Promise<boolean> {
  const machine = await thisMachine();
  const at = new Date().toISOString();
  const lab = labHosts();
  const repository = await makeRepository(randomBytes(16).toString('hex'));
  const course = { repository, lab, referee: referee(repository, lab) };
  const contenders = [await ansible(repository, lab), bot(repository, lab), await commandLine(repository, lab)];
  try {
    const samples = await play(contenders, course, rounds);
    const results = resultsOf(samples);
    const starts = startsOf(samples.starts);
    const targets = targetsOf(results, starts);
    const title = `${at}, ${rounds} rounds, medians. ${machineLine(machine)}`;
    const text = json
      ? JSON.stringify({ at, machine, rounds, results, starts, targets, samples }, null, 2)
      : [title, '', ...benchTable(results, starts, targets)].join('\n');
    process.stdout.write(`${text}\n`);
    return targets.every(({ held }) => held);
  } finally {
    await Promise.allSettled([...contenders, course.referee].map((each) => each.close()));
    await repository.remove();
  }
}

function optionsOrExit(): Options {
  try {
    return readOptions();
  } catch (error) {
    tell(`${error instanceof Error ? error.message : String(error)}\nusage: npm run bench -- [--rounds N] [--json]`);
    return process.exit(WRONG_USAGE);
  }
}

if (!(await bench(optionsOrExit()))) process.exitCode = 1;
