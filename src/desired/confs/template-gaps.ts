import type { TemplateGap } from '../../domain/desired.ts';
import type { TemplateConf } from './template-conf.ts';

const EVERYWHERE = ['*', '0.0.0.0', '::', '::*', '-::*'];

/** The parts of a node’s place that its file must reflect. */
export interface Standing {
  address: string;
  replication: boolean;
  /** Null for the nominated master. */
  master: { host: string; names: readonly string[]; port: number } | null;
}

/** Unsafe or missing settings in the repository’s template. Nothing is added to it. */
export function templateGaps(conf: TemplateConf, standing: Standing): readonly TemplateGap[] {
  return [...(standing.replication ? replicationGaps(conf, standing) : []), ...dataGaps(conf)];
}

function replicationGaps(conf: TemplateConf, { address, master }: Standing): readonly TemplateGap[] {
  const { directives, password, masterauth } = conf;
  const gaps: TemplateGap[] = [];
  const bind = directives.get('bind');
  if (bind && !bind.some((word) => EVERYWHERE.includes(word) || word.replace(/^-/, '') === address))
    gaps.push(blocker(`its bind lacks ${address}: the other nodes would not reach it`, `Print ${address} in bind.`));
  if (!password && !isSaid(conf, 'protected-mode', 'no'))
    gaps.push(
      blocker(
        'it has no requirepass, and protected-mode lets nobody in from other hosts',
        'Print requirepass, or protected-mode no.',
      ),
    );
  if (password && !masterauth)
    gaps.push(
      blocker(
        'it has requirepass, but no masterauth: as a replica it could not log in',
        'Print masterauth with the master’s password.',
      ),
    );
  else if (password && masterauth && !password.equals(masterauth))
    gaps.push(warning('its masterauth is not its requirepass: it must be the password of whoever is the master'));
  if (isSaid(conf, 'replica-read-only', 'no'))
    gaps.push(
      blocker(
        'replica-read-only no lets clients write to a replica; the next synchronization loses that',
        'Leave it out.',
      ),
    );
  if (!bind) gaps.push(warning('it has no bind: Redis listens on all addresses'));
  gaps.push(...roleGaps(conf, master));
  return gaps;
}

/** Roles are observed: redisops writes the line for the node’s role. */
function roleGaps({ directives }: TemplateConf, master: Standing['master']): readonly TemplateGap[] {
  const role = directives.get('replicaof');
  if (!master)
    return role && role.length > 0
      ? [warning(`it prints replicaof for the nominated master; redisops takes the line away`)]
      : [];
  if (!role) return [warning('it prints no replicaof; redisops adds the line to replicas, as roles are observed')];
  const [host = '', port = ''] = role;
  if (host === master.host && port === String(master.port)) return [];
  return master.names.includes(host) && port === String(master.port)
    ? [warning(`its replicaof names the master ${host}; redisops writes the address, as names need not resolve`)]
    : [warning(`its replicaof does not name the nominated master; redisops writes the observed one`)];
}

function dataGaps(conf: TemplateConf): readonly TemplateGap[] {
  const { directives } = conf;
  const gaps: TemplateGap[] = [];
  if (!directives.has('save'))
    gaps.push(warning('it says nothing of save: Redis saves at its own save points (3600 1 300 100 60 10000)'));
  if (!directives.has('dbfilename')) gaps.push(warning('it says nothing of dbfilename: dump.rdb is Redis’s own'));
  if (!isSaid(conf, 'rdb-del-sync-files', 'yes') && !persists(conf))
    gaps.push(
      warning('without rdb-del-sync-files yes, a file that a synchronization left is taken for data at the next start'),
    );
  if (isSaid(conf, 'stop-writes-on-bgsave-error', 'no'))
    gaps.push(warning('stop-writes-on-bgsave-error no hides a disk that cannot be written'));
  return gaps;
}

function persists({ directives }: TemplateConf): boolean {
  const save = directives.get('save');
  return !save || save[0] !== '' || directives.get('appendonly')?.[0]?.toLowerCase() === 'yes';
}

function isSaid({ directives }: TemplateConf, name: string, value: string): boolean {
  return directives.get(name)?.[0]?.toLowerCase() === value;
}

function blocker(message: string, hint: string): TemplateGap {
  return { blocks: true, message, hint };
}

function warning(message: string): TemplateGap {
  return { blocks: false, message, hint: 'The template is the team’s: redisops adds nothing to it.' };
}
