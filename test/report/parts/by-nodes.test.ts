import { describe, expect, it } from 'vitest';
import { byNodes } from '../../../src/report/parts/by-nodes.ts';

const said = (node: string | null, message: string, hint?: string) => ({
  code: 'X',
  node,
  message,
  ...(hint === undefined ? {} : { hint }),
});

describe('what is said of nodes', () => {
  it('is said once of those of which it is the same, in the order of the first', () => {
    const all = [said('a', 'down', 'Start it.'), said('a', 'old'), said('b', 'down', 'Start it.'), said('c', 'down')];
    expect(byNodes(all)).toEqual([said('a and b', 'down', 'Start it.'), said('a', 'old'), said('c', 'down')]);
  });

  it('is said once where only the node’s name differs', () => {
    const of = (node: string) => said(node, `${node}: systemd starts another file.`, `Run \`mend\` on ${node}.`);
    expect(byNodes([of('a-1'), of('a-2'), of('a-3')])).toEqual([
      said(
        'a-1, a-2 and a-3',
        'a-1, a-2 and a-3: systemd starts another file.',
        'Run `mend` on a-1. The same on a-2 and a-3.',
      ),
    ]);
    const inside = (node: string) => said(node, `On ${node} it is a link.`);
    expect(byNodes([inside('a-1'), inside('a-2')])).toEqual([said('a-1', 'On a-1 it is a link. The same on a-2.')]);
  });

  it('has a hint that texts share after the last of them', () => {
    const all = [said('a-1', 'process 76 runs', 'Leave it.'), said('a-2', 'process 80 runs', 'Leave it.')];
    expect(byNodes(all).map(({ hint }) => hint)).toEqual(['', 'Leave it.']);
  });

  it('stays apart from texts about no node', () => {
    const all = [said(null, 'down'), said('a', 'down'), said('a', 'down')];
    expect(byNodes(all)).toEqual([said(null, 'down'), said('a', 'down')]);
  });
});
