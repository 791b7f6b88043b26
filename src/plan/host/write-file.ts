import { createHash } from 'node:crypto';
import type { WriteFile } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { DesiredFile, DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';
import { dropInOrigin, fileOrigin, original } from '../../domain/file-origin.ts';
import { canonicalName } from '../../domain/redis/directives.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { differingDirectives } from '../../domain/redis/same-conf.ts';
import type { SensitiveText } from '../../domain/secret.ts';
import { lineDiff } from './line-diff.ts';

/** redis.conf with the observed role, unless already in place. */
export function redisConfAction(node: DesiredNode, host: HostFacts, master: Endpoint | null): WriteFile | null {
  const file = { ...node.redisConf, content: node.redisConf.content.withRole(master) };
  return writeAction(node, file, 'redis.conf', master, host);
}

export function dropInAction(node: DesiredNode, host: HostFacts): WriteFile | null {
  return writeAction(node, node.dropIn, 'override.conf', null, host);
}

function writeAction(
  node: DesiredNode,
  wanted: DesiredFile,
  file: WriteFile['file'],
  replicaof: Endpoint | null,
  host: HostFacts,
): WriteFile | null {
  const { path, owner, group, mode, content } = wanted;
  const sha256 = createHash('sha256').update(content.reveal()).digest('hex');
  const present = host.files.get(path);
  const there = present?.exists ? present : null;
  const origin = file === 'override.conf' ? dropInOrigin(node, host) : fileOrigin(wanted, host);
  const adopts = origin === 'someone';
  const sameContent = there?.sha256 === sha256 || sameMeaning(content, there?.content);
  if (there && sameContent && there.owner === owner && there.group === group && there.mode === mode) return null;
  const verb = there ? (sameContent ? 'Set owner and mode of' : 'Change') : 'Create';
  return {
    kind: 'write-file',
    node: node.name,
    summary: `${verb} ${path}`,
    disruptive: false,
    reason: reasonOf(path, there !== null, adopts),
    file,
    path,
    owner,
    group,
    mode,
    replicaof,
    ...(adopts ? { adopts: true } : {}),
    replaces: there?.sha256 ?? null,
    diff: diffOf(content, there?.content),
  };
}

function reasonOf(path: string, exists: boolean, adopts: boolean): string {
  if (adopts) return `Someone else wrote it: the original stays as ${original(path)}.`;
  return exists ? 'It differs from Git.' : 'It does not exist.';
}

/** A redis.conf with the same meaning stays, whoever wrote it: an operator, or CONFIG REWRITE. */
function sameMeaning(wanted: SensitiveText, present: SensitiveText | undefined): boolean {
  if (!(wanted instanceof RedisConf) || !present) return false;
  const there = RedisConf.parse(present);
  return there.brokenLines.length === 0 && differingDirectives(wanted, there).length === 0;
}

function diffOf(wanted: SensitiveText, present: SensitiveText | undefined): WriteFile['diff'] {
  if (!(wanted instanceof RedisConf) || !present) return lineDiff(settingsOf(present), settingsOf(wanted));
  const there = RedisConf.parse(present);
  const names = new Set(differingDirectives(wanted, there));
  return lineDiff(settingsOf(there, names), settingsOf(wanted, names));
}

/**
 * What a file sets. A distribution’s file has a thousand lines of comment around a hundred settings, most of them Redis’s
 * defaults: of a redis.conf only the directives that differ are shown.
 */
function settingsOf(content: SensitiveText | undefined, names?: ReadonlySet<string>): string {
  const lines = content?.masked().split('\n') ?? [];
  const settings = lines.filter((line) => !/^\s*(?:#|$)/.test(line));
  const nameOf = (line: string) => canonicalName(/^\s*["']?([\w-]+)/.exec(line)?.[1] ?? '');
  return settings.filter((line) => !names || names.has(nameOf(line))).join('\n');
}
