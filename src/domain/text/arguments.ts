import { trimmed } from './trim.ts';

/** What C’s isspace takes for white space. */
const SPACE = /[ \t\n\v\f\r]/;
/** End of an unquoted word. */
const WORD_END = /[ \t\n\r]/;
/** Printable ASCII without quotes, as nearly every line is. */
const PLAIN = /^[!#-&(-~ \t]*$/;
const HIGH_BYTE = /[\u0080-\u00ff]/;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\u0007' };

interface Word {
  text: string;
  end: number;
}

/**
 * Splits a line as Redis does (sdssplitargs in sds.c): words, "double quoted" with \n \r \t \b \a \xHH escapes, 'single
 * quoted' with \'. Empty for a comment; null for unbalanced quotes.
 */
export function splitArguments(text: string): readonly string[] | null {
  if (PLAIN.test(text)) return plainWords(text);
  // One character a byte: escapes make bytes, and a white space of Unicode is none to Redis.
  const line = Buffer.from(trimmed(text, ' \t\r\n'), 'utf8').toString('latin1');
  if (line.startsWith('#')) return [];
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (SPACE.test(line.charAt(at))) {
      at += 1;
      continue;
    }
    const word = readWord(line, at);
    if (!word) return null;
    words.push(HIGH_BYTE.test(word.text) ? Buffer.from(word.text, 'latin1').toString('utf8') : word.text);
    at = word.end;
  }
  return words;
}

function plainWords(text: string): readonly string[] {
  const words = text.split(/[ \t]+/);
  const [first, last] = [words[0] === '' ? 1 : 0, words.at(-1) === '' ? words.length - 1 : words.length];
  return words[first]?.startsWith('#') ? [] : words.slice(first, last);
}

function readWord(line: string, start: number): Word | null {
  let text = '';
  let at = start;
  while (at < line.length && !WORD_END.test(line.charAt(at))) {
    const letter = line.charAt(at);
    if (letter === '"' || letter === "'") {
      const quoted = letter === '"' ? readDoubleQuoted(line, at + 1) : readSingleQuoted(line, at + 1);
      // Redis requires white space after a closing quote.
      if (!quoted || (quoted.end < line.length && !SPACE.test(line.charAt(quoted.end)))) return null;
      return { text: text + quoted.text, end: quoted.end };
    }
    text += letter;
    at += 1;
  }
  return { text, end: at };
}

function readDoubleQuoted(line: string, start: number): Word | null {
  let text = '';
  for (let at = start; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (letter === '"') return { text, end: at + 1 };
    if (letter !== '\\' || at + 1 === line.length) {
      text += letter;
      continue;
    }
    const byte = /^x([0-9a-f]{2})/i.exec(line.slice(at + 1, at + 4))?.[1];
    const next = line.charAt(at + 1);
    text += byte === undefined ? (ESCAPES[next] ?? next) : String.fromCodePoint(Number.parseInt(byte, 16));
    at += byte === undefined ? 1 : 3;
  }
  return null;
}

function readSingleQuoted(line: string, start: number): Word | null {
  let text = '';
  for (let at = start; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (letter === "'") return { text, end: at + 1 };
    if (letter === '\\' && line.charAt(at + 1) === "'") at += 1;
    text += line.charAt(at);
  }
  return null;
}

/** An argument as written to redis.conf, quoted if necessary. */
export function quoteArgument(value: string): string {
  // Printable, without spaces, quotes or backslashes.
  if (/^[!#-&(-[\]-~]+$/.test(value)) return value;
  let quoted = '';
  for (const byte of Buffer.from(value, 'utf8')) {
    const letter = String.fromCodePoint(byte);
    if (letter === '"' || letter === '\\') quoted += `\\${letter}`;
    else if (byte < 0x20 || byte > 0x7e) quoted += `\\x${byte.toString(16).padStart(2, '0')}`;
    else quoted += letter;
  }
  return `"${quoted}"`;
}
