import { lettersOf } from '../text/letters.ts';
import { createHash } from 'node:crypto';
import { bind, defined, integer, string } from '../values/arguments.ts';
import type { Budget } from '../budget.ts';
import type { Filters } from './filter.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { isTrue, itemsOf } from '../values/operators.ts';
import { percentFormat } from '../values/percent-format.ts';
import { textOf } from '../values/python-text.ts';
import { Regex, groupOf, substitute } from '../text/regex.ts';
import { TEXT_METHODS, capitalized, joined, justify, linesOf, replaced, strip } from '../methods/text-methods.ts';
import { Dict, List, type Arguments, type Value } from '../values/value.ts';

const HASHES = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

function hashed(text: string, algorithm: string): string {
  if (!HASHES.includes(algorithm)) throw notSupported('that algorithm of a hash');
  return createHash(algorithm).update(text, 'utf8').digest('hex');
}

/** A text filter without arguments. */
const simple =
  (make: (text: string, budget: Budget) => Value): Filters[string] =>
  (value, given, { budget }) => {
    bind(given, []);
    return make(textOf(value, budget), budget);
  };

/** Filters that are methods of texts. */
const method =
  (name: string): Filters[string] =>
  (value, given, { budget }) => {
    const own = TEXT_METHODS[name];
    if (!own) throw notSupported(name);
    return own(string(value), given, budget);
  };

function regex(pattern: Value, ignoreCase: Value, multiline: Value, budget: Budget): Regex {
  return new Regex(
    string(pattern),
    { ignoreCase: isTrue(ignoreCase), multiline: isTrue(multiline), dotAll: false },
    budget,
  );
}

function searched(value: Value, { positional, named }: Arguments, budget: Budget): Value {
  const {
    regex: pattern = null,
    ignorecase = false,
    multiline = false,
  } = bind({ positional: positional.slice(0, 1), named }, ['regex', 'ignorecase', 'multiline'], 1);
  const own = regex(pattern, ignorecase, multiline, budget);
  const references = positional.slice(1).map((argument) => {
    const name = /^\\(?:g<(\S+)>|(\d+))/.exec(string(argument));
    if (!name) throw new TemplateMistake('asks regex_search for something that is no group');
    return name[1] ?? name[2] ?? '';
  });
  const match = own.search(lettersOf(textOf(value, budget)));
  if (!match) return null;
  if (references.length === 0) return match.groups[0] ?? '';
  return new List(
    references.map((name) => {
      groupOf(match, own, name);
      return match.groups[/^\d+$/.test(name) ? Number(name) : (own.names.get(name) ?? 0)] ?? null;
    }),
  );
}

function indented(text: string, given: Arguments, budget: Budget): string {
  const { width = 4n, first = false, blank = false } = bind(given, ['width', 'first', 'blank']);
  if (typeof width === 'bigint') budget.length(Number(width));
  const indent = typeof width === 'string' ? width : ' '.repeat(Math.max(0, integer(width)));
  // Jinja adds a line break, so that an empty last line counts.
  const [head = '', ...rest] = linesOf(`${text}\n`, budget);
  const keepsBlank = isTrue(blank);
  const lines = rest.map((line) => (line === '' && !keepsBlank ? line : indent + line));
  return joined([(isTrue(first) ? indent : '') + head, ...lines], '\n', budget);
}

function truncated(text: string, given: Arguments, budget: Budget): string {
  const {
    length = 255n,
    killwords = false,
    end = '...',
    leeway = 5n,
  } = bind(given, ['length', 'killwords', 'end', 'leeway']);
  const letters = lettersOf(text);
  const most = integer(length);
  const mark = string(end);
  if (most < mark.length) throw new TemplateMistake('cuts a text off shorter than the mark of the cut');
  if (letters.length <= most + integer(leeway === null ? 5n : leeway)) return text;
  const kept = budget.text(letters.slice(0, most - mark.length).join(''));
  const space = kept.lastIndexOf(' ');
  return (isTrue(killwords) || space === -1 ? kept : kept.slice(0, space)) + mark;
}

/** Python’s shlex.quote. */
function shellQuoted(text: string): string {
  if (text === '') return "''";
  return /[^\w@%+=:,./-]/.test(text) || /[\u0080-\u{10ffff}]/u.test(text) ? `'${text.replaceAll("'", `'"'"'`)}'` : text;
}

function commented(text: string, given: Arguments, budget: Budget): string {
  const { style = 'plain', decoration } = bind(given, ['style', 'decoration']);
  const marks: Readonly<Record<string, string>> = { plain: '# ', erlang: '% ', c: '// ' };
  const mark = decoration === undefined ? marks[string(style)] : string(decoration);
  if (mark === undefined) throw notSupported('that style of a comment');
  const bare = strip(mark, null, 'end');
  const lines = `${mark}${replaced(text, '\n', `\n${mark}`, -1, budget)}`.replaceAll(`${mark}\n`, `${bare}\n`);
  // Ansible omits these lines if nothing precedes them.
  return bare === '' ? `${lines}\n` : `${bare}\n${lines}\n${bare}`;
}

const SPECIAL = /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g;

export const TEXT_FILTERS: Filters = {
  string: simple((text) => text),
  upper: simple((text) => text.toUpperCase()),
  lower: simple((text) => text.toLowerCase()),
  capitalize: simple(capitalized),
  title: simple((text) =>
    text
      .split(/([-\s({[<]+)/)
      .map((word) => capitalized(word))
      .join(''),
  ),
  trim(value, given, { budget }) {
    const { chars = null } = bind(given, ['chars']);
    return strip(textOf(value, budget), chars === null ? null : string(chars), 'both');
  },
  replace(value, given, { budget }) {
    const { old = null, new: by = null, count = null } = bind(given, ['old', 'new', 'count'], 2);
    const most = count === null ? -1 : integer(count);
    return replaced(textOf(value, budget), textOf(old, budget), textOf(by, budget), most, budget);
  },
  split: method('split'),
  center(value, given, { budget }) {
    const { width = 80n } = bind(given, ['width']);
    return justify(textOf(value, budget), integer(width), ' ', 'centre', budget);
  },
  indent: (value, given, { budget }) => indented(string(value), given, budget),
  truncate: (value, given, { budget }) => truncated(string(value), given, budget),
  wordcount: simple((text, budget) => {
    budget.text(text);
    return BigInt(text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0);
  }),
  format(value, { positional, named }, { budget }) {
    if (positional.length > 0 && named.size > 0)
      throw new TemplateMistake('formats with arguments by place and by name');
    return percentFormat(
      textOf(value, budget),
      named.size > 0 ? new Dict(named) : new List([...positional], 'tuple'),
      budget,
    );
  },
  join(value, given, { budget }) {
    const { d = '', attribute = null } = bind(given, ['d', 'attribute']);
    if (attribute !== null) throw notSupported('join with an attribute (use map first)');
    return joined(
      itemsOf(value, budget).map((item) => textOf(item, budget)),
      textOf(d, budget),
      budget,
    );
  },
  comment: (value, given, { budget }) => commented(string(value), given, budget),
  quote(value, given, { budget }) {
    bind(given, []);
    return value === null ? "''" : shellQuoted(textOf(value, budget));
  },
  b64encode(value, given) {
    bind(given, []);
    return Buffer.from(string(value), 'utf8').toString('base64');
  },
  b64decode(value, given, { budget }) {
    bind(given, []);
    const text = string(value);
    if (!/^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i.test(text))
      throw new TemplateMistake('decodes something that is not base64');
    try {
      return budget.text(
        new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'base64')),
      );
    } catch {
      throw new TemplateMistake('decodes something that is not UTF-8');
    }
  },
  hash(value, given) {
    const { hashtype = 'sha1' } = bind(given, ['hashtype']);
    return hashed(string(value), string(hashtype));
  },
  md5: (value, given) => (bind(given, []), hashed(string(value), 'md5')),
  sha1: (value, given) => (bind(given, []), hashed(string(value), 'sha1')),
  checksum: (value, given) => (bind(given, []), hashed(string(value), 'sha1')),
  regex_replace(value, given, { budget }) {
    const {
      pattern = '',
      replacement = '',
      ignorecase = false,
      multiline = false,
    } = bind(given, ['pattern', 'replacement', 'ignorecase', 'multiline']);
    return substitute(
      regex(pattern, ignorecase, multiline, budget),
      textOf(value, budget),
      string(replacement),
      budget,
    );
  },
  regex_search: (value, given, { budget }) => searched(value, given, budget),
  regex_findall(value, given, { budget }) {
    const {
      regex: pattern = null,
      multiline = false,
      ignorecase = false,
    } = bind(given, ['regex', 'multiline', 'ignorecase'], 1);
    const own = regex(pattern, ignorecase, multiline, budget);
    return new List(
      own.all(lettersOf(textOf(value, budget))).map(({ groups }) => {
        const texts = groups.map((group) => group ?? '');
        if (own.groups === 0) return texts[0] ?? '';
        return own.groups === 1 ? (texts[1] ?? '') : new List(texts.slice(1), 'tuple');
      }),
    );
  },
  regex_escape(value, given, { budget }) {
    bind(given, []);
    return budget.text(textOf(value, budget).replaceAll(SPECIAL, (letter) => `\\${letter}`));
  },
  basename: simple((text) => text.slice(text.lastIndexOf('/') + 1)),
  dirname: simple((text) => {
    const head = text.slice(0, text.lastIndexOf('/') + 1);
    return /^\/*$/.test(head) ? head : strip(head, '/', 'end');
  }),
  splitext: simple((text) => {
    const name = text.lastIndexOf('/') + 1;
    const dot = text.lastIndexOf('.');
    // Leading dots do not begin an extension.
    const isIn = dot > name && /[^.]/.test(text.slice(name, dot));
    return new List(isIn ? [text.slice(0, dot), text.slice(dot)] : [text, ''], 'tuple');
  }),
  mandatory(value, given) {
    bind(given, ['msg']);
    return defined(value);
  },
};
