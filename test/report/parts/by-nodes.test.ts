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

  it('stays apart from texts about no node', () => {
    const all = [said(null, 'down'), said('a', 'down'), said('a', 'down')];
    expect(byNodes(all)).toEqual([said(null, 'down'), said('a', 'down')]);
  });
});
