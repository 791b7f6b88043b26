import { HostVariables, type Rendering } from '../variables/host-variables.ts';
import { posix } from 'node:path';
import {
  includesOf,
  mistakeOf,
  Reading,
  renderTemplate,
  type IncludedTexts,
  type RenderedTemplate,
  type Value,
} from '../../jinja/index.ts';
import type { Problems } from '../problems.ts';
import { readFile } from '../read-file.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** What ansible.cfg does not say otherwise. */
const EXTRA: ReadonlyMap<string, Value> = new Map([['ansible_managed', 'Ansible managed']]);

/** The role that a template is of, as a folder; null where it is of none. */
export function roleOf(template: string | undefined): string | null {
  return /^((?:.*\/)?roles\/[^/]+)\/templates\//.exec(template ?? '')?.[1] ?? null;
}

export interface TemplateText {
  path: string;
  text: string;
  included: IncludedTexts;
}

const MOST_INCLUDED = 30;
/** As a template’s name, so that a change of the file is a change of a template. */
const INCLUDED = /^(?!.*(?:^|\/)\.{1,2}\/)[\w.-]+(?:\/[\w.-]+)*\.j2$/;

/** Where Ansible looks for included files first: the role’s templates, or beside the template. */
export function includeFolder(template: string): string {
  const role = roleOf(template);
  return role === null ? posix.dirname(template) : `${role}/templates`;
}

/** The files that a template includes, and those that they include, by the names they have there; text null where there is none. */
export async function includedFiles(
  source: ConfigSource,
  template: string,
  text: string,
  problems: Problems,
): Promise<ReadonlyMap<string, { path: string; text: string | null }>> {
  const reading = new Reading();
  const found = new Map<string, { path: string; text: string | null }>();
  const waiting = [...includesOf(text, reading)];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const path = posix.join(includeFolder(template), name);
    if (found.has(name) || !INCLUDED.test(name)) continue;
    if (found.size >= MOST_INCLUDED) {
      problems.add({ file: template, line: 1, column: 1 }, `includes more than ${MOST_INCLUDED} files`);
      break;
    }
    const file = await readFile(source, path, problems);
    found.set(name, { path, text: file.state === 'read' ? file.text : null });
    if (file.state === 'read') waiting.push(...includesOf(file.text, reading));
  }
  return found;
}

/** The template’s text; null where there is none, and then the problems say so. */
export async function readTemplate(
  source: ConfigSource,
  path: string,
  problems: Problems,
): Promise<TemplateText | null> {
  const file = await readFile(source, path, problems);
  if (file.state === 'read') {
    const files = await includedFiles(source, path, file.text, problems);
    const texts = [...files].flatMap(([name, { text }]) => (text === null ? [] : [[name, text] as const]));
    return { path, text: file.text, included: new Map(texts) };
  }
  if (file.state === 'absent')
    problems.add({ file: path, line: 1, column: 1 }, 'is not there, but redisops.yml names it');
  return null;
}

/** What Ansible’s template module would write for the host; null where it cannot, and then the problems say why. */
export function renderFor(
  host: string,
  { path, text, included }: TemplateText,
  rendering: Rendering,
  problems: Problems,
): RenderedTemplate | null {
  try {
    return renderTemplate(text, new HostVariables(host, rendering, EXTRA), rendering.reading, included);
  } catch (error) {
    const mistake = mistakeOf(error);
    const file = typeof mistake.file === 'string' ? posix.join(includeFolder(path), mistake.file) : path;
    problems.add({ file, line: Math.max(1, mistake.line), column: 1 }, mistake.message);
    return null;
  }
}
