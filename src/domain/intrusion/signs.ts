import type { DesiredCluster, DesiredNode } from '../desired.ts';
import { presentConf, type NodeFacts, type ReachableNode, type RedisUp } from '../facts.ts';
import { aclUsers, hasNoPassword, type AclUser } from '../redis/acl.ts';
import type { RedisConf } from '../redis/redis-conf.ts';
import { sameValue } from '../redis/directive-value.ts';
import { foreignMaster } from './foreign-master.ts';
import { isPlantedModule } from '../traces/modules.ts';
import type { Sign } from '../traces/seen-sign.ts';
import { isExecutedFile, isExecutedFolder } from '../traces/places.ts';

const LIFTED: readonly { name: string; to: string; only?: RedisUp['role'] }[] = [
  { name: 'protected-mode', to: 'no' },
  { name: 'replica-read-only', to: 'no', only: 'replica' },
  { name: 'stop-writes-on-bgsave-error', to: 'no' },
  { name: 'rdbcompression', to: 'no' },
];

/** At most as many per node: what Redis tells is an intruder’s to choose. */
const MOST = 40;
const LONGEST = 200;

/**
 * The signs of an intrusion that a node shows now. Empty for a node that cannot be read: it says nothing either way. What
 * people do too, in haste, counts only beside a sign that speaks for itself.
 */
export function signsOn(facts: NodeFacts, node: DesiredNode, observed: readonly NodeFacts[]): readonly Sign[] {
  if (!facts.reachable) return [];
  const redis = facts.redis.state === 'up' ? facts.redis : null;
  const users = redis ? plantedUsers(facts, redis, node) : [];
  const telling = [
    ...(redis ? ofRedis(facts, redis, node, observed) : []),
    // Nobody leaves such a user open: a person gives it a password.
    ...users.filter(hasNoPassword).map(ofUser),
    ...ofLog(facts, node),
    ...ofFiles(facts),
  ];
  if (telling.length === 0) return [];
  const signs = [...telling, ...users.map(ofUser), ...(redis ? ofSettings(facts, redis, node) : [])];
  return [...new Set(signs.map((sign) => printable(sign)))].slice(0, MOST);
}

/** Empty for a node that is not in the inventory. */
export function signsNow(facts: NodeFacts, { nodes }: DesiredCluster, observed: readonly NodeFacts[]): readonly Sign[] {
  const node = nodes.find(({ name }) => name === facts.name);
  return node ? signsOn(facts, node, observed) : [];
}

function ofRedis(
  facts: ReachableNode,
  redis: RedisUp,
  node: DesiredNode,
  observed: readonly NodeFacts[],
): readonly Sign[] {
  const master = foreignMaster(facts, node, observed);
  return [
    ...(master ? [`it replicates from ${master.host}:${master.port}, which neither the inventory nor Git knows`] : []),
    ...ofFolder(facts, redis, node),
    ...ofKeys(redis),
    ...ofModules(facts, redis, node),
  ];
}

function ofFolder({ host }: ReachableNode, { configuration }: RedisUp, node: DesiredNode): readonly Sign[] {
  const dir = configuration.get('dir') ?? '';
  const file = configuration.get('dbfilename') ?? '';
  const folder = host.files.get(node.dataDirectory);
  const real = folder?.exists ? (folder.realPath ?? '') : '';
  const places = [dir, ...(dir === node.dataDirectory ? [real] : [])].filter((place) => place !== '');
  return [
    ...places.filter((place) => isPlace(place, node)).map((place) => `it saves its data in ${place}`),
    ...(isName(file, node) ? [`it saves its data to a file named ${file}`] : []),
  ];
}

function isPlace(dir: string, node: DesiredNode): boolean {
  return isExecutedFolder(dir) && !isSaidByGit(node, 'dir', dir);
}

function isName(file: string, node: DesiredNode): boolean {
  return isExecutedFile(file) && !isSaidByGit(node, 'dbfilename', file);
}

/** Not what the node keeps because Git is silent: an intruder may have set it. */
function isSaidByGit(node: DesiredNode, name: string, value: string): boolean {
  const said = node.redisConf.content.get(name);
  return said !== undefined && sameValue(name, said, value) && !isKept(node, name);
}

function ofKeys({ plantedKeys = [] }: RedisUp): readonly Sign[] {
  return plantedKeys.map(({ name, kind }) => `its key ${name} holds ${kind}`);
}

function ofModules({ host }: ReachableNode, redis: RedisUp, node: DesiredNode): readonly Sign[] {
  const { modules = [], configuration } = redis;
  if (modules.length === 0) return [];
  const command = host.unit.start?.redis?.directives.get('loadmodule')?.split(' ')[0];
  const sources = {
    git: isKept(node, 'loadmodule') ? [] : modulesOf(node.redisConf.content),
    node: [...confsOf(host, node).flatMap(modulesOf), ...(command === undefined ? [] : [command])],
    enabled: configuration.get('enable-module-command'),
    folders: [configuration.get('dir') ?? '', node.dataDirectory, '/var/lib/redis', '/var/lib/valkey'].filter(
      (folder) => folder !== '',
    ),
  };
  return modules
    .filter((module) => isPlantedModule(module, sources))
    .map(
      ({ name, path }) => `a client loaded the module ${name}${path === null || path === '' ? '' : ` from ${path}`}`,
    );
}

/** Users that may do everything and are in no file that Redis reads. */
function plantedUsers(
  { host }: ReachableNode,
  { aclUsers: users = [], configuration }: RedisUp,
  node: DesiredNode,
): readonly AclUser[] {
  const parts = host.confParts.filter(({ kind }) => kind !== 'wanted aclfile');
  const file = configuration.get('aclfile') ?? '';
  const unread = parts.some(({ content }) => content.reveal() === '');
  // Users of a file that could not be read are unknown, not planted.
  if (!presentConf(host, node.redisConf) || unread || (file !== '' && !parts.some(({ path }) => path === file)))
    return [];
  const texts = [...confsOf(host, node), node.redisConf.content];
  const known = new Set(texts.flatMap((text) => aclUsers(text.reveal().split('\n')).map(({ name }) => name)));
  return users.filter(({ name, rules }) => name !== 'default' && !known.has(name) && mayDoAll(rules));
}

function mayDoAll(rules: string): boolean {
  const words = rules.split(' ');
  return words.includes('on') && words.some((word) => /^\(?\+@all\)?$/.test(word));
}

function ofUser({ name }: AclUser): Sign {
  return `the ACL user ${name}, in no file and not in Git, may run every command`;
}

/** Guards that attack scripts take away at run time, against the node’s file. */
function ofSettings({ host }: ReachableNode, { configuration, role }: RedisUp, node: DesiredNode): readonly Sign[] {
  const conf = presentConf(host, node.redisConf);
  if (!conf) return [];
  return LIFTED.filter(({ name, to, only }) => {
    if (configuration.get(name) !== to || (only !== undefined && role !== only)) return false;
    return conf.get(name) !== to && !isSaidByGit(node, name, to);
  }).map(({ name, to }) => `a client set ${name} ${to}`);
}

/** redis.conf as found on the node, and the files beside it. */
function confsOf(host: ReachableNode['host'], { redisConf }: DesiredNode): readonly RedisConf[] {
  const conf = presentConf(host, redisConf);
  return [...(conf ? [conf] : []), ...host.confParts.map(({ content }) => content)];
}

function modulesOf(conf: RedisConf): readonly string[] {
  return conf.linesOf('loadmodule').map(([path = '']) => path);
}

function isKept({ kept = [] }: DesiredNode, name: string): boolean {
  return kept.some((line) => line.startsWith(`${name} `));
}

/** Redis logs each failed save with its place (rdb.c): the attempt shows, even where a sandbox refused it. */
function ofLog({ host }: ReachableNode, node: DesiredNode): readonly Sign[] {
  return host.log.flatMap((line): readonly Sign[] => {
    const [, dir = ''] = /\(in server root dir ([^)]{1,200})\)/.exec(line) ?? [];
    const [, opened, moved] = /RDB file (\S{1,100}) \(in|final destination (\S{1,100}) \(in/.exec(line) ?? [];
    const file = opened ?? moved ?? '';
    if (dir === '') return [];
    return isPlace(dir, node) || isName(file, node) ? [`its log shows an attempt to save ${file} in ${dir}`] : [];
  });
}

function ofFiles({ host }: ReachableNode): readonly Sign[] {
  return (host.savedElsewhere ?? []).map((path) => `${path} is a file that Redis saved`);
}

function printable(text: string): string {
  const plain = text.replaceAll(/\p{Cc}/gu, '?');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}
