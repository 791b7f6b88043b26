import type { Endpoint } from '../../domain/replication/endpoint.ts';
import { MANAGED } from '../../domain/text/managed.ts';
import { DECIDED_BY_UNIT, SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import { quoteArgument } from '../../domain/text/arguments.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { Secret, SensitiveText } from '../../domain/secret.ts';
import type { ClusterVariables, NodeVariables } from '../variables/node-variables.ts';
import type { WantedDirective } from '../variables/redis-config.ts';

/** The node’s place in its cluster. */
export interface Place {
  address: string;
  /** Null for a master. */
  master: Endpoint | null;
  /** Number of replicas in the cluster. */
  replicas: number;
}

interface Chapter {
  title: string;
  /** Explanations written into the file. */
  notes?: readonly string[];
  directives: readonly WantedDirective[];
}

/**
 * redis.conf from the variables: equal variables give equal bytes. `redis_config` overrides the built-in lines, which
 * are proven in operation.
 */
export function renderRedisConf(variables: NodeVariables, cluster: ClusterVariables, place: Place): RedisConf {
  const chapters = overruled(builtIn(variables, cluster, place), variables.directives);
  const lines = chapters.flatMap(({ title, notes = [], directives }) => [
    '',
    `# ${title}`,
    ...notes.map((note) => `# ${note}`),
    ...directives.map(lineOf),
  ]);
  return RedisConf.parse(new SensitiveText(`${[MANAGED, ...lines].join('\n')}\n`, secretsOf(variables, cluster)));
}

/** Settings in the file that Git does not mention: built-in lines and defaults of variables. */
export function unsaidDirectives(
  variables: NodeVariables,
  cluster: ClusterVariables,
  place: Place,
): ReadonlySet<string> {
  const said = new Set(variables.directives.map(({ name }) => name));
  const names = builtIn(variables, cluster, place).flatMap(({ directives }) => directives.map(({ name }) => name));
  const ours = names.filter((name) => !FROM_VARIABLES.has(name) || variables.unsaid.has(name));
  return new Set(ours.filter((name) => !said.has(name) && !DECIDED_BY_UNIT.has(name)));
}

/** Built-in lines that come from a variable. */
const FROM_VARIABLES: ReadonlySet<string> = new Set([
  'bind',
  'dir',
  'masterauth',
  'maxmemory',
  'maxmemory-policy',
  'port',
  'repl-backlog-size',
  'repl-diskless-sync',
  'replicaof',
  'requirepass',
]);

function builtIn(variables: NodeVariables, cluster: ClusterVariables, place: Place): readonly Chapter[] {
  return [
    { title: 'Network', directives: network(variables, cluster, place) },
    {
      title: 'Process, as Debian’s unit runs it',
      directives: [
        words('daemonize', 'no'),
        words('supervised', 'systemd'),
        words('pidfile', '/run/redis/redis-server.pid'),
        words('logfile', '/var/log/redis/redis-server.log'),
      ],
    },
    {
      title: 'Data',
      notes: [
        'A replica writes its temporary file into dir and renames it to dbfilename: never empty.',
        'save "" is said, as leaving it out would mean the save points of Redis itself.',
        'No file that a synchronization left behind: a later start would take it for data.',
      ],
      directives: [
        words('dir', variables.folder),
        words('dbfilename', 'temp-sync.rdb'),
        words('save', ''),
        words('appendonly', 'no'),
        words('rdb-del-sync-files', 'yes'),
        // Switching it off would hide a broken disk. shutdown-on-sigterm keeps its default: without save points nothing
        // is saved anyway, and with them it must be.
        words('stop-writes-on-bgsave-error', 'yes'),
      ],
    },
    { title: 'Memory', directives: memory(variables) },
    { title: 'Replication', directives: replication(variables, place) },
    { title: 'Access', directives: access(cluster) },
  ];
}

function network({ bind, port }: NodeVariables, { password }: ClusterVariables, { address }: Place) {
  return [
    words('bind', ...(bind ?? new Set(['127.0.0.1', address]))),
    // Without a password, protected mode admits no other hosts: no replica could connect.
    words('protected-mode', password ? 'yes' : 'no'),
    words('port', String(port)),
  ];
}

function memory({ maxmemory, maxmemoryPolicy }: NodeVariables): readonly WantedDirective[] {
  return [
    ...(maxmemory === null ? [] : [words('maxmemory', maxmemory)]),
    ...(maxmemoryPolicy === null ? [] : [words('maxmemory-policy', maxmemoryPolicy)]),
  ];
}

function replication({ disklessSync, backlogSize }: NodeVariables, { master, replicas }: Place) {
  return [
    // The address, not the name, which may not resolve here.
    ...(master ? [words('replicaof', master.host, String(master.port))] : []),
    words('replica-read-only', 'yes'),
    words('replica-serve-stale-data', 'yes'),
    words('repl-diskless-sync', disklessSync ? 'yes' : 'no'),
    // Once every replica is waiting, a synchronization need not wait for more.
    words('repl-diskless-sync-max-replicas', String(replicas)),
    words('repl-diskless-load', 'disabled'),
    words('repl-backlog-size', backlogSize),
  ];
}

function access({ password, masterauth }: ClusterVariables): readonly WantedDirective[] {
  const towardsMaster = masterauth ?? password;
  return [
    ...(password ? [words('requirepass', password.reveal())] : []),
    ...(towardsMaster ? [words('masterauth', towardsMaster.reveal())] : []),
  ];
}

function words(name: string, ...parameters: readonly string[]): WantedDirective {
  return { name, parameters };
}

function overruled(chapters: readonly Chapter[], wanted: readonly WantedDirective[]): readonly Chapter[] {
  const names = new Set(wanted.map(({ name }) => name));
  const kept = chapters.map((chapter) => ({
    ...chapter,
    directives: chapter.directives.filter(({ name }) => !names.has(name)),
  }));
  // Lines of one directive keep Git’s order.
  const directives = wanted.toSorted((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
  return [...kept, { title: 'From redis_config', directives }].filter((chapter) => chapter.directives.length > 0);
}

function lineOf({ name, parameters }: WantedDirective): string {
  return [name, ...parameters.map(quoteArgument)].join(' ');
}

/** Passwords, also in quoted form: `masked` looks for both. */
function secretsOf({ directives }: NodeVariables, { password, masterauth }: ClusterVariables): readonly Secret[] {
  const own = directives
    .filter(({ name }) => SECRET_DIRECTIVES.has(name))
    .flatMap(({ name, parameters }) => (name === 'user' ? aclPasswords(parameters) : parameters));
  const plain = [password?.reveal() ?? '', masterauth?.reveal() ?? '', ...own].filter((value) => value !== '');
  return [...new Set(plain.flatMap((value) => [value, quoteArgument(value)]))].map((value) => new Secret(value));
}

function aclPasswords(rules: readonly string[]): readonly string[] {
  return rules.filter((rule) => /^[><#!]./.test(rule)).map((rule) => rule.slice(1));
}
