import { parseArgs } from 'node:util';
import { fuzz } from './border.ts';
import { BORDERS } from './borders.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, seed: { type: 'string' }, border: { type: 'string' } },
});
const borders = BORDERS.filter(({ name }) => values.border === undefined || name === values.border);
const milliseconds = (Number(values.minutes) * 60_000) / borders.length;

process.stdout.write('| border | inputs | slowest (ms of the processor) |\n| --- | ---: | ---: |\n');
for (const border of borders) {
  const seed = values.seed === undefined ? undefined : Number(values.seed);
  const { inputs, slowestMs } = await fuzz(border, { milliseconds, seed });
  process.stdout.write(`| ${border.name} | ${inputs} | ${slowestMs} |\n`);
}
