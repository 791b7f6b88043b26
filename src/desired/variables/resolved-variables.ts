import { SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import type { HostVariables } from './host-variables.ts';
import { mistakeOf, withoutTemplate } from '../../jinja/index.ts';
import type { Variables } from './node-variables.ts';
import type { Problems } from '../source/problems.ts';
import type { Entry, Value } from '../yaml/value.ts';

/** The variables with templates rendered for the host; a failed one becomes a problem and is dropped. */
export function resolved(variables: Variables, host: HostVariables, problems: Problems): Variables {
  const entryOf = (name: string, entry: Entry): Entry => ({
    ...entry,
    value: valueOf(name, entry.value, host, problems),
  });
  return new Map([...variables].map(([name, entry]) => [name, entryOf(name, entry)]));
}

const PASSWORDS: ReadonlySet<string> = new Set(['redis_password', 'redis_masterauth', 'redis_sentinel_password']);

/** Where plans and reports show no value. */
function isMasked(name: string): boolean {
  return PASSWORDS.has(name) || SECRET_DIRECTIVES.has(name);
}

function valueOf(name: string, value: Value, host: HostVariables, problems: Problems): Value {
  switch (value.kind) {
    case 'vaulted':
      return value;
    case 'scalar':
      try {
        const made = host.resolve(value);
        if (!made.secret || isMasked(name)) return made.value;
        problems.add(value.at, `${name} is made of a secret, but plans and reports show it`);
        return { ...value, value: null };
      } catch (error) {
        const mistake = mistakeOf(error);
        const { message } = isMasked(name) || value.confidential ? withoutTemplate(mistake) : mistake;
        if (mistake.ofSecret) problems.addOfSecret(value.at, `${name}: ${message}`);
        else problems.add(value.at, `${name}: ${message}`);
        return { ...value, value: null };
      }
    case 'sequence':
      return { ...value, items: value.items.map((item) => valueOf(name, item, host, problems)) };
    case 'mapping': {
      const entries = [...value.entries].map(
        ([key, entry]) => [key, { ...entry, value: valueOf(key, entry.value, host, problems) }] as const,
      );
      return { ...value, entries: new Map(entries) };
    }
  }
}

/** A cluster variable must not render differently per host. */
export function refuseDifferentTexts(ofHosts: readonly Variables[], problems: Problems): void {
  const [first, ...others] = ofHosts;
  for (const [name, entry] of first ?? [])
    if (others.some((each) => each.has(name) && textOf(each.get(name)?.value) !== textOf(entry.value)))
      problems.add(entry.value.at, `${name} is the cluster’s, but its template makes something else for another host`);
}

function textOf(value: Value | undefined): string {
  switch (value?.kind) {
    case undefined:
    case 'vaulted':
      return '';
    case 'scalar':
      return value.source;
    case 'sequence':
      return JSON.stringify(value.items.map(textOf));
    case 'mapping':
      return JSON.stringify([...value.entries].map(([name, entry]) => [name, textOf(entry.value)]));
  }
}
