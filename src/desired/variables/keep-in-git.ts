import { isCollection, isMap, isScalar, parseDocument, type Document } from 'yaml';
import { RedisopsError } from '../../domain/error.ts';
import type { Keepable } from '../../domain/git/keepable.ts';
import { chooseCluster, readClusters } from '../rules/clusters.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { isVault } from '../yaml/vault.ts';
import type { ConfigSource } from '../../ports/git.ts';

/** Directives with a variable of their own. */
export const VARIABLES: Readonly<Record<string, string>> = {
  bind: 'redis_bind',
  dir: 'redis_dir',
  maxmemory: 'redis_maxmemory',
  'maxmemory-policy': 'redis_maxmemory_policy',
  port: 'redis_port',
  'repl-backlog-size': 'redis_repl_backlog_size',
  'repl-diskless-sync': 'redis_repl_diskless_sync',
};

export interface KeptInGit {
  /** The cluster’s group_vars file. */
  path: string;
  text: string;
  /** Whether it differs from before. */
  isChanged: boolean;
}

/** The repository with the edited file. */
export function withFile(source: ConfigSource, { path, text }: KeptInGit): ConfigSource {
  return {
    revision: source.revision,
    read: (each) => (each === path ? Promise.resolve(text) : source.read(each)),
    list: (folder) => source.list(folder),
    apart: source.apart,
  };
}

/**
 * The cluster’s group variables with the nodes’ values. Every other line stays unchanged, comments included; reading
 * the result checks it.
 * @throws CONFIG_MISSING, CONFIG_INVALID, UNKNOWN_CLUSTER; USAGE if a value would be a template; SET_OVERRULED if the
 * current value comes from a template or a vault
 */
export async function keepInGit(
  source: ConfigSource,
  cluster: string,
  { directives, master }: Pick<Keepable, 'directives' | 'master'>,
  masterAddress: string | null,
): Promise<KeptInGit> {
  const { settings } = chooseCluster(await readClusters(source), cluster);
  const path = settings.group_vars;
  const before = await ParsedSource.of(source).read(path);
  if (before === null || isVault(before))
    throw new RedisopsError(
      'CONFIG_MISSING',
      `${path} cannot be edited: it is ${before === null ? 'not there' : 'vaulted'}.`,
      {
        hint: 'Change it by hand.',
      },
    );
  let text = before;
  for (const [directive, value] of directives) {
    refuseTemplate(directive, value);
    const variable = VARIABLES[directive];
    const place = variable === undefined ? (['redis_config', directive] as const) : ([variable] as const);
    refuseMade(text, place, path);
    text = withValue(text, place, yamlOf(directive, value));
  }
  if (master !== null) text = withValue(text, ['redis_master_host'], master);
  if (master !== null && masterAddress !== null && parse(text).has('redis_master_ip'))
    text = withValue(text, ['redis_master_ip'], JSON.stringify(masterAddress));
  return { path, text, isChanged: text !== before };
}

function parse(text: string): Document {
  return parseDocument(text, { version: '1.1', logLevel: 'error' });
}

/** A template from chat or from a node could extract a password letter by letter. */
function refuseTemplate(directive: string, value: string): void {
  if (!/\{[{%#]/.test(value)) return;
  throw new RedisopsError('USAGE', `The value of ${directive} would be a template.`, {
    hint: 'Nothing was done. A template is for a person to write, in the repository.',
  });
}

/** Computed and vaulted values are not overwritten. */
function refuseMade(text: string, place: readonly [string] | readonly [string, string], path: string): void {
  const present = parse(text).getIn(place, true);
  const isTemplate = isScalar(present) && typeof present.value === 'string' && /\{[{%]/.test(present.value);
  if (!isTemplate && !(isScalar(present) && present.tag === '!vault')) return;
  const what = isTemplate ? 'a template makes its value' : 'its value is vaulted';
  throw new RedisopsError('SET_OVERRULED', `${place.at(-1)} in ${path} cannot be set: ${what}.`, {
    hint: 'Nothing was done. Change it by hand.',
  });
}

function yamlOf(directive: string, value: string): string {
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(value)) return value;
  if (directive === 'repl-diskless-sync' && /^(?:yes|no)$/.test(value)) return String(value === 'yes');
  // Unquoted as people write it, unless YAML would read something else.
  if (/^\d+[kmg]b?$/i.test(value)) return value;
  return JSON.stringify(value);
}

/** Sets one value. @param yaml The value in YAML. */
function withValue(text: string, path: readonly [string] | readonly [string, string], yaml: string): string {
  const document = parse(text);
  const present = document.getIn(path, true);
  const range = rangeOf(present);
  if (range && !/^[|>]|\n/.test(text.slice(range.from, range.to)))
    return `${text.slice(0, range.from)}${range.from === range.to ? ' ' : ''}${yaml}${text.slice(range.to)}`;
  const [variable, directive] = path;
  const block = directive === undefined ? null : blockOf(text, document, variable);
  if (present === undefined && block)
    return `${text.slice(0, block.at)}${block.indent}${directive ?? ''}: ${yaml}\n${text.slice(block.at)}`;
  if (present === undefined && !document.has(variable))
    return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${variable}:${directive === undefined ? '' : `\n  ${directive}:`} ${yaml}\n`;
  // Lists, flow mappings and others are rewritten.
  document.setIn(path, parse(yaml).toJS());
  return document.toString({ lineWidth: 0 });
}

/** The range of a value that nothing else refers to: a scalar, or a flow list or mapping. */
function rangeOf(node: unknown): { from: number; to: number } | null {
  if (!isScalar(node) && !(isCollection(node) && node.flow)) return null;
  if (!node.range || node.tag || node.anchor !== undefined) return null;
  return { from: node.range[0], to: node.range[1] };
}

/** Where a new line of a block mapping goes: before its first one. */
function blockOf(text: string, document: Document, variable: string): { at: number; indent: string } | null {
  const map = document.get(variable, true);
  if (!isMap(map) || map.flow || map.anchor !== undefined) return null;
  const key = map.items[0]?.key;
  const from = isScalar(key) ? key.range?.[0] : undefined;
  if (from === undefined) return null;
  const at = text.lastIndexOf('\n', from - 1) + 1;
  const indent = text.slice(at, from);
  return /^ +$/.test(indent) ? { at, indent } : null;
}
