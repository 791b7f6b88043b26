/** A mistake in a template, or an unsupported feature. Becomes CONFIG_INVALID with file and line. */
export class TemplateMistake extends Error {
  /** From 1; 0 until a caller adds it. */
  line: number;
  /** The included file of the line; null for the template itself; undefined until a caller adds it. */
  file: string | null | undefined;
  /** Something is undefined: `default` and `is defined` may still handle it. */
  readonly isUndefined: boolean;
  /** Whether a secret had a part in it: that there is a mistake reveals something about the secret. */
  ofSecret = false;

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

/** The mistake without any text of the template, where a name may be a secret. */
export function withoutTemplate(mistake: TemplateMistake): TemplateMistake {
  return without(mistake, 'it is a secret’s template');
}

/** The mistake without values: a key, a filter’s name or a format can be made from a secret. */
export function withoutValues(mistake: TemplateMistake): TemplateMistake {
  const bare = without(mistake, 'a secret is worked with there');
  bare.ofSecret = true;
  return bare;
}

function without({ line, file, isUndefined, ofSecret }: TemplateMistake, why: string): TemplateMistake {
  const what = isUndefined ? 'names something that is undefined' : 'cannot be rendered';
  const bare = new TemplateMistake(`${what} (not shown: ${why})`, line, isUndefined);
  bare.file = file;
  bare.ofSecret = ofSecret;
  return bare;
}

export function notSupported(what: string): TemplateMistake {
  return new TemplateMistake(`${what} is not supported`);
}

/** Anything thrown during rendering, as a mistake. @throws anything else */
export function mistakeOf(thrown: unknown): TemplateMistake {
  if (thrown instanceof TemplateMistake) return thrown;
  // A stack overflow limits how deep a template may nest.
  if (thrown instanceof RangeError) return new TemplateMistake('is nested too deeply');
  throw thrown;
}
