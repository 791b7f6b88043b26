import type { DiffLine } from '../../domain/action.ts';

const CONTEXT = 2;
/** Larger files are shown as replaced: the table grows with the product of both lengths. */
const MAXIMUM_CELLS = 1_000_000;
const MAXIMUM_LINES = 200;

/** Differing lines with some context. For masked texts. */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  if (before === after) return [];
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const all = old.length * fresh.length > MAXIMUM_CELLS ? replaced(old, fresh) : aligned(old, fresh);
  const shown = withContext(all);
  if (shown.length <= MAXIMUM_LINES) return shown;
  return [...shown.slice(0, MAXIMUM_LINES), { sign: '…', text: `${shown.length - MAXIMUM_LINES} more lines` }];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function replaced(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  return [...old.map((text) => ({ sign: '-', text }) as const), ...fresh.map((text) => ({ sign: '+', text }) as const)];
}

/** Longest common subsequence. */
function aligned(old: readonly string[], fresh: readonly string[]): readonly DiffLine[] {
  const lengths = old.map(() => new Uint32Array(fresh.length + 1));
  lengths.push(new Uint32Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      const same = old[i] === fresh[j];
      const row = lengths[i];
      if (row) row[j] = same ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }

  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [here, there] = [old[i], fresh[j]];
    if (here !== undefined && here === there) {
      lines.push({ sign: ' ', text: here });
      i += 1;
      j += 1;
    } else if (here !== undefined && (there === undefined || at(lengths, i + 1, j) >= at(lengths, i, j + 1))) {
      lines.push({ sign: '-', text: here });
      i += 1;
    } else {
      lines.push({ sign: '+', text: there ?? '' });
      j += 1;
    }
  }
  return lines;
}

function at(lengths: readonly Uint32Array[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}

function withContext(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  );
  return lines.flatMap((line, index) => {
    if (near[index]) return [line];
    return near[index - 1] === true ? [{ sign: '…', text: '' } as const] : [];
  });
}
