import type { Position } from '../../source/problems.ts';
import type { Entry, Value } from '../../yaml/value.ts';
import { argumentsIn } from './free-form.ts';
import { entriesOf, itemsOf, scalarOf, textOf } from './parts.ts';

export type Step = Task | Block;

export interface Task {
  kind: 'task';
  at: Position;
  /** The module, without the collection it comes with. */
  action: string;
  /** By name; the text of `include_tasks: file.yml` is under the empty name. */
  given: ReadonlyMap<string, Value>;
  keywords: ReadonlyMap<string, Entry>;
}

export interface Block {
  kind: 'block';
  at: Position;
  steps: readonly Step[];
  /** Run after a failure, which nobody can foresee. */
  rescue: readonly Step[];
  always: readonly Step[];
  keywords: ReadonlyMap<string, Entry>;
}

const DEEPEST = 20;
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'action any_errors_fatal args async become become_exe become_flags become_method become_user changed_when check_mode ' +
    'collections connection debugger delay delegate_facts delegate_to diff environment failed_when ignore_errors ' +
    'ignore_unreachable listen local_action loop loop_control max_fail_percentage module_defaults name no_log notify poll ' +
    'port register remote_user retries run_once tags throttle timeout until vars when'
  ).split(' '),
);

/** The tasks of a file or a block; what is no task is left out, as Ansible would not run at all. */
export function stepsOf(value: Value | undefined, depth = 0): readonly Step[] {
  if (value?.kind !== 'sequence' || depth > DEEPEST) return [];
  return value.items.flatMap((item) => {
    if (item.kind !== 'mapping') return [];
    const step = item.entries.has('block') ? blockOf(item, depth) : taskOf(item);
    return step ? [step] : [];
  });
}

function blockOf({ at, entries }: Extract<Value, { kind: 'mapping' }>, depth: number): Block {
  const inside = (name: string): readonly Step[] => stepsOf(entries.get(name)?.value, depth + 1);
  return {
    kind: 'block',
    at,
    steps: inside('block'),
    rescue: inside('rescue'),
    always: inside('always'),
    keywords: entries,
  };
}

function taskOf({ at, entries }: Extract<Value, { kind: 'mapping' }>): Task | null {
  const [local, entry] = actionOf(entries) ?? [];
  if (local === undefined || !entry) return null;
  const { action, given } =
    local === 'action' ? spelledOut(entry.value) : { action: local, given: givenOf(entry.value) };
  const more = [...entriesOf(entries.get('args')?.value)].map(([name, { value }]) => [name, value] as const);
  return {
    kind: 'task',
    at: entry.at.line > 0 ? entry.at : at,
    action: plainName(action),
    given: new Map([...more, ...given]),
    keywords: entries,
  };
}

function actionOf(entries: ReadonlyMap<string, Entry>): readonly [string, Entry] | undefined {
  for (const name of ['action', 'local_action']) {
    const entry = entries.get(name);
    if (entry) return ['action', entry];
  }
  return [...entries].find(([name]) => !KEYWORDS.has(name) && !name.startsWith('with_'));
}

/** `action: template src=…`, or a mapping with the module’s name. */
function spelledOut(value: Value): { action: string; given: ReadonlyMap<string, Value> } {
  if (value.kind === 'mapping') {
    const { entries } = value;
    const given = new Map([...entries].map(([name, entry]) => [name, entry.value]));
    return { action: textOf(entries.get('module')?.value) ?? '', given };
  }
  const text = textOf(value) ?? '';
  const [action = ''] = text.split(/\s/, 1);
  return { action, given: givenOf(scalarOf(text.slice(action.length).trim(), value.at)) };
}

function givenOf(value: Value): ReadonlyMap<string, Value> {
  if (value.kind === 'mapping') return new Map([...value.entries].map(([name, entry]) => [name, entry.value]));
  const text = textOf(value);
  if (text === null) return new Map();
  const { named, rest } = argumentsIn(text);
  const given = [...named].map(([name, own]) => [name, scalarOf(own, value.at)] as const);
  return new Map(rest === '' ? given : [...given, ['', scalarOf(rest, value.at)]]);
}

function plainName(action: string): string {
  return action.replace(/^ansible\.(?:builtin|legacy)\./, '');
}

/** `tasks/main.yml` and the like, or a play’s list. */
export function stepsIn(value: Value | null): readonly Step[] {
  return value === null ? [] : stepsOf(value);
}

/** The conditions of a play’s part. */
export function conditionsOf(keywords: ReadonlyMap<string, Entry>): readonly Value[] {
  return itemsOf(keywords.get('when')?.value);
}

/** The names that tasks set, wherever they are. */
export function namesSetBy(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step): readonly string[] => {
    if (step.kind === 'block')
      return [...step.steps, ...step.rescue, ...step.always].flatMap((each) => namesSetBy([each]));
    const register = textOf(step.keywords.get('register')?.value);
    const facts = step.action === 'set_fact' ? [...step.given.keys()].filter((name) => name !== 'cacheable') : [];
    return [...facts, ...(register === null ? [] : [register])];
  });
}
