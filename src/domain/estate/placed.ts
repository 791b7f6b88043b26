import type { DesiredNode, DesiredSentinel } from '../desired.ts';
import { SentinelFile } from '../sentinel/sentinel-file.ts';
import { placeOf, serverOf, type ServerName, type ServerPlace } from '../server/server.ts';

/** From here on, a redis.conf of redisops has Git’s own lines. */
const FROM_GIT = '\n# From redis_config\n';

/** The same node with another server: its unit, files, folders and user. A template’s text stays as it is. */
export function placedOn(node: DesiredNode, server: ServerName): DesiredNode {
  const before = placeOf(serverOf(node));
  const place = placeOf(server);
  if (before.unit === place.unit) return node;
  const { server: _, ...rest } = node;
  const owners = { owner: place.user, group: place.user };
  const isOwn = node.unsaid !== undefined;
  const sentinel = node.sentinel ? sentinelOn(node.sentinel, before, place, isOwn) : null;
  return {
    ...rest,
    ...(server === 'redis' ? {} : { server }),
    packageName: place.packageName,
    unit: place.unit,
    directories: node.directories.map((each) => (each.owner === before.user ? { ...each, ...owners } : each)),
    redisConf: {
      ...node.redisConf,
      ...owners,
      path: place.conf,
      content: isOwn ? node.redisConf.content.map((text) => builtInMoved(text, before, place)) : node.redisConf.content,
    },
    dropIn: { ...node.dropIn, path: place.dropIn },
    ...(sentinel ? { sentinel } : {}),
    ...(sentinel && isOwn ? { sentinelConf: sentinel.file.content } : {}),
  };
}

function sentinelOn(
  sentinel: DesiredSentinel,
  before: ServerPlace,
  place: ServerPlace,
  isOwn: boolean,
): DesiredSentinel {
  const { file } = sentinel;
  const { packageName, unit, conf } = place.sentinel;
  const owners = { owner: place.user, group: place.user };
  const content = isOwn
    ? SentinelFile.parse(file.content.map((text) => moved(text, sentinelPlaces(before), sentinelPlaces(place))))
    : file.content;
  return { ...sentinel, packageName, unit, file: { ...file, ...owners, path: conf, content } };
}

function builtInMoved(text: string, before: ServerPlace, place: ServerPlace): string {
  const at = text.indexOf(FROM_GIT);
  const end = at === -1 ? text.length : at;
  const lines = ({ pidFile, logFile }: ServerPlace) => [`pidfile ${pidFile}`, `logfile ${logFile}`];
  return `${moved(text.slice(0, end), lines(before), lines(place))}${text.slice(end)}`;
}

function sentinelPlaces({ sentinel, dataFolder }: ServerPlace): readonly string[] {
  return [`pidfile ${sentinel.pidFile}`, `logfile ${sentinel.logFile}`, `dir ${dataFolder}`];
}

function moved(text: string, from: readonly string[], to: readonly string[]): string {
  return text
    .split('\n')
    .map((line) => to[from.indexOf(line)] ?? line)
    .join('\n');
}
