import { quoted } from '../text/quoted.ts';
import { tokensOf, type Marks } from './lexer.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { namesIn } from './names-in.ts';
import { parseExpression, parseFilter, parsePrimary, parseTuple } from './parse-expression.ts';
import type { Body, Expression, FilterCall, Parameter, Statement, Target } from './syntax.ts';
import { TokenStream } from './token-stream.ts';

/** Jinja’s tags that are not supported: they read other files, or are for HTML. */
const REFUSED = ['extends', 'block', 'autoescape', 'trans'];
/** Tags of Jinja’s extensions, which ansible.cfg switches on. */
const EXTENSION_OF: Readonly<Record<string, string>> = { do: 'do', break: 'loopcontrols', continue: 'loopcontrols' };

/** Parses a template. @param extensions Of Jinja, that are on. @throws TemplateMistake with its line. */
export function parseTemplate(
  source: string,
  marks: Marks,
  keepsBackslashes: boolean,
  extensions: ReadonlySet<string>,
): Body {
  const words = new TokenStream(tokensOf(source, marks, keepsBackslashes), extensions);
  const body = parseBody(words, []);
  if (!words.is('eof')) throw words.unexpected();
  return body;
}

/** Statements up to one of the tags; consumes its start but not its name. */
function parseBody(words: TokenStream, endsAt: readonly string[]): Body {
  const statements: Statement[] = [];
  while (!words.is('eof')) {
    const { kind, text, line } = words.next();
    if (kind === 'data') statements.push({ kind: 'text', text, line });
    else if (kind === 'variable') {
      statements.push({ kind: 'print', value: parseTuple(words), line });
      words.expect('end');
    } else if (words.isName(...endsAt)) return statements;
    else {
      statements.push(...parseTag(words));
      words.expect('end');
    }
  }
  if (endsAt.length > 0) throw new TemplateMistake(`lacks an ${endsAt.at(-1)}`, words.line);
  return statements;
}

/** The content up to one of the tags; consumes and returns its name. */
function parseUntil(words: TokenStream, endsAt: readonly string[]): { body: Body; end: string } {
  words.skip('sign', ':');
  words.expect('end');
  const body = words.deeper(() => parseBody(words, endsAt));
  return { body, end: words.next().text };
}

function parseTag(words: TokenStream): readonly Statement[] {
  const { text: tag, line } = words.expect('name');
  const extension = Object.hasOwn(EXTENSION_OF, tag) ? EXTENSION_OF[tag] : undefined;
  if (extension !== undefined && !words.extensions.has(extension))
    throw new TemplateMistake(
      `has the tag “${tag}”, which needs jinja2_extensions = jinja2.ext.${extension} in ansible.cfg`,
      line,
    );
  switch (tag) {
    case 'if':
      return [parseIf(words, line)];
    case 'for':
      return [parseFor(words, line)];
    case 'set':
      return [parseSet(words, line)];
    case 'macro': {
      const name = words.expect('name').text;
      const parameters = parseParameters(words);
      return [{ kind: 'macro', name, parameters, body: parseUntil(words, ['endmacro']).body, line }];
    }
    case 'call': {
      const parameters = words.isSign('(') ? parseParameters(words) : [];
      const call = parseExpression(words);
      if (call.kind !== 'call') throw new TemplateMistake('has a call tag without a call', line);
      return [{ kind: 'call block', parameters, call, body: parseUntil(words, ['endcall']).body, line }];
    }
    case 'filter': {
      const filters = [{ ...parseFilter(words), line }, ...parseFilterChain(words)];
      return [{ kind: 'filter block', filters, body: parseUntil(words, ['endfilter']).body, line }];
    }
    case 'with':
      return [parseWith(words, line)];
    case 'include':
      return [parseInclude(words, line)];
    case 'import': {
      const name = fileName(words, tag, line);
      words.expect('name', 'as');
      const as = words.expect('name').text;
      return [{ kind: 'import', name, as, withContext: parseContext(words), line }];
    }
    case 'from':
      return [parseFrom(words, line)];
    case 'print':
      return parsePrint(words, line);
    case 'do':
      return [{ kind: 'do', value: parseTuple(words), line }];
    case 'break':
    case 'continue':
      return [{ kind: tag, line }];
    default:
      if (REFUSED.includes(tag)) throw notSupported(`the tag ${quoted(tag)}`).at(line);
      throw new TemplateMistake(`has a tag ${quoted(tag)} that is not known`, line);
  }
}

/** A quoted name: the files read by a template must be known before rendering. */
function fileName(words: TokenStream, tag: string, line: number): string {
  const file = parseExpression(words);
  if (file.kind === 'constant' && typeof file.value === 'string') return file.value;
  throw notSupported(`the tag “${tag}” with something else than a name in quotes`).at(line);
}

/** One name, or a list of which the first counts that is there. */
function fileNames(words: TokenStream, line: number): readonly string[] {
  const file = parseExpression(words);
  const items = file.kind === 'list' || file.kind === 'tuple' ? file.items : [file];
  const names = items.flatMap((each) =>
    each.kind === 'constant' && typeof each.value === 'string' ? [each.value] : [],
  );
  if (names.length === items.length && names.length > 0) return names;
  throw notSupported('the tag “include” with something else than a name in quotes').at(line);
}

function parseContext(words: TokenStream): boolean {
  const isSaid = words.isName('with', 'without') && words.ahead(1).text === 'context';
  const withContext = isSaid && words.isName('with');
  if (isSaid) for (let count = 0; count < 2; count += 1) words.next();
  return withContext;
}

function parseFrom(words: TokenStream, line: number): Statement {
  const name = fileName(words, 'from', line);
  words.expect('name', 'import');
  const names: { name: string; as: string }[] = [];
  do {
    if (words.is('end') || (names.length > 0 && words.ahead(1).text === 'context')) break;
    const own = words.expect('name').text;
    if (own.startsWith('_')) throw new TemplateMistake('imports a name that begins with _', line);
    names.push({ name: own, as: words.skip('name', 'as') ? words.expect('name').text : own });
  } while (words.skip('sign', ','));
  if (names.length === 0) throw words.unexpected();
  return { kind: 'import names', name, names, withContext: parseContext(words), line };
}

function parseInclude(words: TokenStream, line: number): Statement {
  const names = fileNames(words, line);
  const mayBeMissing = words.isName('ignore') && words.ahead(1).text === 'missing';
  if (mayBeMissing) for (const word of ['ignore', 'missing']) words.expect('name', word);
  if (words.isName('without')) throw notSupported('an include without context').at(line);
  if (words.skip('name', 'with')) words.expect('name', 'context');
  return { kind: 'include', names, mayBeMissing, line };
}

function parseIf(words: TokenStream, line: number): Statement {
  const branches: { test: Expression; body: Body }[] = [];
  for (;;) {
    const test = parseTuple(words, { withCondition: false });
    const { body, end } = parseUntil(words, ['elif', 'else', 'endif']);
    branches.push({ test, body });
    if (end === 'elif') continue;
    const otherwise = end === 'else' ? parseUntil(words, ['endif']).body : [];
    return { kind: 'if', branches, otherwise, line };
  }
}

function parseFor(words: TokenStream, line: number): Statement {
  const target = parseTarget(words, 'in');
  words.expect('name', 'in');
  const of = parseTuple(words, { withCondition: false, endsAt: 'recursive' });
  const test = words.skip('name', 'if') ? parseExpression(words) : null;
  const recursive = words.skip('name', 'recursive');
  const { body, end } = parseUntil(words, ['else', 'endfor']);
  const otherwise = end === 'else' ? parseUntil(words, ['endfor']).body : [];
  const namesLoop = recursive || namesIn(body).includes('loop');
  return { kind: 'for', target, of, test, body, otherwise, recursive, namesLoop, line };
}

function parseSet(words: TokenStream, line: number): Statement {
  const target = parseTarget(words);
  if (words.skip('sign', '=')) return { kind: 'set', target, value: parseTuple(words), line };
  const filters = parseFilterChain(words);
  return { kind: 'set block', target, filters, body: parseUntil(words, ['endset']).body, line };
}

function parseFilterChain(words: TokenStream): FilterCall[] {
  const filters: FilterCall[] = [];
  for (let { line } = words; words.skip('sign', '|'); { line } = words) filters.push({ ...parseFilter(words), line });
  return filters;
}

function parseWith(words: TokenStream, line: number): Statement {
  const variables: { target: Target; value: Expression }[] = [];
  while (!words.is('end')) {
    if (variables.length > 0) words.expect('sign', ',');
    const target: Target = { kind: 'name', name: words.expect('name').text };
    words.expect('sign', '=');
    variables.push({ target, value: parseExpression(words) });
  }
  return { kind: 'with', variables, body: parseUntil(words, ['endwith']).body, line };
}

function parsePrint(words: TokenStream, line: number): readonly Statement[] {
  const statements: Statement[] = [];
  while (!words.is('end')) {
    if (statements.length > 0) words.expect('sign', ',');
    statements.push({ kind: 'print', value: parseExpression(words), line });
  }
  return statements;
}

function parseParameters(words: TokenStream): readonly Parameter[] {
  const parameters: Parameter[] = [];
  words.expect('sign', '(');
  while (!words.isSign(')')) {
    if (parameters.length > 0) words.expect('sign', ',');
    const name = words.expect('name').text;
    const value = words.skip('sign', '=') ? parseExpression(words) : null;
    if (value === null && parameters.some((each) => each.default !== null)) throw words.unexpected();
    parameters.push({ name, default: value });
  }
  words.expect('sign', ')');
  return parameters;
}

/** A name, several names, or an attribute of a namespace. */
function parseTarget(words: TokenStream, endsAt?: string): Target {
  const { line } = words;
  if (words.ahead(1).kind === 'sign' && words.ahead(1).text === '.' && endsAt === undefined) {
    const of = words.expect('name').text;
    words.next();
    return { kind: 'attribute', of, name: words.expect('name').text };
  }
  const targets: Expression[] = [];
  let isTuple = false;
  const ends = endsAt === undefined ? [] : [endsAt];
  while (!words.is('end') && !words.isName(...ends)) {
    targets.push(parsePrimary(words));
    if (!words.skip('sign', ',')) break;
    isTuple = true;
  }
  const [only] = targets;
  if (only && !isTuple) return targetOf(only, line);
  return { kind: 'several', targets: targets.map((target) => targetOf(target, line)) };
}

function targetOf(expression: Expression, line: number): Target {
  if (expression.kind === 'name') return { kind: 'name', name: expression.name };
  if (expression.kind === 'tuple' || expression.kind === 'list')
    return { kind: 'several', targets: expression.items.map((item) => targetOf(item, line)) };
  throw new TemplateMistake('assigns to something that is no name', line);
}
