import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../lab/until.ts';
import { RedisopsError } from '../../../src/domain/error.ts';
import type { LookedAt } from '../../../src/run/pull-requests/plan-pull-request.ts';
import { watchPullRequests, type PullRequestWatch } from '../../../src/run/pull-requests/pull-request-watch.ts';
import { quietLog } from '../../adapters/quiet-log.ts';
import { fakeGitHub, portsOf } from '../../ports.ts';

let watch: PullRequestWatch | null = null;
afterEach(async () => watch?.close());

interface Open {
  number: number;
  updatedAt: string;
}

/** Only what the watch itself uses. */
function begin(open: () => readonly Open[], plan: (number: number, known: string | null) => Promise<LookedAt>) {
  const log = quietLog();
  const gitHub = fakeGitHub({ pullRequests: { listOpen: () => Promise.resolve(open()) } });
  const ports = { ...portsOf(), ...gitHub, log, branch: 'main' };
  watch = watchPullRequests(ports, { settleMs: 20, everyMs: 30, againMs: 10 }, plan);
  return { watch, log };
}

const looked = (mark: string | null): LookedAt => ({ looked: mark === null ? 'overtaken' : 'planned', mark });
const soon = <T>(what: string, ready: () => T | null | false) => until(what, 5, async () => ready() || null);

describe('open pull requests', () => {
  it('are found without any webhook, and again only when something of them changed', async () => {
    const calls: (readonly [number, string | null])[] = [];
    const open: Open[] = [
      { number: 7, updatedAt: '1' },
      { number: 8, updatedAt: '1' },
    ];
    begin(
      () => open,
      async (number, known) => {
        calls.push([number, known]);
        return looked(`mark-${number}`);
      },
    );
    await soon('both', () => calls.length === 2);
    open[0] = { number: 7, updatedAt: '2' };
    await soon('the one that changed', () => calls.length === 3);
    expect(calls).toEqual([
      [7, null],
      [8, null],
      [7, 'mark-7'],
    ]);
  });

  it('are looked at once for many hints, one at a time', async () => {
    const calls: number[] = [];
    let atOnce = 0;
    const { watch: pulls } = begin(
      () => [],
      async (number) => {
        atOnce += 1;
        expect(atOnce).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        calls.push(number);
        atOnce -= 1;
        return looked('m');
      },
    );
    for (let time = 0; time < 10_000; time += 1) pulls.hint(time % 3);
    await soon('all three', () => calls.length >= 3);
    expect(calls.toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });

  it('are tried again after a failure, and after being overtaken', async () => {
    const calls: number[] = [];
    const { watch: pulls, log } = begin(
      () => [],
      async (number) => {
        calls.push(number);
        if (calls.length === 1) throw new RedisopsError('GITHUB_FAILED', 'no answer', { hint: '' });
        return looked(calls.length === 2 ? null : 'm');
      },
    );
    pulls.hint(7);
    await soon('three looks', () => calls.length === 3);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('cannot be put off for ever by hints', async () => {
    const calls: number[] = [];
    const { watch: pulls } = begin(
      () => [],
      async (number) => {
        calls.push(number);
        return looked('m');
      },
    );
    const timer = setInterval(() => pulls.hint(7), 5);
    await soon('a look', () => calls.length > 0).finally(() => clearInterval(timer));
    expect(calls[0]).toBe(7);
  });
});
