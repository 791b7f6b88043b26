import type { Endpoint } from './action.ts';
import { REPEATED_DIRECTIVES, canonicalName } from './directives.ts';
import type { SensitiveText } from './secret.ts';

const ROLE_LINE = /^\s*(?:replicaof|slaveof)\s/i;

/**
 * redis.conf with the role that the node has: Git nominates a master, the nodes say who it is. Role lines go; a
 * replica’s one is put where the first stood, or at the end.
 */
export function withRole(conf: SensitiveText, master: Endpoint | null): SensitiveText {
  return conf.map((plain) => {
    const lines = plain.replace(/\n$/, '').split('\n');
    const at = lines.findIndex((line) => ROLE_LINE.test(line));
    const others = lines.filter((line) => !ROLE_LINE.test(line));
    if (master) others.splice(at === -1 ? others.length : at, 0, `replicaof ${master.host} ${master.port}`);
    return `${others.join('\n')}\n`;
  });
}

export interface ConfDirective {
  /** Canonical, lower case. */
  name: string;
  /** The arguments, unquoted, as CONFIG GET shows them. May be a secret. */
  value: string;
  /** Line in the file, from 1; the last one where several lines add up. */
  line: number;
}

/** The directives of a redis.conf as Redis reads them: the last line wins, repeated ones add up, `save ""` clears. */
export function directivesOf(conf: SensitiveText): readonly ConfDirective[] {
  const found = new Map<string, ConfDirective>();
  for (const [index, text] of conf.reveal().split('\n').entries()) {
    const words = splitArguments(text);
    const [word, ...parameters] = words ?? [];
    if (word === undefined || word.startsWith('#')) continue;
    const name = canonicalName(word);
    const value = parameters.join(' ');
    const before = found.get(name);
    const adds = before !== undefined && before.value !== '' && value !== '' && REPEATED_DIRECTIVES.has(name);
    found.set(name, { name, value: adds ? `${before.value} ${value}` : value, line: index + 1 });
  }
  return [...found.values()];
}

/**
 * Splits a line as Redis does (sdssplitargs): words, "double quoted" with \n \r \t \b \a \xHH escapes, 'single quoted'
 * with \'. Null for unbalanced quotes.
 */
export function splitArguments(line: string): readonly string[] | null {
  if (/^\s*#/.test(line)) return [];
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line.charAt(at))) {
      at += 1;
      continue;
    }
    const word = readWord(line, at);
    if (!word) return null;
    words.push(word.text);
    at = word.end;
  }
  return words;
}

function readWord(line: string, start: number): { text: string; end: number } | null {
  let text = '';
  let at = start;
  while (at < line.length && !/\s/.test(line.charAt(at))) {
    const letter = line.charAt(at);
    if (letter !== '"' && letter !== "'") {
      text += letter;
      at += 1;
      continue;
    }
    const quoted = letter === '"' ? readDoubleQuoted(line, at + 1) : readSingleQuoted(line, at + 1);
    if (!quoted) return null;
    // Redis wants white space after a closing quote.
    if (quoted.end < line.length && !/\s/.test(line.charAt(quoted.end))) return null;
    text += quoted.text;
    at = quoted.end;
  }
  return { text, end: at };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\u0007' };

function readDoubleQuoted(line: string, start: number): { text: string; end: number } | null {
  const bytes: Buffer[] = [];
  for (let at = start; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (letter === '"') return { text: Buffer.concat(bytes).toString('utf8'), end: at + 1 };
    if (letter !== '\\') {
      bytes.push(Buffer.from(String.fromCodePoint(line.codePointAt(at) ?? 0)));
      if ((line.codePointAt(at) ?? 0) > 0xff_ff) at += 1;
      continue;
    }
    const hexadecimal = /^x([0-9a-f]{2})/i.exec(line.slice(at + 1));
    if (hexadecimal) {
      bytes.push(Buffer.from([Number.parseInt(hexadecimal[1] ?? '0', 16)]));
      at += 3;
      continue;
    }
    const next = line.charAt(at + 1);
    bytes.push(Buffer.from(ESCAPES[next] ?? next));
    at += 1;
  }
  return null;
}

function readSingleQuoted(line: string, start: number): { text: string; end: number } | null {
  let text = '';
  for (let at = start; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (letter === "'") return { text, end: at + 1 };
    if (letter === '\\' && line.charAt(at + 1) === "'") at += 1;
    text += line.charAt(at);
  }
  return null;
}

/** One argument as it is written into redis.conf; quoted where Redis needs it. */
export function quoteArgument(value: string): string {
  if (/^[\w.:/@%+,*~=-]+$/.test(value)) return value;
  let quoted = '';
  for (const byte of Buffer.from(value, 'utf8')) {
    const letter = String.fromCodePoint(byte);
    if (letter === '"' || letter === '\\') quoted += `\\${letter}`;
    else if (byte < 0x20 || byte > 0x7e) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += letter;
  }
  return `"${quoted}"`;
}
