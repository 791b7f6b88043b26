/** Ansible’s templates: the only public module. Everything else in this folder is private (see README.md). */
export type { Names } from './evaluate.ts';
export type { Tracked } from './locals.ts';
export { mistakeOf, TemplateMistake, withoutTemplate } from './mistake.ts';
export { Reading, type ReadingSettings } from './reading.ts';
export { literalOf } from './syntax/python-literal.ts';
export {
  includesOf,
  namesOf,
  renderTemplate,
  renderVariable,
  type Includes,
  type RenderedTemplate,
} from './template.ts';
export { TemplateFile, type MarkOptions } from './template-file.ts';
export { quoted } from './text/quoted.ts';
export type { Decision } from './taint.ts';
export { Atom } from './values/atom.ts';
export { Dict, List, Scope, Undefined, type Value } from './values/value.ts';
