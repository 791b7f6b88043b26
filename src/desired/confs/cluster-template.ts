import { HostVariables, type Rendering } from '../variables/host-variables.ts';
import { posix } from 'node:path';
import {
  includesOf,
  mistakeOf,
  Reading,
  renderTemplate,
  TemplateFile,
  type Includes,
  type RenderedTemplate,
  type Value,
} from '../../jinja/index.ts';
import type { Problems } from '../source/problems.ts';
import { roleOf } from '../variables/places.ts';
import type { ParsedSource } from '../source/parsed-source.ts';

/** What ansible.cfg does not say otherwise. */
const EXTRA: ReadonlyMap<string, Value> = new Map([['ansible_managed', 'Ansible managed']]);

export interface Template {
  path: string;
  file: TemplateFile;
  includes: Includes;
}

const MOST_INCLUDED = 30;
/** As a template’s name, so that a change of the file is a change of a template. */
const INCLUDED = /^(?!.*(?:^|\/)\.{1,2}\/)[\w.-]+(?:\/[\w.-]+)*\.j2$/;

/** Where Ansible looks for included files first: the role’s templates, or beside the template. */
export function includeFolder(template: string): string {
  const role = roleOf(template);
  return role === null ? posix.dirname(template) : `${role}/templates`;
}

/** A file that a template includes; null where there is none. */
interface Included {
  path: string;
  file: TemplateFile | null;
}

/** The files that a template includes, and those that they include, by the names they have there. */
export async function includedFiles(
  source: ParsedSource,
  template: string,
  file: TemplateFile,
  problems: Problems,
): Promise<ReadonlyMap<string, Included>> {
  const reading = new Reading();
  const found = new Map<string, Included>();
  const waiting = [...includesOf(file, reading)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const path = posix.join(includeFolder(template), name);
    if (found.has(name) || !INCLUDED.test(name)) continue;
    if (found.size >= MOST_INCLUDED) {
      problems.add({ file: template, line: 1, column: 1 }, `includes more than ${MOST_INCLUDED} files`);
      break;
    }
    const included = await source.parse(path, parseTemplate, { problems });
    found.set(name, { path, file: included.state === 'read' ? included.value : null });
    if (included.state === 'read') waiting.push(...includesOf(included.value, reading));
  }
  return found;
}

export function parseTemplate(_path: string, text: string): TemplateFile {
  return new TemplateFile(text);
}

/** The template, with what it includes; null where there is none, and then the problems say so. */
export async function readTemplate(source: ParsedSource, path: string, problems: Problems): Promise<Template | null> {
  const file = await source.parse(path, parseTemplate, { problems });
  if (file.state === 'absent')
    problems.add({ file: path, line: 1, column: 1 }, 'is not there, but redisops.yml names it');
  if (file.state !== 'read') return null;
  const included = await includedFiles(source, path, file.value, problems);
  const includes = [...included].flatMap(([name, each]) => (each.file ? [[name, each.file] as const] : []));
  return { path, file: file.value, includes: new Map(includes) };
}

/** What Ansible’s template module would write for the host; null where it cannot, and then the problems say why. */
export function renderFor(
  host: string,
  { path, file, includes }: Template,
  rendering: Rendering,
  problems: Problems,
): RenderedTemplate | null {
  try {
    return renderTemplate(file, new HostVariables(host, rendering, EXTRA), rendering.reading, includes);
  } catch (error) {
    const mistake = mistakeOf(error);
    const place = typeof mistake.file === 'string' ? posix.join(includeFolder(path), mistake.file) : path;
    problems.add({ file: place, line: Math.max(1, mistake.line), column: 1 }, mistake.message);
    return null;
  }
}
