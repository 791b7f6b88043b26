import { Dict, mistakeOf, Undefined, type Reading, type Tracked, type Value } from '../../jinja/index.ts';
import { HostVariables, type Inventoried } from '../variables/host-variables.ts';
import type { Value as YamlValue } from '../yaml/value.ts';
import type { AnsibleConfig } from './ansible-cfg.ts';
import { magicOf } from './magic.ts';
import { entriesOf, scalarOf, textOf } from './syntax/parts.ts';
import type { PlayHost } from './play-host.ts';
import { variablesOf, type TaskScope } from './scope.ts';
import type { Task } from './syntax/tasks.ts';

/** Whether a task runs on a host; `maybe` where only the nodes know. */
export type Runs = 'yes' | 'no' | 'maybe';

/** An item of a loop; `null` without a loop. */
export type Item = Tracked | null | 'unknown';

/** What a longer loop leaves counts as unknown. */
const MOST_ITEMS = 200;

interface AskingOf {
  config: AnsibleConfig;
  groups: Inventoried['groups'];
  magic: ReadonlyMap<string, Value>;
  reading: Reading;
}

/** Works out what tasks say, with the variables that each host has at that time. */
export class Asking {
  readonly #of: AskingOf;
  readonly #hosts: readonly PlayHost[];

  /** @param hosts All of the cluster’s. */
  constructor(of: AskingOf, hosts: readonly PlayHost[]) {
    this.#of = of;
    this.#hosts = hosts;
  }

  names(host: PlayHost, scope: TaskScope, item: Item, task: Task): HostVariables {
    const own = variablesOf(host, scope, this.#of.config);
    // Each task copies the host’s variables and the list of hosts.
    this.#of.reading.budget.spend(1 + Math.floor((own.variables.size + this.#hosts.length) / 8));
    const name = textOf(entriesOf(task.keywords.get('loop_control')?.value).get('loop_var')?.value) ?? 'item';
    const given =
      item !== null && item !== 'unknown'
        ? new Map([...(own.given ?? []), [name, { kind: 'made' as const, tracked: item }]])
        : own.given;
    const extra = new Map([...this.#of.magic, ...magicOf(scope)]);
    return new HostVariables(host.name, { all: this.all, reading: this.#of.reading }, extra, {
      ...own,
      ...(given ? { given } : {}),
    });
  }

  /** All hosts as they are now. */
  get all(): Inventoried {
    const hosts = this.#hosts.map((each) => [each.name, { ...each.seen, groups: each.groups }] as const);
    return { groups: this.#of.groups, hosts: new Map(hosts) };
  }
  runs(names: HostVariables, { conditions, isMaybe }: TaskScope): Runs {
    let runs: Runs = isMaybe ? 'maybe' : 'yes';
    for (const condition of conditions) {
      const met = this.#answer(condition, names);
      if (met === 'no') return 'no';
      if (met === 'maybe') runs = 'maybe';
    }
    return runs;
  }

  #answer(condition: YamlValue, names: HostVariables): Runs {
    const text = textOf(condition);
    if (text === null) return 'maybe';
    const expression = /^\{\{[\s\S]*\}\}$/.test(text.trim()) ? text.trim().slice(2, -2) : text;
    const asked = this.text(scalarOf(`{% if ${expression} %}yes{% else %}no{% endif %}`, condition.at), names);
    return asked === 'yes' || asked === 'no' ? asked : 'maybe';
  }

  /** The text that a value makes; null if it cannot be worked out, or is a secret. */
  text(value: YamlValue | undefined, names: HostVariables): string | null {
    if (!value) return null;
    try {
      const { value: made, secret } = names.valueOf(value);
      if (secret || made === null || typeof made === 'object') return null;
      return String(made);
    } catch (error) {
      mistakeOf(error);
      return null;
    }
  }

  /** The items of a loop; one `null` without a loop. */
  itemsOf(task: Task, host: PlayHost, scope: TaskScope): readonly Item[] {
    const { keywords } = task;
    const loop = [...keywords].find(
      ([name]) => name === 'loop' || (name.startsWith('with_') && name !== 'with_first_found'),
    );
    if (!loop) return [null];
    const [name, { value }] = loop;
    if (!/^(?:loop|with_items|with_list|with_flattened)$/.test(name)) return ['unknown'];
    const names = this.names(host, scope, null, task);
    if (value.kind === 'sequence') {
      if (value.items.length > MOST_ITEMS) return ['unknown'];
      return value.items.flatMap((item) => itemsIn(tryOf(item, names), name));
    }
    return itemsIn(tryOf(value, names), 'with_items');
  }
}

/** A list’s items, each as secret as the list; `loop` keeps lists within the list. */
function itemsIn(made: Tracked | 'unknown', loop: string): readonly Item[] {
  if (made === 'unknown' || loop === 'loop' || loop === 'with_list' || !isList(made.value)) return [made];
  if (made.value.items.length > MOST_ITEMS) return ['unknown'];
  return made.value.items.map((value) => ({ value, secret: made.secret }));
}

/** An item of a loop: what cannot be worked out in a mapping is undefined, and leaves the rest. */
function tryOf(value: YamlValue, names: HostVariables): Tracked | 'unknown' {
  try {
    return names.valueOf(value);
  } catch (error) {
    const { message } = mistakeOf(error);
    if (value.kind !== 'mapping') return 'unknown';
    const entries = [...value.entries].map(([key, entry]) => {
      const made = tryOf(entry.value, names);
      return [key, made === 'unknown' ? { value: new Undefined(message, key), secret: false } : made] as const;
    });
    return {
      value: new Dict(entries.map(([key, made]) => [key, made.value])),
      secret: entries.some(([, made]) => made.secret),
    };
  }
}

function isList(value: Value): value is Extract<Value, { items: unknown }> {
  return typeof value === 'object' && value !== null && 'items' in value;
}
