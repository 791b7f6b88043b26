import { listed } from '../text/format.ts';

interface Said {
  code: string | null;
  node: string | null;
  message: string;
  hint?: string | undefined;
}

/**
 * Groups texts that are equal but for their node, in order of each text’s first node. A hint that several texts share is
 * said with the last of them.
 */
export function byNodes<Each extends Said>(all: readonly Each[]): readonly Each[] {
  const groups = groupsOf(all, ({ code, node, message, hint = '' }) =>
    JSON.stringify([code, withoutNode(message, node), withoutNode(hint, node), node === null]),
  );
  return withoutRepeatedHints(groups.flatMap(together));
}

function together<Each extends Said>([first, ...others]: readonly Each[]): readonly Each[] {
  if (!first) return [];
  const names = [...new Set([first, ...others].flatMap(({ node }) => node ?? []))];
  if (names.length < 2) return [first];
  const { message, hint } = first;
  return [
    {
      ...first,
      // A sentence that names its node needs no list in front.
      node: isOfOne(message, names) ? first.node : listed(names),
      message: saidOfAll(message, names),
      ...(hint === undefined ? {} : { hint: saidOfAll(hint, names) }),
    },
  ];
}

/**
 * A text about the first of these nodes, for all of them: `redis-01: …` gets every name in front; a sentence about one
 * node stays one.
 */
export function saidOfAll(text: string, names: readonly string[]): string {
  const [first = ''] = names;
  if (names.length < 2) return text;
  const rest = text.startsWith(`${first}: `) ? text.slice(first.length + 2) : text;
  const prefix = rest === text ? '' : `${listed(names)}: `;
  const more = isOfOne(text, names) ? ` The same on ${listed(names.slice(1))}.` : '';
  return `${prefix}${rest}${more}`;
}

/** Whether the text names the first node beyond a `redis-01: ` in front. */
function isOfOne(text: string, [first = '']: readonly string[]): boolean {
  const rest = text.startsWith(`${first}: `) ? text.slice(first.length + 2) : text;
  return withoutNode(rest, first) !== rest;
}

/** The text as another node would have it. */
export function withoutNode(text: string, node: string | null): string {
  if (node === null) return text;
  const [head = '', ...rest] = text.split(node);
  return rest.reduce(
    (done, part) => `${done}${/[\w.-]$/.test(done) || /^[\w-]/.test(part) ? node : '\0'}${part}`,
    head,
  );
}

export function groupsOf<Each>(all: readonly Each[], keyOf: (each: Each) => string): readonly (readonly Each[])[] {
  const groups = new Map<string, Each[]>();
  for (const each of all) {
    const key = keyOf(each);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

function withoutRepeatedHints<Each extends Said>(all: readonly Each[]): readonly Each[] {
  return all.map((each, at) => {
    const next = all[at + 1];
    const isRepeated = next !== undefined && next.code === each.code && next.hint === each.hint;
    return isRepeated && each.hint !== undefined ? { ...each, hint: '' } : each;
  });
}
