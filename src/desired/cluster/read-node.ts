import { isIP } from 'node:net';
import { quoted } from '../../jinja/index.ts';
import type { PrintedConfs } from '../confs/print-confs.ts';
import type { TemplateConf } from '../confs/template-conf.ts';
import { isHostName } from '../inventory/host-name.ts';
import type { InventoryHost } from '../inventory/inventory.ts';
import { Problems, type Position } from '../source/problems.ts';
import { readNodeVariables, take, type NodeVariables, type Variables } from '../variables/node-variables.ts';
import { bad, readAddress, readPort, readText, seen, type Read } from '../variables/variable-value.ts';
import type { Value } from '../yaml/value.ts';
import type { HostReading } from './host-reading.ts';

export interface Connection {
  name: string;
  at: Position;
  /** Empty if missing; that is then a problem. */
  address: string;
  sshPort: number;
  sshUser: string | null;
}

/** A node’s variables, and its rendered templates. */
export interface NodeReading extends Connection, PrintedConfs {
  /** Whether its host runs Sentinel, if the cluster has any. */
  hasSentinel: boolean;
  variables: NodeVariables;
}

export function readNode(
  { host, variables: { all }, conf, sentinel }: HostReading,
  runsSentinel: (host: string) => boolean,
  problems: Problems,
): NodeReading {
  const node = conf ? nodeOfConf(host, all, conf, problems) : nodeOfVariables(host, all, problems);
  return {
    ...node,
    hasSentinel: runsSentinel(host.name),
    ...(conf ? { conf } : {}),
    ...(sentinel ? { sentinel } : {}),
  };
}

function nodeOfVariables(host: InventoryHost, variables: Variables, problems: Problems): NodeReading {
  return {
    ...readConnection(host, variables, problems),
    hasSentinel: true,
    variables: readNodeVariables(variables, problems),
  };
}

/** Where the host is reached. */
export function readConnection({ name, at }: InventoryHost, variables: Variables, problems: Problems): Connection {
  if (!isHostName(name)) problems.add(at, `${quoted(name)} is not a host name`);
  const given = take(variables, 'ansible_host', readAddress, null, problems);
  const address = given ?? (isIP(name) > 0 ? name : '');
  if (address === '' && !variables.has('ansible_host'))
    problems.add(at, `${quoted(name)} has no ansible_host with its address`);
  return {
    name,
    at,
    address,
    sshPort: take(variables, 'ansible_port', readPort, 22, problems),
    sshUser: take(variables, 'ansible_user', readUser, null, problems),
  };
}

export function readUser(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  return /^[a-z_][\w.-]{0,31}$/i.test(text.value) ? text : bad(`must be a user name, not ${seen(value)}`);
}

/** With the repository’s own template, port and data directory come from the file. */
function nodeOfConf(host: InventoryHost, variables: Variables, conf: TemplateConf, problems: Problems): NodeReading {
  const ofAnsible = new Map([...variables].filter(([name]) => name.startsWith('ansible_') || name === 'redis_server'));
  const ofReach = new Problems();
  const node = nodeOfVariables(host, ofAnsible, ofReach);
  problems.addAllPrinted(ofReach);
  const { port, folder } = conf;
  return { ...node, variables: { ...node.variables, port, folder } };
}
