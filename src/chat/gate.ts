import { policyOfCluster } from '../desired/questions.ts';
import type { ConfigSource } from '../ports/git.ts';
import { audited, type Attempt, type AuditPorts, type Note } from '../run/audited.ts';
import type { Owner, PermissionPorts, checkRequester } from './permission.ts';
import { originOf, type Person } from './person.ts';
import { shortened } from './read-text.ts';

/** A permission; throws NOT_ALLOWED. */
export type Check = typeof checkRequester;

/** A cluster on which the person may do what they ask for, and its repository at the branch’s head. */
export interface Place extends Owner {
  source: ConfigSource;
}

export interface GatePorts extends AuditPorts, PermissionPorts {
  source(revision: null): Promise<ConfigSource>;
}

/** What a person asks for. */
export interface Asked extends Person {
  /** Where one was named. */
  cluster?: string | undefined;
}

/**
 * The gate to a change: permission, then audit, then everything else. Until the permission is given nothing is read but
 * redisops.yml, so who may not ask learns nothing of the repository. What is refused or fails is audited with its code.
 * @param what As the audit shows it.
 * @throws NOT_ALLOWED, UNKNOWN_CLUSTER; CONFIG_INVALID for mistakes in redisops.yml; USAGE where there are several clusters
 * and none was named; and what `change` throws.
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

/** The gate to a look, which is audited only where the person may not have it. @throws As `permittedChange`. */
export async function permittedRead(what: string, asked: Asked, check: Check, ports: GatePorts): Promise<Place> {
  const place = await placeOf(asked, ports);
  await audited(attemptOf(what, { ...asked, cluster: place.cluster }), ports, () => check(asked, place, ports));
  return place;
}

/** An attempt as it was typed, cut to what is shown. */
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
