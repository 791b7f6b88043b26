import { isIP } from 'node:net';
import type { InventoryHost } from './inventory/inventory.ts';
import { readNodeVariables, take, type NodeVariables, type Variables } from './variables/node-variables.ts';
import { quoted } from '../jinja/index.ts';
import type { Position, Problems } from './problems.ts';
import { bad, readAddress, readPort, readText, seen, type Read } from './variables/variable-value.ts';
import type { Value } from './yaml/value.ts';

/** A host of the cluster, as the repository has it. */
export interface ReadNode {
  name: string;
  at: Position;
  /** Empty where there is none; then there is a problem. */
  address: string;
  sshPort: number;
  sshUser: string | null;
  variables: NodeVariables;
}

const HOST_NAME = /^(?=.{1,63}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;

export function isHostName(name: string): boolean {
  return HOST_NAME.test(name);
}

/** @param variables All that count for the host: of its groups, of the cluster, its own. */
export function readNode({ name, at }: InventoryHost, variables: Variables, problems: Problems): ReadNode {
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
    variables: readNodeVariables(variables, problems),
  };
}

function readUser(value: Value): Read<string> {
  const text = readText(value);
  if (!text.ok) return text;
  return /^[a-z_][\w.-]{0,31}$/i.test(text.value) ? text : bad(`must be a user name, not ${seen(value)}`);
}

/** Two names for one host: each would undo what the other gets. */
export function refuseTwins(nodes: readonly ReadNode[], problems: Problems): void {
  for (const [index, node] of nodes.entries()) {
    const others = nodes.slice(0, index);
    const sameAddress = others.find(({ address }) => address !== '' && address === node.address);
    if (sameAddress) problems.add(node.at, `${quoted(node.name)} has the address of ${quoted(sameAddress.name)}`);
    const sameName = others.find(({ name }) => name.toLowerCase() === node.name.toLowerCase());
    if (sameName) problems.add(node.at, `${quoted(node.name)} and ${quoted(sameName.name)} differ in case only`);
  }
}

/** Loopback is each host’s own: nobody else gets there. */
export function refuseLoopback(nodes: readonly ReadNode[], problems: Problems): void {
  if (nodes.length < 2) return;
  for (const { name, at, address } of nodes)
    if (/^127\.|^::1$/.test(address))
      problems.add(at, `${quoted(name)} has the loopback address ${address}: the other hosts do not reach it there`);
}

const EVERYWHERE = ['*', '0.0.0.0', '::', '::*', '-::*'];

/** With replication on, a node must listen where the others look for it. */
export function refuseDeafNodes(node: ReadNode, variables: Variables, problems: Problems): void {
  const { bind } = node.variables;
  const entry = variables.get('redis_bind');
  if (!bind || !entry || node.address === '') return;
  if (bind.some((word) => EVERYWHERE.includes(word) || word.replace(/^-/, '') === node.address)) return;
  problems.add(
    entry.value.at,
    `redis_bind lacks the address of ${node.name}, ${node.address}: the other nodes would not reach it`,
  );
}
