import { isIP } from 'node:net';
import { directiveInfo } from '../../domain/redis/directives.ts';
import { quoteArgument } from '../../domain/text/arguments.ts';
import { Secret, SensitiveText } from '../../domain/secret.ts';
import { directiveMistake } from '../directives/directive-mistake.ts';
import { quoted, type RenderedTemplate } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import { statementMistake } from './sentinel-statement.ts';
import { printedLines, unshown, type PrintedLine } from './template-conf.ts';

export interface Monitor {
  master: string;
  host: string;
  port: number;
  quorum: number;
}

/** A rendered sentinel.conf, as far as it can be checked. */
export interface SentinelConf {
  content: SensitiveText;
  monitors: readonly Monitor[];
  /** `auth-pass` by master name. */
  passwords: ReadonlyMap<string, Secret>;
  bind: readonly string[] | null;
  /** Whether SENTINEL SET may configure scripts. */
  scriptsAreSet: boolean;
}

/**
 * Parses the rendered sentinel.conf. Anything that keeps Sentinel from starting is a mistake on the template’s line.
 * @param secrets Texts that must not be shown.
 */
export function readSentinelConf(
  file: string,
  rendered: RenderedTemplate,
  secrets: readonly string[],
  problems: Problems,
): SentinelConf {
  const add = (line: number, message: string): void => problems.add({ file, line, column: 1 }, message);
  const lines = printedLines(rendered, add);
  const statements = lines.filter(({ name, words }) => name === 'sentinel' && words.length > 0).map(statementOf);
  const masters = new Set<string>();
  for (const { name, words, line } of statements) {
    if (name !== 'monitor') continue;
    if (masters.has(words[0] ?? '')) add(line, 'prints sentinel monitor twice for one master');
    masters.add(words[0] ?? '');
  }
  const resolves = statements.some(
    ({ name, words }) => name === 'resolve-hostnames' && words[0]?.toLowerCase() === 'yes',
  );
  for (const { name, words, line, clear } of statements) {
    const mistake = statementMistake(name, words, masters);
    if (mistake !== null) add(line, clear > 1 ? mistake : unshown('sentinel'));
    else if (name === 'monitor' && isIP(words[1] ?? '') === 0 && !resolves)
      add(
        line,
        'prints sentinel monitor with a name for an address: Sentinel resolves none without sentinel resolve-hostnames yes',
      );
  }
  for (const { name, words, line, clear } of lines) {
    const mistake = name === 'sentinel' ? null : directiveMistakeOf(name, words);
    if (mistake !== null) add(line, clear > 0 ? mistake : unshown(name));
  }
  const passwords = new Map(
    statements
      .filter(({ name, words }) => name === 'auth-pass' && words.length === 2)
      .map(({ words: [master = '', password = ''] }) => [master, new Secret(password)]),
  );
  return {
    content: contentOf(rendered, [...secrets, ...[...passwords.values()].map((each) => each.reveal())]),
    monitors: statements.filter(({ name, words }) => name === 'monitor' && words.length === 4).map(monitorOf),
    passwords,
    bind: lines.findLast(({ name }) => name === 'bind')?.words ?? null,
    scriptsAreSet: statements.some(
      ({ name, words }) => name === 'deny-scripts-reconfig' && words[0]?.toLowerCase() === 'no',
    ),
  };
}

function statementOf({ words: [word = '', ...words], line, clear }: PrintedLine): PrintedLine {
  return { name: word.toLowerCase(), words, line, clear };
}

function monitorOf({ words: [master = '', host = '', port = '', quorum = ''] }: PrintedLine): Monitor {
  return { master, host, port: Number(port), quorum: Number(quorum) };
}

function directiveMistakeOf(name: string, words: readonly string[]): string | null {
  if (!directiveInfo(name)) return `prints ${quoted(name)}, which Redis 7 does not know`;
  if (name === 'include') return 'prints include: what another file says cannot be checked; put its lines here';
  if (words.length === 0) return `prints ${name} without a value`;
  const mistake = directiveMistake(name, words);
  return mistake === null ? null : `prints ${name}, which ${mistake}`;
}

function contentOf({ text, secrets: pieces }: RenderedTemplate, secrets: readonly string[]): SensitiveText {
  const known = [...secrets, ...pieces.map((piece) => piece.text)].filter((each) => each !== '');
  const masked = new Set(known.flatMap((each) => [each, quoteArgument(each)]));
  return new SensitiveText(
    text,
    [...masked].map((each) => new Secret(each)),
  );
}
