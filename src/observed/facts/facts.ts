import { aptFact } from './apt.ts';
import { clockFact } from './clock.ts';
import { commitmentFact } from './commitment.ts';
import { contentsFact } from './contents.ts';
import { confPartsFact } from './conf-parts.ts';
import { drainedFact } from './drained.ts';
import { dataFilesFact } from './data-files.ts';
import type { Fact } from './fact.ts';
import { filesFact } from './files.ts';
import { listenersFact } from './listeners.ts';
import { logFact } from './log.ts';
import { masterHomeFact } from './master-home.ts';
import { packageFact } from './package.ts';
import { processesFact } from './processes.ts';
import { remainsFact } from './remains.ts';
import { resourcesFact } from './resources.ts';
import { savedElsewhereFact } from './saved-elsewhere.ts';
import { serversFact } from './servers.ts';
import { unitFact } from './unit.ts';

/** Facts by name. */
export type Facts = Readonly<Record<string, Fact<unknown, string>>>;

/** The parsers’ results, by name. */
export type Readings<F extends Facts> = { readonly [Name in keyof F]: ReturnType<F[Name]['parse']> };

/** Every fact about a host. The order follows from what each fact declares, not from this list. */
export const HOST_FACTS = listed({
  clock: clockFact,
  unit: unitFact,
  package: packageFact,
  apt: aptFact,
  listeners: listenersFact,
  commitment: commitmentFact,
  files: filesFact,
  processes: processesFact,
  servers: serversFact,
  confParts: confPartsFact,
  dataFiles: dataFilesFact,
  remains: remainsFact,
  resources: resourcesFact,
  masterHome: masterHomeFact,
  drained: drainedFact,
  savedElsewhere: savedElsewhereFact,
  log: logFact,
  contents: contentsFact,
});

/** For rereading only the log. */
export const LOG_FACTS = listed({ unit: unitFact, log: logFact });

/** Compiles only if every fact needed by another one is listed too. */
export function listed<F extends { readonly [Name in keyof F]: Fact<unknown, Extract<keyof F, string>> }>(facts: F): F {
  return facts;
}

/**
 * The facts’ names in running order: dependencies first, long ones last.
 * @throws Error if facts depend on each other.
 */
export function inOrder(facts: Facts): readonly string[] {
  const placed = new Set<string>();
  const place = (name: string, waiting: readonly string[]): void => {
    if (placed.has(name)) return;
    if (waiting.includes(name)) throw new Error(`facts need each other: ${[...waiting, name].join(', ')}`);
    for (const before of facts[name]?.after ?? []) place(before, [...waiting, name]);
    placed.add(name);
  };
  const names = Object.keys(facts);
  for (const name of names.filter((each) => !facts[each]?.long)) place(name, []);
  for (const name of names) place(name, []);
  return [...placed];
}
