import { policyOfCluster } from '../desired/questions.ts';
import type { ConfigSource } from '../ports/git.ts';
import { audited, type Attempt, type AuditPorts, type Note } from '../run/audited.ts';
import type { Owner, PermissionPorts, checkRequester } from './permission.ts';
import { originOf, type Person } from './person.ts';
import { shortened } from './read-text.ts';

/** A permission check; throws NOT_ALLOWED. */
export type Check = typeof checkRequester;

/** A cluster for which the person has permission, and its repository at the branch’s head. */
export interface Place extends Owner {
  source: ConfigSource;
}

export interface GatePorts extends AuditPorts, PermissionPorts {
  source(revision: null): Promise<ConfigSource>;
}

/** A person’s request. */
export interface Asked extends Person {
  /** The named cluster, if any. */
  cluster?: string | undefined;
}

/**
 * The gate to a change: permission, then audit, then everything else. Before permission is given only redisops.yml is
 * read, so that people without it learn nothing about the repository. Refusals and failures are audited with their
 * code.
 * @param what For the audit.
 * @throws NOT_ALLOWED, UNKNOWN_CLUSTER; CONFIG_INVALID for mistakes in redisops.yml; USAGE if there are several
 * clusters and none was named; and what `change` throws.
 */
export function permittedChange<T>(
  what: string,
  asked: Asked,
  check: Check,
  ports: GatePorts,
  change: (place: Place, note: Note) => Promise<T>,
): Promise<T> {
  return audited(attemptOf(what, asked), ports, async (note) => {
    const place = await placeOf(asked, ports);
    await check(asked, place, ports);
    return change(place, note);
  });
}

/** The gate to a read, which is audited only if refused. @throws As `permittedChange`. */
export async function permittedRead(what: string, asked: Asked, check: Check, ports: GatePorts): Promise<Place> {
  const place = await placeOf(asked, ports);
  await audited(attemptOf(what, { ...asked, cluster: place.cluster }), ports, () => check(asked, place, ports));
  return place;
}

/** An attempt as typed, shortened for display. */
export function attemptOf(what: string, asked: Asked): Attempt {
  const { cluster } = asked;
  return {
    by: originOf(asked),
    what: shortened(what),
    cluster: cluster === undefined ? undefined : shortened(cluster),
  };
}

async function placeOf({ cluster }: Asked, ports: GatePorts): Promise<Place> {
  const source = await ports.source(null);
  return { ...(await policyOfCluster(source, cluster)), source };
}
