import { quoteArgument } from '../domain/redis-conf.ts';
import { SensitiveText } from '../domain/secret.ts';
import type { NodeVariables } from './node-variables.ts';
import type { WantedDirective } from './redis-config.ts';

/** What redis.conf must know of the node beside its variables. */
export interface Place {
  address: string;
  /** The master’s address, or null for a master. */
  replicaof: { host: string; port: number } | null;
  /** Replicas in the cluster. */
  replicas: number;
}

interface Chapter {
  title: string;
  directives: readonly WantedDirective[];
}

/**
 * redis.conf from the variables: the same variables give the same bytes. What `redis_config` says overrules the
 * built-in lines, which hold what the field taught:
 * a replica writes its temporary file into `dir` and renames it to `dbfilename`, which therefore is never empty;
 * `save ""` is said, not left out, as leaving it out means Redis’s own save points; `rdb-del-sync-files` leaves no old
 * file that a later start could mistake for data.
 */
export function renderRedisConf(variables: NodeVariables, place: Place): SensitiveText {
  const chapters = overruled(builtIn(variables, place), variables.directives);
  const lines = chapters.flatMap(({ title, directives }) => ['', `# ${title}`, ...directives.map(lineOf)]);
  const head = '# Managed by redisops from Git. Changes made by hand are undone by the next apply.';
  const secrets = [variables.password, variables.masterauth].filter((secret) => secret !== null);
  return new SensitiveText(`${[head, ...lines].join('\n')}\n`, secrets);
}

function builtIn(variables: NodeVariables, place: Place): readonly Chapter[] {
  const { password } = variables;
  return [
    {
      title: 'Network',
      directives: [
        words('bind', ...(variables.bind ?? `127.0.0.1 ${place.address}`).split(' ')),
        words('protected-mode', password ? 'yes' : 'no'),
        words('port', String(variables.port)),
      ],
    },
    {
      title: 'Process: as Debian’s unit expects it',
      directives: [
        words('pidfile', '/run/redis/redis-server.pid'),
        words('logfile', '/var/log/redis/redis-server.log'),
      ],
    },
    {
      title: 'Data',
      directives: [
        words('dir', variables.folder),
        words('dbfilename', 'temp-sync.rdb'),
        words('save', ''),
        words('appendonly', 'no'),
        words('rdb-del-sync-files', 'yes'),
      ],
    },
    { title: 'Memory', directives: memory(variables) },
    { title: 'Replication', directives: replication(variables, place) },
    { title: 'Access', directives: access(variables) },
  ];
}

function memory({ maxmemory, maxmemoryPolicy }: NodeVariables): readonly WantedDirective[] {
  return [
    ...(maxmemory === null ? [] : [words('maxmemory', maxmemory)]),
    ...(maxmemoryPolicy === null ? [] : [words('maxmemory-policy', maxmemoryPolicy)]),
  ];
}

function replication(variables: NodeVariables, { replicaof, replicas }: Place): readonly WantedDirective[] {
  return [
    ...(replicaof ? [words('replicaof', replicaof.host, String(replicaof.port))] : []),
    words('replica-read-only', 'yes'),
    words('replica-serve-stale-data', 'yes'),
    words('repl-diskless-sync', variables.disklessSync ? 'yes' : 'no'),
    // With every replica waiting, a synchronisation need not wait for more of them.
    words('repl-diskless-sync-max-replicas', String(replicas)),
    words('repl-backlog-size', variables.backlogSize),
  ];
}

function access({ password, masterauth }: NodeVariables): readonly WantedDirective[] {
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
  const kept = chapters.map(({ title, directives }) => ({
    title,
    directives: directives.filter(({ name }) => !names.has(name)),
  }));
  const own = { title: 'From redis_config', directives: wanted.toSorted((a, b) => a.name.localeCompare(b.name)) };
  return [...kept, own].filter(({ directives }) => directives.length > 0);
}

function lineOf({ name, parameters }: WantedDirective): string {
  return [name, ...parameters.map(quoteArgument)].join(' ');
}

/** The drop-in that lets Redis write its data directory: Debian’s unit has `ProtectSystem=strict`. */
export function renderDropIn(folder: string): SensitiveText {
  return new SensitiveText(
    [
      '# Managed by redisops from Git. Changes made by hand are undone by the next apply.',
      '[Service]',
      `ReadWritePaths=${folder}`,
      '',
    ].join('\n'),
  );
}
