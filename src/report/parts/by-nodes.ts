import { listed } from '../text/format.ts';

interface Said {
  code: string | null;
  node: string | null;
  message: string;
  hint?: string | undefined;
}

/** Groups equal texts of several nodes, in order of each text’s first node. */
export function byNodes<Each extends Said>(all: readonly Each[]): readonly Each[] {
  const groups = new Map<string, Each[]>();
  for (const each of all) {
    const { code, node, message, hint } = each;
    const key = JSON.stringify([code, message, hint, node === null]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const nodes = [first, ...others].flatMap(({ node }) => node ?? []);
    return [nodes.length > 1 ? { ...first, node: listed([...new Set(nodes)]) } : first];
  });
}
