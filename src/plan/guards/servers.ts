import type { Blocker } from '../../domain/plan.ts';
import { rivalsOf } from '../../domain/server/found.ts';
import { placeOf, serverOf, titleOf } from '../../domain/server/server.ts';
import { OLDEST_MAJOR, upstreamOf } from '../../domain/server/oldest.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** A server is never replaced by the other one, and two of them never share a port. */
export function serverBlockers({ pairs }: Roles): readonly Blocker[] {
  return pairs.flatMap((pair) => [...anotherServer(pair), ...twoServers(pair), ...tooOld(pair)]);
}

/** An installed package of a version that redisops cannot run: refused before it is configured. */
function tooOld({ desired: { name, packageName }, facts }: Pair): readonly Blocker[] {
  if (!facts.reachable || facts.redis.state === 'up') return [];
  const upstream = upstreamOf(facts.host.package.version);
  if (upstream === null || Number.parseInt(upstream, 10) >= OLDEST_MAJOR) return [];
  return [
    {
      code: 'SERVER_TOO_OLD',
      node: name,
      message: `${packageName} on ${name} is ${upstream}: redisops needs ${OLDEST_MAJOR}.0.`,
      hint: 'Install a newer package there, then plan again.',
    },
  ];
}

function anotherServer({ desired, facts }: Pair): readonly Blocker[] {
  const { name, serverAsked, unit } = desired;
  const server = serverOf(desired);
  if (!facts.reachable || !serverAsked || serverAsked === server) return [];
  return [
    {
      code: 'SERVER_NOT_AS_ASKED',
      node: name,
      message: `Git asks for ${titleOf(serverAsked)} on ${name}, but ${unit} runs ${titleOf(server)} there.`,
      hint: `Set redis_server: ${server}, or leave it out. redisops does not replace one server by the other: their data files may differ.`,
    },
  ];
}

function twoServers({ desired, facts }: Pair): readonly Blocker[] {
  if (!facts.reachable) return [];
  const { name, redisPort, unit } = desired;
  return rivalsOf(desired, facts.host.servers ?? []).map((rival): Blocker => {
    const other = placeOf(rival.name).unit;
    return {
      code: 'TWO_SERVERS',
      node: name,
      message: `${name} has two servers for port ${redisPort}: ${unit}, and ${other}, which ${rival.runs ? 'runs' : 'starts at boot'}.`,
      hint: `Decide which one holds the data. Stop and disable the other: systemctl disable --now ${other}`,
    };
  });
}
