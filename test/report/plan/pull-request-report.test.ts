import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../../src/domain/error.ts';
import type { Report } from '../../../src/domain/report.ts';
import { annotationText } from '../../../src/report/plan/annotation-text.ts';
import { markdownParts } from '../../../src/report/markdown/parts.ts';
import { pullRequestReport, verdictOf, type ClusterPlan } from '../../../src/report/plan/pull-request-report.ts';
import { riskFigures } from '../../../src/report/plan/risk-figures.ts';
import { actionsOf } from '../../../src/domain/plan.ts';
import { action, maxmemoryPlan, plan, resyncPlan, HEALTHY } from '../fixtures.ts';
import { headingsOf, rowsOf } from '../look.ts';

const invalid = new ConfigInvalid([{ file: 'a.yml', line: 3, column: 1, message: 'is wrong' }]);
const blocker = { code: 'MASTER_UNKNOWN' as const, node: null, message: 'nobody is master', hint: 'look' };
const of = (...plans: ClusterPlan[]) => ({
  head: 'a'.repeat(40),
  base: 'b'.repeat(40),
  branch: 'main',
  merged: 'merged' as const,
  guarded: false,
  clusters: plans,
  notes: [],
});
const planned = (each = plan(), cluster = 'redis'): ClusterPlan => ({ cluster, plan: each, observed: HEALTHY });

describe('the verdict', () => {
  it.each([
    ['success', of(planned())],
    ['success', of(planned(maxmemoryPlan()))],
    ['neutral', of(planned(resyncPlan()))],
    ['failure', of(planned(plan({ blockers: [blocker] })), planned(resyncPlan()))],
    ['failure', of({ cluster: 'redis', error: invalid }, planned(resyncPlan()))],
    ['action_required', { ...of(planned(maxmemoryPlan())), waits: 'Waits for a review' }],
    ['failure', { ...of(planned(plan({ blockers: [blocker] }))), waits: 'Waits for a review' }],
  ] as const)('is %s %#', (conclusion, clusters) => {
    expect(verdictOf(clusters).conclusion).toBe(conclusion);
  });
});

describe('the comment', () => {
  it('has commits, digest, figures, blockers first', () => {
    const report = pullRequestReport(of(planned(maxmemoryPlan())));
    expect(report.footer).toEqual([
      `Head ${'a'.repeat(40)}`,
      `Base ${'b'.repeat(40)}`,
      `digest ${maxmemoryPlan().digest}`,
    ]);
    expect(headingsOf(report)).toContain('Risk in figures');
    expect(headingsOf(report)).toContain('Changed live');
  });

  it('names each section’s cluster if there are several', () => {
    const report = pullRequestReport(of(planned(maxmemoryPlan(), 'shop'), planned(resyncPlan(), 'queue')));
    expect(headingsOf(report).every((heading) => /^(?:shop|queue)/.test(heading ?? ''))).toBe(true);
  });

  it('shows a stranger kinds of steps, and no value', () => {
    const text = JSON.stringify(pullRequestReport({ ...of(planned(maxmemoryPlan())), guarded: true }));
    expect(text).toContain('maxmemory');
    expect(text).not.toContain('512');
  });
});

describe('risk in figures', () => {
  it('says of a full synchronization how much and how long', () => {
    const [section] = riskFigures(resyncPlan(), HEALTHY);
    const report: Report = { title: '', tone: 'good', summary: '', sections: section ? [section] : [] };
    expect(rowsOf(report, 'Risk in figures')).toEqual([
      ['redis-03', 'resync', 'yes', expect.stringMatching(/^up to [\d.]+ [KM]iB$/), expect.stringMatching(/s$/), 'no'],
    ]);
  });

  it('follows the master’s role on its way', () => {
    const [restart, other] = ['redis-01', 'redis-02'].map((node) => action(node, 'restart-unit', { summary: '' }));
    const over = action('redis-01', 'hand-over', { summary: '' });
    if (!restart || !other) throw new Error('two restarts');
    const [section] = riskFigures(plan({ waves: [{ actions: [other, over, restart] }] }), HEALTHY);
    const report: Report = { title: '', tone: 'good', summary: '', sections: section ? [section] : [] };
    const rows = rowsOf(report, 'Risk in figures').map((row) => [row[0], row[2], row[5]]);
    expect(rows).toEqual([
      ['redis-02', 'only if the backlog is too short', 'no'],
      ['redis-01', 'no', 'milliseconds; 2.5 s at most'],
      ['redis-01', 'only if the backlog is too short', 'no'],
    ]);
  });

  it('counts the first synchronization of a replica that starts', () => {
    const started = ['start-unit', 'await-link'] as const;
    const actions = started.map((kind) => action('redis-02', kind, { summary: '' }));
    const [section] = riskFigures(plan({ waves: [{ actions }] }), HEALTHY);
    expect(section).toMatchObject({
      rows: [['redis-02', 'start', 'yes', expect.stringMatching(/^up to/), expect.anything(), 'no']],
    });
  });

  it('says that there is none; empty if the plan is blocked', () => {
    expect(riskFigures(maxmemoryPlan(), HEALTHY)).toMatchObject([{ kind: 'text' }]);
    expect(riskFigures(plan({ blockers: [blocker] }), HEALTHY)).toEqual([]);
  });
});

describe('an annotation', () => {
  const actions = actionsOf(maxmemoryPlan());
  it.each([
    ['redis_maxmemory', 'maxmemory', /^Set live on redis-02, redis-03 and redis-01/],
    ['redis_config databases', 'databases', /^Redis reads this only when it starts/],
    ['redis_enable_replication', null, /^Part of the plan/],
  ])('of %s', (name, directive, message) => {
    expect(annotationText({ name, directive }, actions).message).toMatch(message);
  });
});

describe('parts', () => {
  const report = (lines: number, rows: number): Report => ({
    title: 'A long plan',
    tone: 'neutral',
    summary: 'It is.',
    sections: [
      {
        kind: 'code',
        heading: 'redis.conf',
        language: 'diff',
        lines: Array.from({ length: lines }, (_, at) => `+ line ${at} of ${'x'.repeat(90)}`),
      },
      {
        kind: 'table',
        heading: 'Table',
        columns: ['node'],
        rows: Array.from({ length: rows }, (_, at) => [`node-${at}`]),
      },
    ],
    footer: ['digest'],
  });

  it('are one if everything fits', () => {
    const [only, ...more] = markdownParts(report(3, 3));
    expect(more).toEqual([]);
    expect(only).toContain('<details><summary>Show</summary>\n\n```diff\n+ line 0');
    expect(only).not.toContain('Part 1');
  });

  it('lose nothing, end between lines, and each has room in a comment', () => {
    const parts = markdownParts(report(2000, 3000));
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(65_000);
    const all = parts.join('\n');
    for (const at of [0, 1, 999, 1999]) expect(all.split(`+ line ${at} of ${'x'.repeat(90)}\n`)).toHaveLength(2);
    for (const at of [0, 2999]) expect(all.split(`| node-${at} |`)).toHaveLength(2);
    for (const part of parts) expect((part.match(/```/g) ?? []).length % 2).toBe(0);
    expect(all).toContain('### redis.conf (continued)');
    expect(parts.at(-1)).toContain('<sub>digest</sub>');
  });

  it('are twenty at most, whatever the input', () => {
    const parts = markdownParts(report(200_000, 1));
    expect(parts).toHaveLength(20);
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThan(65_500);
    expect(parts.at(-1)).toContain('Cut here');
  });
});
