/** The servers that redisops runs. Names of packages, units, programs, users and folders follow from them. */
export type ServerName = 'redis' | 'valkey';

export const SERVER_NAMES: readonly ServerName[] = ['redis', 'valkey'];

/** Where Debian’s packages put a server: `redis-server` and `valkey-server` differ by their name only. */
export interface ServerPlace {
  packageName: string;
  unit: string;
  /** User and group. */
  user: string;
  conf: string;
  dropIn: string;
  pidFile: string;
  logFile: string;
  dataFolder: string;
  confFolder: string;
  sentinel: { packageName: string; unit: string; conf: string; pidFile: string; logFile: string };
}

export function placeOf(server: ServerName): ServerPlace {
  return {
    packageName: `${server}-server`,
    unit: `${server}-server.service`,
    user: server,
    conf: `/etc/${server}/${server}.conf`,
    dropIn: `/etc/systemd/system/${server}-server.service.d/override.conf`,
    pidFile: `/run/${server}/${server}-server.pid`,
    logFile: `/var/log/${server}/${server}-server.log`,
    dataFolder: `/var/lib/${server}`,
    confFolder: `/etc/${server}`,
    sentinel: {
      packageName: `${server}-sentinel`,
      unit: `${server}-sentinel.service`,
      conf: `/etc/${server}/sentinel.conf`,
      pidFile: `/run/sentinel/${server}-sentinel.pid`,
      logFile: `/var/log/${server}/${server}-sentinel.log`,
    },
  };
}

/** A node’s server: Redis where nothing says otherwise. */
export function serverOf({ server = 'redis' }: { server?: ServerName }): ServerName {
  return server;
}

/** The user that a node’s server and Sentinel run as. */
export function userOf(node: { server?: ServerName }): string {
  return placeOf(serverOf(node)).user;
}

/** As people write it: `Redis`, `Valkey`. */
export function titleOf(server: ServerName): string {
  return server === 'redis' ? 'Redis' : 'Valkey';
}
