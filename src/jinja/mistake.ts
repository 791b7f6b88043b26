/** What is wrong with a template, or what of it is not supported. Becomes CONFIG_INVALID with file and line. */
export class TemplateMistake extends Error {
  /** From 1; 0 while only the caller knows it. */
  line: number;
  /** The included file that the line is of; null for the template itself; undefined while only the caller knows it. */
  file: string | null | undefined;
  /** Something is undefined: `default` and `is defined` may still make sense of it. */
  readonly isUndefined: boolean;

  constructor(message: string, line = 0, isUndefined = false) {
    super(message);
    this.name = 'TemplateMistake';
    this.line = line;
    this.isUndefined = isUndefined;
  }

  /** The innermost line counts. */
  at(line: number): this {
    if (this.line === 0) this.line = line;
    return this;
  }

  /** The innermost file counts. */
  of(file: string | null): this {
    if (this.line > 0 && this.file === undefined) this.file = file;
    return this;
  }
}

/** The mistake without any word of the template: a secret may stand there in place of its name. */
export function withoutTemplate(mistake: TemplateMistake): TemplateMistake {
  return without(mistake, 'it is a secret’s template');
}

/** The mistake without the values at hand: a key, a filter’s name or a format can be made of a secret. */
export function withoutValues(mistake: TemplateMistake): TemplateMistake {
  return without(mistake, 'a secret is worked with there');
}

function without({ line, file, isUndefined }: TemplateMistake, why: string): TemplateMistake {
  const what = isUndefined ? 'names something that is undefined' : 'cannot be rendered';
  const bare = new TemplateMistake(`${what} (not shown: ${why})`, line, isUndefined);
  bare.file = file;
  return bare;
}

export function notSupported(what: string): TemplateMistake {
  return new TemplateMistake(`${what} is not supported`);
}

/** What was thrown while a template was rendered, as a mistake of it. @throws anything else */
export function mistakeOf(thrown: unknown): TemplateMistake {
  if (thrown instanceof TemplateMistake) return thrown;
  // The end of JavaScript’s stack is the end of what a template may nest.
  if (thrown instanceof RangeError) return new TemplateMistake('is nested too deeply');
  throw thrown;
}
