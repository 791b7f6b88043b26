import { directiveKind } from '../../domain/redis/directive-kind.ts';
import { canonicalName, DIRECTIVES, directiveInfo, SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import { BYTE_ORDER_MARK } from '../../domain/text/byte-order-mark.ts';
import { quoteArgument, splitArguments } from '../../domain/text/arguments.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { HIDES_COMMENTS, Secret, SensitiveText } from '../../domain/secret.ts';
import { directiveMistake } from '../directives/directive-mistake.ts';
import { logFileMistake } from '../directives/log-file.ts';
import { quoted, type RenderedTemplate } from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import { readFolder, readPort, type Read } from '../variables/variable-value.ts';
import type { Scalar } from '../yaml/value.ts';

/** A rendered redis.conf, as far as redisops needs it. */
export interface TemplateConf {
  content: RedisConf;
  port: number;
  folder: string;
  password: Secret | null;
  masterauth: Secret | null;
  /** Arguments by directive. */
  directives: ReadonlyMap<string, readonly string[]>;
}

/** Shorter parts of a secret would show where else their letters are. */
const SHORTEST_MASKED = 4;

const REFUSED: Readonly<Record<string, string>> = {
  include: 'what another file says cannot be planned; put its directives here',
  'rename-command': 'redisops needs the commands by their names',
  'cluster-enabled': 'Redis Cluster is not replication; redisops does not manage it',
};

/** A line that is neither empty nor a comment. */
export interface PrintedLine {
  /** The first word, as the directive’s canonical name. */
  name: string;
  words: readonly string[];
  /** Line of the template. */
  line: number;
  /** Number of leading words, including the first, that may be shown; a secret is in the rest. */
  clear: number;
}

/**
 * Parses the rendered redis.conf. Anything that keeps Redis from starting, or that redisops cannot manage, is a mistake
 * on the template’s line.
 * @param secrets Texts that must not be shown.
 */
export function readTemplateConf(
  file: string,
  rendered: RenderedTemplate,
  secrets: readonly string[],
  problems: Problems,
): TemplateConf {
  const ofSecrets = new Set(rendered.secrets.map(({ line }) => line));
  const add = (line: number, message: string): void => {
    const at = { file, line, column: 1 };
    problems.addPrinted(at, message, ofSecrets.has(line));
  };
  const lines = printedLines(rendered, add);
  const hidesComments = refuseShownSecrets(rendered, (line, message) =>
    problems.addOfSecret({ file, line, column: 1 }, message),
  );
  const last = new Map(lines.map((line) => [line.name, line]));
  const value = <T>(name: string, read: (value: Scalar) => Read<T>, fallback: T): T => {
    const line = last.get(name);
    if (!line) return fallback;
    const result = read(scalar(line.words[0] ?? '', { file, line: line.line, column: 1 }));
    const isClear = line.clear > line.words.length;
    if (!result.ok) add(line.line, isClear ? `${name} ${result.message}` : unshown(name));
    // A value with a secret is refused below; nothing else may quote it.
    return result.ok && isClear ? result.value : fallback;
  };
  if (!last.has('dir')) add(1, 'prints no dir: Redis would take the folder that it is started in');
  const folder = value('dir', readFolder, '/data/redis');
  for (const { name, words, line, clear } of lines) {
    const mistake = lineMistake(name, words, folder);
    // For an unknown directive only its name is quoted.
    if (mistake !== null) add(line, clear > (directiveInfo(name) ? words.length : 0) ? mistake : unshown(name));
  }
  const plain = (name: string): string => last.get(name)?.words[0] ?? '';
  const [password, masterauth] = [plain('requirepass'), plain('masterauth')];
  const pieces = rendered.secrets.map(({ text }) => text).filter(({ length }) => length >= SHORTEST_MASKED);
  const known = [...secrets, ...pieces, password, masterauth].filter((each) => each !== '');
  const masked = [...new Set(known.flatMap((each) => [each, quoteArgument(each)]))].map((each) => new Secret(each));
  const hidden = hidesComments ? [...masked, HIDES_COMMENTS] : masked;
  const content = RedisConf.parse(new SensitiveText(rendered.text, hidden));
  return {
    content,
    port: value('port', readPort, 6379),
    folder,
    password: password === '' ? null : new Secret(password),
    masterauth: masterauth === '' ? null : new Secret(masterauth),
    directives: new Map(content.all.map(({ name }) => [name, last.get(name)?.words ?? []])),
  };
}

function scalar(value: string, at: Scalar['at']): Scalar {
  return { kind: 'scalar', value, source: value, confidential: false, literal: true, at };
}

/** The template’s output, line by line. */
export function printedLines(
  { text, lines: places, secrets }: RenderedTemplate,
  add: (line: number, message: string) => void,
): readonly PrintedLine[] {
  let end = -1;
  let piece = 0;
  const endOf = ({ at, text: own }: (typeof secrets)[number]): number => at + own.length;
  return text.split('\n').flatMap((each, index): readonly PrintedLine[] => {
    const from = end + 1;
    end = from + each.length;
    const line = places[index] ?? places.at(-1) ?? 1;
    const all = splitArguments(each);
    if (all === null) add(line, 'prints a line with quotes that are not closed');
    const [word, ...words] = all ?? [];
    if (word === undefined) return [];
    if (word.startsWith(BYTE_ORDER_MARK)) {
      add(line, 'prints a byte order mark, with which Redis does not start: save the template without it');
      return [];
    }
    // They are in order.
    for (let own = secrets[piece]; own && endOf(own) <= from; own = secrets[piece]) piece += 1;
    const secretAt = (secrets[piece]?.at ?? end) - from;
    const clear = secretAt < each.length ? wholeWords(each.slice(0, Math.max(0, secretAt))) : words.length + 1;
    return [{ name: canonicalName(word), words, line, clear }];
  });
}

function wholeWords(start: string): number {
  const words = splitArguments(start)?.length ?? 0;
  return /\s$/.test(start) ? words : Math.max(0, words - 1);
}

/** A mistake must not quote a line with a secret. */
export function unshown(name: string): string {
  return `prints ${directiveInfo(name) ? name : 'a line'} with a secret in it that Redis 7 would not take (not quoted)`;
}

function lineMistake(name: string, words: readonly string[], folder: string): string | null {
  if (!directiveInfo(name))
    return `prints ${quoted(name)}, which Redis 7 does not know.${didYouMean(name, Object.keys(DIRECTIVES))}`;
  const refusal = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (refusal !== undefined && !(name === 'cluster-enabled' && words[0] === 'no')) return `prints ${name}: ${refusal}`;
  if (words.length === 0) return `prints ${name} without a value`;
  if (directiveKind(name).kind !== 'words' && words.length > 1) return `prints ${name} with more than one value`;
  const mistake = directiveMistake(name, words) ?? (name === 'logfile' ? logFileMistake(words[0] ?? '', folder) : null);
  if (mistake === null) return null;
  return SECRET_DIRECTIVES.has(name)
    ? `prints ${name}, which ${mistake}`
    : `prints ${name}, which ${mistake}, not ${quoted(words.join(' '))}`;
}

/**
 * Plans and reports show every directive except passwords: a secret elsewhere is a mistake. Returns whether one is in a
 * comment: none is then shown.
 */
export function refuseShownSecrets(
  { text, secrets }: RenderedTemplate,
  add: (line: number, message: string) => void,
): boolean {
  let isInComment = false;
  for (const { text: piece, at, line } of secrets) {
    const from = text.lastIndexOf('\n', at - 1) + 1;
    const end = text.indexOf('\n', at + piece.length);
    const lines = text.slice(from, end === -1 ? text.length : end).split('\n');
    for (const [index, each] of lines.entries()) {
      const [word] = splitArguments(each) ?? [];
      if (word === undefined && each.trim() === '') continue;
      // A name that is part of the secret would show which it is.
      const isNamed = index === 0 && text.slice(from, at).trim() !== '';
      const name = word === undefined ? '' : isNamed ? canonicalName(word) : '…';
      if (SECRET_DIRECTIVES.has(name) && (name !== 'user' || isMasked(piece, text.slice(from, at)))) continue;
      // A line is a comment whatever the secret is only if the # stands before it.
      if (isNamed && each.trimStart().startsWith('#')) isInComment = true;
      else add(line, `prints a secret in ${quoted(directiveInfo(name) ? name : '…')}, which plans and reports show`);
    }
  }
  return isInComment;
}

/** Whether a part of a user’s line is masked: by its own text, or as part of a password. */
function isMasked(piece: string, before: string): boolean {
  const word = before.slice(Math.max(before.lastIndexOf(' '), before.lastIndexOf('\t')) + 1);
  return piece.length >= SHORTEST_MASKED || /^["']?[><#!]/.test(word);
}
