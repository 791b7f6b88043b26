/**
 * Shell as code. Only the tags `sh` and `bash` make scripts, and only scripts reach a node. The text is plain shell,
 * backslashes included. JavaScript needs one escape: `\${` for the shell’s `${` (and one for a backtick; `$(…)` needs
 * none). An interpolated fragment is inserted unchanged, a list of fragments line by line; anything else becomes one
 * quoted word. Values that vary per call are parameters (`$1`, `$2`, …), never script text. Use `sh`: every Debian host
 * has it, dash starts fastest, and shellcheck then allows POSIX only. Use `bash` for `read -t` and `read -d`, which
 * POSIX lacks. `$NODE_SERVER` is the node’s server, `redis` or `valkey`, after which its programs, user and folders are named.
 */
export function sh(strings: TemplateStringsArray, ...parts: readonly Part[]): Script {
  return scriptOf('sh', strings, parts);
}

export function bash(strings: TemplateStringsArray, ...parts: readonly Part[]): Script {
  return scriptOf('bash', strings, parts);
}

/** Functions and steps shared by scripts. A fragment cannot be run alone. */
export function fragment(strings: TemplateStringsArray, ...parts: readonly Part[]): Fragment {
  return new Fragment(textOf(strings, parts));
}

export type Interpreter = 'sh' | 'bash';
export type { Fragment, Script };

type Part = Fragment | readonly Fragment[] | Script | string | number;

class Fragment {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

class Script {
  readonly interpreter: Interpreter;
  readonly #text: string;

  constructor(interpreter: Interpreter, text: string) {
    this.interpreter = interpreter;
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
}

const made = new Map<string, Script>();

/**
 * Every script in the files imported so far, without duplicates, so that a test can check them. The list stays short
 * because scripts are constants.
 */
export function everyScript(): readonly Script[] {
  return [...made.values()];
}

/** A POSIX shell word for exactly this text. */
export function quoted(text: string): string {
  return /^[\w./,:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function scriptOf(interpreter: Interpreter, strings: TemplateStringsArray, parts: readonly Part[]): Script {
  const text = textOf(strings, parts);
  const key = `${interpreter} ${text}`;
  const script = made.get(key) ?? new Script(interpreter, text);
  made.set(key, script);
  return script;
}

function textOf({ raw }: TemplateStringsArray, parts: readonly Part[]): string {
  const pieces = raw.map((text, at) => `${text.replaceAll(/\\(?=\$\{|`)/g, '')}${partOf(parts[at])}`);
  return pieces.join('').replaceAll(/^\n|\n$/g, '');
}

function partOf(part: Part | undefined): string {
  if (part === undefined) return '';
  if (part instanceof Fragment) return part.text;
  if (part instanceof Script) return quoted(part.text);
  if (typeof part === 'object') return part.map(({ text }) => text).join('\n');
  return quoted(String(part));
}
