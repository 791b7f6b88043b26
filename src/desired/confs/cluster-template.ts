import { posix } from 'node:path';
import {
  includesOf,
  mistakeOf,
  Reading,
  type ReadingSettings,
  renderTemplate,
  TemplateFile,
  TemplateMistake,
  type Includes,
  type MarkOptions,
  type RenderedTemplate,
} from '../../jinja/index.ts';
import type { AnsibleConfig } from '../plays/ansible-cfg.ts';
import type { FoundTemplate } from '../plays/found-template.ts';
import { CHECKOUT, magicOfTemplate } from '../plays/magic.ts';
import { HostVariables } from '../variables/host-variables.ts';
import type { Problems } from '../source/problems.ts';
import { roleOf } from '../variables/places.ts';
import { BYTE_ORDER_MARK } from '../../domain/text/byte-order-mark.ts';
import type { FileReading, ParsedSource } from '../source/parsed-source.ts';

export interface Template {
  path: string;
  file: TemplateFile;
  includes: Includes;
}

const MOST_INCLUDED = 30;
/** The same pattern as for a template’s name, so that a change of the file counts as a change of the template. */
const INCLUDED = /^(?!.*(?:^|\/)\.{1,2}\/)[\w.-]+(?:\/[\w.-]+)*\.j2$/;

/** Where Ansible first looks for included files: the role’s templates, or beside the template. */
export function includeFolder(template: string): string {
  const role = roleOf(template);
  return role === null ? posix.dirname(template) : `${role}/templates`;
}

/** A file included by a template; null if missing. */
interface Included {
  path: string;
  file: TemplateFile | null;
}

/** The files included by a template, directly or indirectly, by name. */
export async function includedFiles(
  source: ParsedSource,
  template: string,
  file: TemplateFile,
  problems: Problems,
  reading = new Reading(),
  options?: MarkOptions,
): Promise<ReadonlyMap<string, Included>> {
  const found = new Map<string, Included>();
  const waiting = [...includesOf(file, reading, options)];
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

/** Ansible keeps a byte order mark. */
export function parseTemplate(_path: string, text: string, { isMarked = false }: FileReading): TemplateFile {
  return new TemplateFile(isMarked ? BYTE_ORDER_MARK + text : text);
}

/** The template with its includes; null if missing, which is then a problem. */
export async function readTemplate(
  source: ParsedSource,
  path: string,
  problems: Problems,
  settings?: ReadingSettings,
  options?: MarkOptions,
): Promise<Template | null> {
  const file = await source.parse(path, parseTemplate, { problems });
  if (file.state === 'absent')
    problems.add({ file: path, line: 1, column: 1 }, 'is not there, but redisops.yml names it');
  if (file.state !== 'read') return null;
  const included = await includedFiles(source, path, file.value, problems, new Reading(settings), options);
  const includes = [...included].flatMap(([name, each]) => (each.file ? [[name, each.file] as const] : []));
  return { path, file: file.value, includes: new Map(includes) };
}

/** The output of Ansible’s template module for the host; null if it fails, and the problems say why. */
export function renderFor(
  found: FoundTemplate,
  { path, file, includes }: Template,
  reading: Reading,
  config: AnsibleConfig,
  problems: Problems,
): RenderedTemplate | null {
  try {
    const names = new HostVariables(
      found.host,
      { all: found.all, reading },
      new Map([...found.extra, ...magicOfTemplate(found, config)]),
      found.scope,
    );
    const rendered = renderTemplate(file, names, reading, includes, found.options);
    if (rendered.text.includes(CHECKOUT))
      throw new TemplateMistake('prints a path of the machine that Ansible runs on, which is another for each worker');
    return rendered;
  } catch (error) {
    const mistake = mistakeOf(error);
    const place = typeof mistake.file === 'string' ? posix.join(includeFolder(path), mistake.file) : path;
    const at = { file: place, line: Math.max(1, mistake.line), column: 1 };
    if (mistake.ofSecret) problems.addOfSecret(at, mistake.message);
    else problems.add(at, mistake.message);
    return null;
  }
}
