import { sameEndpoint, type Endpoint } from '../replication/endpoint.ts';

/** A server of HAProxy that is a node of the cluster. */
export interface ProxyServer {
  backend: string;
  name: string;
  node: string;
  /** HAProxy counts it as up. */
  isUp: boolean;
  /** In maintenance or drained, by a person or the configuration. */
  isHeld: boolean;
  /** Used only while no other is up. */
  isBackup: boolean;
  weight: number;
  /** The weight that the configuration gives. */
  fullWeight: number;
  /** Its last health check, as HAProxy calls it: `L4OK`, `L7TOUT`; empty without a check. */
  check: string;
}

/** HAProxy’s own words for both tables; one connection answers one line. */
export const SHOW_SERVERS = 'show servers state;show stat';

/** SRV_ST_RUNNING and SRV_ST_STARTING of HAProxy’s management guide, 9.3. */
const UP = ['1', '2'];

/** The cluster’s nodes among the servers of all backends, in HAProxy’s order. */
export function serversIn(reply: string, nodes: ReadonlyMap<string, Endpoint>): readonly ProxyServer[] {
  const lines = reply.split('\n');
  const stats = new Map(rowsOf(lines, '# pxname,', ',').map((row) => [keyOf(row('pxname'), row('svname')), row]));
  return rowsOf(lines, '# be_id ', ' ').flatMap((row): readonly ProxyServer[] => {
    const [backend, name] = [row('be_name'), row('srv_name')];
    const at = { host: row('srv_addr'), port: Number(row('srv_port')) };
    const node = [...nodes].find(([, endpoint]) => sameEndpoint(endpoint, at))?.[0];
    if (node === undefined || !isWord(backend) || !isWord(name)) return [];
    const stat = stats.get(keyOf(backend, name));
    return [
      {
        backend,
        name,
        node,
        isUp: UP.includes(row('srv_op_state')),
        isHeld: row('srv_admin_state') !== '0',
        isBackup: stat?.('bck') === '1',
        weight: Number(row('srv_uweight')),
        fullWeight: Number(row('srv_iweight')),
        check: (stat?.('check_status') ?? '').replace('* ', ''),
      },
    ];
  });
}

/** The servers that new connections reach: those that are up, or else the first backup. */
export function inUse(servers: readonly ProxyServer[]): readonly ProxyServer[] {
  const usable = servers.filter(({ isUp, isHeld, weight }) => isUp && !isHeld && weight > 0);
  const active = usable.filter(({ isBackup }) => !isBackup);
  return active.length > 0 ? active : usable.slice(0, 1);
}

/** Whether the health check tells a master from a replica: it calls some down that it reaches. */
export function checksRole(servers: readonly ProxyServer[]): boolean {
  return servers.some(({ isUp, isHeld, check }) => !isUp && !isHeld && /^L7(?!OK)/.test(check));
}

type Row = (column: string) => string;

/** The rows of a table, from its heading to the next empty line. */
function rowsOf(lines: readonly string[], heading: string, separator: string): readonly Row[] {
  const start = lines.findIndex((line) => line.startsWith(heading));
  if (start === -1) return [];
  const columns = (lines[start] ?? '').slice(2).split(separator);
  const end = lines.indexOf('', start);
  return lines.slice(start + 1, end === -1 ? undefined : end).map((line) => {
    const fields = line.split(separator);
    return (column) => fields[columns.indexOf(column)] ?? '';
  });
}

/** What HAProxy allows in names: nothing that ends a command. */
function isWord(name: string): boolean {
  return /^[\w.:-]+$/.test(name);
}

function keyOf(backend: string, name: string): string {
  return `${backend}/${name}`;
}
