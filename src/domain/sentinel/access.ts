import { Secret } from '../secret.ts';
import { placeOf, serverOf, type ServerName } from '../server/server.ts';
import { SENTINEL_PORT, type SentinelFile } from './sentinel-file.ts';

/** A host, and the Sentinel that Git asks for there. */
interface Host {
  server?: ServerName;
  sentinel?: { unit: string; port: number; file: { content: SentinelFile } };
}

/** The host with its Sentinel in the place of its Redis. Default port: Git’s, else Sentinel’s own. */
export function sentinelAddress<Of extends Host>(
  host: Of,
  port = host.sentinel?.port ?? SENTINEL_PORT,
): Of & { redisPort: number; unit: string } {
  return { ...host, redisPort: port, unit: host.sentinel?.unit ?? placeOf(serverOf(host)).sentinel.unit };
}

/** `requirepass` of the Sentinel that Git asks for. */
export function sentinelPassword({ sentinel }: Host): Secret | undefined {
  const password = sentinel?.file.content.password ?? null;
  return password === null ? undefined : new Secret(password);
}
