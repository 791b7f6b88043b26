import { MANAGED } from '../text/managed.ts';
import { quoteArgument, splitArguments } from '../text/arguments.ts';
import type { ConfLine, RedisConf } from './redis-conf.ts';
import { directiveKind } from './directive-kind.ts';
import { canonicalName, directiveInfo } from './directives.ts';

const TITLE = '# Kept as this node had them, since Git does not say them';

/**
 * The file with the node’s own lines in place of redisops’ defaults. They come first: Git overrides what an `include`
 * brings, and its save points do not add to later ones.
 */
export function withKept(conf: RedisConf, kept: readonly ConfLine[]): RedisConf {
  if (kept.length === 0) return conf;
  const names = new Set(kept.map(({ name }) => name));
  const includes = kept.filter(({ name }) => name === 'include');
  const chapter = [
    TITLE,
    ...includes.map(lineOf),
    ...(includes.length > 0 ? ['save ""'] : []),
    ...kept.filter(({ name }) => name !== 'include').map(lineOf),
  ];
  return conf.map((plain) => {
    const others = plain.split('\n').filter((line) => !names.has(nameOf(line)));
    const at = others[0] === MANAGED ? 1 : 0;
    return [...others.slice(0, at), '', ...chapter, ...others.slice(at)].join('\n');
  });
}

/** The directives that a file of redisops keeps, with all their lines: CONFIG REWRITE moves some to the end. */
export function keptLines(conf: RedisConf): readonly ConfLine[] {
  const lines = conf.reveal().split('\n');
  const from = lines.indexOf(TITLE);
  if (from === -1) return [];
  const rest = lines.slice(from + 1);
  const end = rest.findIndex((line) => line.startsWith('#'));
  const names = new Set(rest.slice(0, end === -1 ? rest.length : end).map(nameOf));
  names.delete('');
  return [...names].flatMap((name): readonly ConfLine[] => {
    const value = directiveInfo(name)?.default ?? null;
    if (value !== null) return [confLine(name, conf.get(name) ?? value)];
    return conf.linesOf(name).map((parameters) => ({ name, parameters }));
  });
}

/** @param value As CONFIG GET shows it. */
export function confLine(name: string, value: string): ConfLine {
  const words = directiveKind(name).kind === 'words' ? value.split(/\s+/).filter((word) => word !== '') : [value];
  return { name, parameters: words.length > 0 ? words : [''] };
}

export function lineOf({ name, parameters }: ConfLine): string {
  return [name, ...parameters.map(quoteArgument)].join(' ');
}

/** Empty for a line without a directive. */
function nameOf(line: string): string {
  const [word = ''] = splitArguments(line) ?? [];
  return canonicalName(word);
}
