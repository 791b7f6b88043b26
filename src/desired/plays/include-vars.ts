import { posix } from 'node:path';
import type { ParsedSource } from '../source/parsed-source.ts';
import type { Position } from '../source/problems.ts';
import type { HostVariables } from '../variables/host-variables.ts';
import type { Variables } from '../variables/node-variables.ts';
import type { RepositoryVariables } from '../variables/repository-variables.ts';
import type { Entry, Value as YamlValue } from '../yaml/value.ts';
import type { Asking } from './asking.ts';
import { filePlaces } from './file-places.ts';
import { entriesOf, itemsOf, scalarOf, textOf } from './syntax/parts.ts';
import type { TaskScope } from './scope.ts';
import type { Task } from './syntax/tasks.ts';

interface IncludeReading {
  source: ParsedSource;
  files: RepositoryVariables;
  asking: Asking;
  /** Paths that were looked at. */
  seen: Set<string>;
}

/** What `include_vars` reads for a host; where that cannot be worked out, what it could read. */
export async function includedVariables(
  { given, keywords, at }: Task,
  scope: TaskScope,
  names: HostVariables,
  of: IncludeReading,
): Promise<{ isKnown: boolean; layers: readonly Variables[] }> {
  const first = keywords.get('with_first_found')?.value;
  const folder = given.get('dir');
  const file = given.get('file') ?? given.get('') ?? scalarOf('', at);
  const wanted = first ? firstFound(first, names, of.asking) : [of.asking.text(folder ?? file, names)];
  const paths = wanted.flatMap((each) => each ?? []);
  const found = paths.length < wanted.length ? null : await variablesAt(paths, folder !== undefined, scope, of);
  const layers = found ?? (await possible(scope, of));
  const under = textOf(given.get('name'));
  return { isKnown: found !== null, layers: layers.map((layer) => named(layer, under, at)) };
}

/** `with_first_found`: names of files, or `{ files, paths }`. */
function firstFound(value: YamlValue, names: HostVariables, asking: Asking): readonly (string | null)[] {
  return itemsOf(value).flatMap((item) => {
    const entries = entriesOf(item);
    if (entries.size === 0) return [asking.text(item, names)];
    const files = itemsOf(entries.get('files')?.value).map((each) => asking.text(each, names));
    const folders = itemsOf(entries.get('paths')?.value).map((each) => asking.text(each, names));
    if (folders.length === 0) return files;
    return folders.flatMap((folder) =>
      files.map((file) => (folder === null || file === null ? null : `${folder}/${file}`)),
    );
  });
}

/** The first of the files that is there, or a folder’s; null if there is none. */
async function variablesAt(
  paths: readonly string[],
  isFolder: boolean,
  scope: TaskScope,
  { source, files, seen }: IncludeReading,
): Promise<readonly Variables[] | null> {
  for (const place of paths.flatMap((path) => filePlaces(path, 'vars', scope))) {
    seen.add(isFolder ? `${place}/` : place);
    if (isFolder && (await source.names(place)).size > 0) return files.folder(place);
    const file = isFolder ? null : await files.file(place);
    if (file) return [file];
  }
  return null;
}

/** All that the role, or the play, could include. */
async function possible(
  { role, running }: TaskScope,
  { source, files, seen }: IncludeReading,
): Promise<readonly Variables[]> {
  const folder = posix.join(role?.path ?? running.folder, 'vars');
  seen.add(`${folder}/`);
  const names = [...(await source.names(folder))].filter((name) => /\.(?:ya?ml|json)$/.test(name)).slice(0, MOST_FILES);
  const layers: Variables[] = [];
  for (const name of names) layers.push((await files.file(posix.join(folder, name))) ?? new Map());
  return layers;
}

const MOST_FILES = 100;

function named(layer: Variables, under: string | null, at: Position): ReadonlyMap<string, Entry> {
  return under === null ? layer : new Map([[under, { at, value: { kind: 'mapping', entries: layer, at } }]]);
}
