import { createHash } from 'node:crypto';
import type { WriteFile } from '../../domain/action.ts';
import type { Endpoint } from '../../domain/replication/endpoint.ts';
import type { DesiredFile, DesiredNode } from '../../domain/desired.ts';
import type { FileFacts, HostFacts } from '../../domain/facts.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { differingDirectives } from '../../domain/redis/same-conf.ts';
import type { SensitiveText } from '../../domain/secret.ts';
import { lineDiff } from './line-diff.ts';

/** redis.conf with the observed role, unless already in place. */
export function redisConfAction(node: DesiredNode, host: HostFacts, master: Endpoint | null): WriteFile | null {
  const file = { ...node.redisConf, content: node.redisConf.content.withRole(master) };
  return writeAction(node, file, 'redis.conf', master, host.files.get(file.path));
}

export function dropInAction(node: DesiredNode, host: HostFacts): WriteFile | null {
  return writeAction(node, node.dropIn, 'override.conf', null, host.files.get(node.dropIn.path));
}

function writeAction(
  node: DesiredNode,
  wanted: DesiredFile,
  file: WriteFile['file'],
  replicaof: Endpoint | null,
  present: FileFacts | undefined,
): WriteFile | null {
  const { path, owner, group, mode, content } = wanted;
  const sha256 = createHash('sha256').update(content.reveal()).digest('hex');
  const there = present?.exists ? present : null;
  const sameContent = there?.sha256 === sha256 || sameMeaning(content, there?.content);
  if (there && sameContent && there.owner === owner && there.group === group && there.mode === mode) return null;
  const verb = there ? (sameContent ? 'Set owner and mode of' : 'Change') : 'Create';
  return {
    kind: 'write-file',
    node: node.name,
    summary: `${verb} ${path}`,
    disruptive: false,
    reason: there ? 'It differs from Git.' : 'It does not exist.',
    file,
    path,
    owner,
    group,
    mode,
    replicaof,
    replaces: there?.sha256 ?? null,
    diff: lineDiff(settingsOf(there?.content), settingsOf(content)),
  };
}

/** A redis.conf with the same meaning stays, whoever wrote it: an operator, or CONFIG REWRITE. */
function sameMeaning(wanted: SensitiveText, present: SensitiveText | undefined): boolean {
  if (!(wanted instanceof RedisConf) || !present) return false;
  const there = RedisConf.parse(present);
  return there.brokenLines.length === 0 && differingDirectives(wanted, there).length === 0;
}

/** Only the settings: a distribution’s file has a thousand lines of comments around a few dozen settings. */
function settingsOf(content: SensitiveText | undefined): string {
  const lines = content?.masked().split('\n') ?? [];
  return lines.filter((line) => !/^\s*(?:#|$)/.test(line)).join('\n');
}
