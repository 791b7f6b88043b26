import { runsOf } from '../text/plain-text.ts';

/**
 * Zero-width space: separates an `@` from its name and a scheme from its host, which GitHub links even after a
 * backslash.
 */
const BREAK = '\u200B';

/** Literal text for GitHub: no markup, mention, link, reference or emoji. `…` in backticks stays code. */
export function inline(text: string): string {
  const shown = runsOf(text)
    .map(({ text: run, code }) => (code ? `\`${run}\`` : escaped(run)))
    .join('');
  return shown.split('\n').map(lineStart).join('\n');
}

/** The same for a table cell, entirely literal. */
export function cell(text: string): string {
  return escaped(text.replaceAll('\n', ' '));
}

/** A code block whose fence is longer than any inside. */
export function fenced(lines: readonly string[], language: string): string {
  const ticks = lines.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  const fence = '`'.repeat(Math.max(3, ...ticks.map((length) => length + 1)));
  return [fence + language, ...lines, fence].join('\n');
}

function escaped(text: string): string {
  return text
    .replace(/[\\`*[\]|~$<]|&(?=#?\w+;)/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replaceAll('@', `@${BREAK}`)
    .replaceAll('://', `:${BREAK}//`)
    .replace(/www(?=\.)/gi, `$&${BREAK}`)
    .replace(/(#|\bGH-)(?=\d)/gi, `$1${BREAK}`)
    .replace(/:(?=[\d_]*[a-z+-][\w+-]*:)/gi, `:${BREAK}`);
}

/** Escapes what would begin a heading, a list, a quotation, a rule or a table. */
function lineStart(line: string): string {
  const text = line.trimStart();
  if (/^[-+=#:>]/.test(text)) return `\\${text}`;
  return text.replace(/^(\d{1,9})([.)])/, '$1\\$2');
}
