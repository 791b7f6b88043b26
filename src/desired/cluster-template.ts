import type { ConfigSource } from '../ports.ts';
import { HostVariables, type Inventoried } from './host-variables.ts';
import type { Budget } from './jinja/budget.ts';
import { mistakeOf } from './jinja/mistake.ts';
import type { SecretTexts } from './jinja/secret-texts.ts';
import { renderTemplate, type RenderedTemplate } from './jinja/template.ts';
import type { Value } from './jinja/value.ts';
import type { Problems } from './problems.ts';
import { readFile } from './read-file.ts';

/** What ansible.cfg does not say otherwise. */
const EXTRA: ReadonlyMap<string, Value> = new Map([['ansible_managed', 'Ansible managed']]);

/** What is rendered with: one budget for all hosts. */
export interface Rendering {
  all: Inventoried;
  budget: Budget;
  secrets: SecretTexts;
}

/** The role that a template is of, as a folder; null where it is of none. */
export function roleOf(template: string | undefined): string | null {
  return /^((?:.*\/)?roles\/[^/]+)\/templates\//.exec(template ?? '')?.[1] ?? null;
}

/** The template’s text; null where there is none, and then the problems say so. */
export async function readTemplate(source: ConfigSource, path: string, problems: Problems): Promise<string | null> {
  const file = await readFile(source, path, problems);
  if (file.state === 'read') return file.text;
  if (file.state === 'absent')
    problems.add({ file: path, line: 1, column: 1 }, 'is not there, but redisops.yml names it');
  return null;
}

/** What Ansible’s template module would write for the host; null where it cannot, and then the problems say why. */
export function renderFor(
  host: string,
  path: string,
  text: string,
  { all, budget, secrets }: Rendering,
  problems: Problems,
): RenderedTemplate | null {
  try {
    return renderTemplate(text, new HostVariables(host, all, budget, secrets, EXTRA), budget, secrets);
  } catch (error) {
    const mistake = mistakeOf(error);
    problems.add({ file: path, line: Math.max(1, mistake.line), column: 1 }, mistake.message);
    return null;
  }
}
