import { posix } from 'node:path';
import type { FileReading } from '../../source/parsed-source.ts';
import type { Position } from '../../source/problems.ts';
import type { Entry, Value } from '../../yaml/value.ts';
import { readYaml } from '../../yaml/mapping.ts';
import { entriesOf, itemsOf, textOf } from './parts.ts';
import { stepsOf, type Step } from './tasks.ts';

/** A play, or the playbook that stands in its place. */
export type PlaybookPart =
  { kind: 'play'; play: Play } | { kind: 'import'; path: string; keywords: ReadonlyMap<string, Entry> };

export interface Play {
  at: Position;
  /** As written: a pattern, a template or a list. */
  hosts: Value;
  keywords: ReadonlyMap<string, Entry>;
  vars: ReadonlyMap<string, Entry>;
  /** `vars_files`; a list within it means the first that is there. */
  files: readonly Value[];
  /** Names asked for at the start. */
  prompts: readonly { name: string; at: Position }[];
  roles: readonly Value[];
  /** Before the roles, and after them. */
  before: readonly Step[];
  after: readonly Step[];
  /** In place of the roles’ own tasks, and within the first role. */
  instead?: readonly Step[];
}

/** Cheaper than parsing a file that is none. */
export function looksLikePlaybook(text: string): boolean {
  return (
    /^- /m.test(text) &&
    /^(?:- |[ \t])[ \t]{0,20}["']?(?:hosts|(?:ansible\.builtin\.)?import_playbook|include)["']?[ \t]{0,20}:/m.test(text)
  );
}

export async function parsePlaybook(
  path: string,
  text: string,
  reading: FileReading,
): Promise<readonly PlaybookPart[]> {
  const value = looksLikePlaybook(text) ? await readYaml(path, text, reading) : null;
  if (value?.kind !== 'sequence') return [];
  return value.items.flatMap((item): readonly PlaybookPart[] => {
    if (item.kind !== 'mapping') return [];
    const { entries } = item;
    const other =
      entries.get('import_playbook') ?? entries.get('ansible.builtin.import_playbook') ?? entries.get('include');
    const file = textOf(other?.value);
    if (file !== null) return [{ kind: 'import', path: posix.join(posix.dirname(path), file), keywords: entries }];
    const hosts = entries.get('hosts');
    return hosts ? [{ kind: 'play', play: playOf(item, hosts.value) }] : [];
  });
}

function playOf({ at, entries }: Extract<Value, { kind: 'mapping' }>, hosts: Value): Play {
  const steps = (name: string): readonly Step[] => stepsOf(entries.get(name)?.value);
  const vars = entries.get('vars')?.value;
  return {
    at,
    hosts,
    keywords: entries,
    // An old form has a list of mappings.
    vars: vars?.kind === 'sequence' ? new Map(vars.items.flatMap((item) => [...entriesOf(item)])) : entriesOf(vars),
    files: itemsOf(entries.get('vars_files')?.value),
    prompts: itemsOf(entries.get('vars_prompt')?.value).flatMap((item) => {
      const name = textOf(entriesOf(item).get('name')?.value);
      return name === null ? [] : [{ name, at: item.at }];
    }),
    roles: itemsOf(entries.get('roles')?.value),
    before: steps('pre_tasks'),
    after: [...steps('tasks'), ...steps('post_tasks')],
  };
}
