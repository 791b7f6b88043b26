import { describe, expect, it } from 'vitest';
import type { TemplateGap } from '../../../src/domain/desired.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { desiredCluster, healthy } from '../../builders.ts';

const BLOCKS: TemplateGap = { blocks: true, message: 'it has no masterauth', hint: 'Print it.' };
const WARNS: TemplateGap = { blocks: false, message: 'it says nothing of save', hint: 'Say it.' };

function planWith(gaps: readonly (readonly TemplateGap[])[]) {
  const cluster = desiredCluster();
  const nodes = cluster.nodes.map((node, index) => ({ ...node, templateGaps: gaps[index] ?? [] }));
  const desired = { ...cluster, nodes };
  return makePlan({ kind: 'converge' }, desired, healthy(desired));
}

describe('gaps of the repository’s template', () => {
  it('block if replication would fail', () => {
    expect(planWith([[], [BLOCKS]]).blockers).toEqual([
      { code: 'TEMPLATE_UNSAFE', node: 'redis-02', message: 'redis-02: it has no masterauth', hint: 'Print it.' },
    ]);
  });

  it('otherwise are risks, reported once for all nodes', () => {
    const { blockers, risks } = planWith([[WARNS], [WARNS], [WARNS]]);
    expect(blockers).toEqual([]);
    expect(risks).toEqual([{ code: 'TEMPLATE_UNSAFE', node: null, message: 'all nodes: it says nothing of save' }]);
    expect(planWith([[], [], [WARNS]]).risks[0]).toMatchObject({
      node: 'redis-03',
      message: 'redis-03: it says nothing of save',
    });
  });

  it('are none without a template', () => {
    expect(planWith([])).toMatchObject({ blockers: [], risks: [] });
  });
});
