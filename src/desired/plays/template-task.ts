import type { HostVariables } from '../variables/host-variables.ts';
import type { Asking } from './asking.ts';
import type { FoundTemplate } from './found-template.ts';
import { isYes, textOf } from './syntax/parts.ts';
import type { Task } from './syntax/tasks.ts';

const OPTIONS = [
  'block_start_string',
  'block_end_string',
  'variable_start_string',
  'variable_end_string',
  'comment_start_string',
  'comment_end_string',
  'newline_sequence',
  'output_encoding',
];

const FLAGS = [
  ['trim_blocks', true],
  ['lstrip_blocks', false],
] as const;

/** A `template` task as a host would run it; null where its source cannot be worked out, or it runs elsewhere. */
export function templateTask(
  { at, given, keywords }: Task,
  names: HostVariables,
  asking: Asking,
): Omit<FoundTemplate, 'path' | 'host' | 'playbook' | 'isMaybe'> | null {
  const text = (name: string): string | null => asking.text(given.get(name), names);
  const source = text('src');
  if (source === null || keywords.has('delegate_to') || keywords.has('local_action')) return null;
  const options = new Map(OPTIONS.flatMap((name) => (given.has(name) ? [[name, text(name) ?? ''] as const] : [])));
  // Ansible’s own encoding.
  if (/^utf-?8$/i.test(options.get('output_encoding') ?? 'utf-8')) options.delete('output_encoding');
  for (const [name, fallback] of FLAGS) options.set(name, String(isYes(text(name), fallback)));
  return {
    at,
    source,
    destination: text('dest'),
    destinationText: textOf(given.get('dest')) ?? '',
    owner: text('owner'),
    group: text('group'),
    mode: text('mode'),
    options,
    scope: names.scope,
    extra: names.extra,
    all: asking.all,
    changedBy: null,
  };
}
