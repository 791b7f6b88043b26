import { textTable } from '../src/report/text/text-table.ts';
import type { Figures, Results, Starts, Target, Writes } from './figures.ts';

const WIDTH = 120;
const COLUMNS = ['', 'Ansible', 'redisops, bot', 'ratio', 'redisops, command line', 'ratio'];
const START_COLUMNS = ['', 'redisops', 'beside', 'it takes', 'ratio'];

interface Work {
  name: string;
  figure: (figures: Figures) => number;
}

const RESTART: readonly Work[] = [{ name: 'restart of all three nodes', figure: ({ restart }) => restart }];

const WORK: readonly Work[] = [
  { name: 'status of three nodes', figure: ({ status }) => status },
  { name: 'first apply, from bare hosts', figure: ({ firstApply }) => firstApply },
  { name: 'apply, nothing to change', figure: ({ nothingToChange }) => nothingToChange },
  { name: '  Ansible without verifying', figure: ({ nothingUnverified }) => nothingUnverified },
  { name: 'change of maxmemory', figure: ({ maxmemory }) => maxmemory },
];

/** The figures side by side, then the targets. */
export function benchTable(results: Results, starts: Starts, targets: readonly Target[]): readonly string[] {
  const rows = [
    ...timeRows(results, WORK),
    ...writeRows(results, ({ writes }) => writes),
    ...timeRows(results, RESTART),
    ...writeRows(results, ({ restartWrites }) => restartWrites),
  ];
  return [
    ...textTable({ columns: COLUMNS, rows }, WIDTH),
    '',
    ...textTable({ columns: START_COLUMNS, rows: startRows(starts) }, WIDTH),
    '',
    ...targets.map(targetLine),
  ];
}

function timeRows(
  { ansible, bot, 'command-line': cold }: Results,
  works: readonly Work[],
): readonly (readonly string[])[] {
  return works.map(({ name, figure }) => [
    name,
    seconds(figure(ansible)),
    seconds(figure(bot)),
    ratio(figure(ansible) / figure(bot)),
    seconds(figure(cold)),
    ratio(figure(ansible) / figure(cold)),
  ]);
}

function startRows({ node, help, ssh, status }: Starts): readonly (readonly string[])[] {
  return [
    ['redisops --help', seconds(help), 'node -e 0', seconds(node), ratio(help / node)],
    ['redisops status, cold', seconds(status), 'ssh HOST true, three hosts', seconds(ssh), ratio(status / ssh)],
  ];
}

function writeRows(
  { ansible, bot, 'command-line': cold }: Results,
  of: (figures: Figures) => Writes,
): readonly (readonly string[])[] {
  const row = (name: string, figure: (writes: Writes) => string) => [
    name,
    figure(of(ansible)),
    figure(of(bot)),
    '',
    figure(of(cold)),
    '',
  ];
  return [
    row('  acknowledged writes lost', ({ lost, acknowledged }) => `${whole(lost)} of ${whole(acknowledged)}`),
    row('  longest write gap', ({ longestGapMs }) => seconds(longestGapMs / 1000)),
  ];
}

function targetLine({ claim, wanted, got, held, atMost }: Target): string {
  const bound = wanted === 0 ? '0' : `at ${atMost ? 'most' : 'least'} ${wanted}`;
  return `${held ? '✔' : '✖'} ${claim}: ${whole(got)} (target: ${bound})`;
}

function seconds(value: number): string {
  return `${value.toFixed(value < 1 ? 3 : 2)} s`;
}

function ratio(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)}×`;
}

function whole(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: Number.isInteger(value) ? 0 : 1 });
}
