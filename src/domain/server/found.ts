import { serverOf, type ServerName } from './server.ts';

/** A server that is installed on a host. */
export interface ServerFound {
  name: ServerName;
  /** The port of the process that its unit runs; where it runs none, the one in its configuration. Null if not known. */
  port: number | null;
  /** Its unit runs it. */
  runs: boolean;
  /** Its unit starts at boot. */
  startsAtBoot: boolean;
}

interface Asked {
  server?: ServerName;
  /** What Git says, if anything. */
  serverAsked?: ServerName;
  redisPort: number;
}

/**
 * The server that a node has: what runs there, on the node’s port first; where nothing runs, what Git says; otherwise what
 * is installed. Nothing is installed beside what runs.
 */
export function chosenServer(node: Asked, found: readonly ServerFound[]): ServerName {
  const running = found.filter(({ runs }) => runs);
  const own = running.find(({ port }) => port === node.redisPort);
  if (own) return own.name;
  if (node.serverAsked) return node.serverAsked;
  if (running[0]) return running[0].name;
  const [first, ...others] = [...found.filter(({ startsAtBoot }) => startsAtBoot), ...found];
  const isClear = first !== undefined && (first.startsAtBoot || others.every(({ name }) => name === first.name));
  return isClear ? first.name : serverOf(node);
}

/** The other servers that would take the node’s port at the next boot. */
export function rivalsOf(node: Asked, found: readonly ServerFound[]): readonly ServerFound[] {
  const own = serverOf(node);
  return found.filter(
    ({ name, runs, port, startsAtBoot }) =>
      name !== own && (runs || startsAtBoot) && (port === null || port === node.redisPort),
  );
}
