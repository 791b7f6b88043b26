import type { TemplateGap } from '../../domain/desired.ts';
import type { Secret } from '../../domain/secret.ts';
import type { SentinelConf } from './sentinel-conf.ts';

/** The cluster that sentinel.conf should watch. */
export interface Watched {
  /** The nominated master. */
  master: { name: string; address: string; port: number };
  password: Secret | null;
  /** Number of nodes, each with a Sentinel. */
  nodes: number;
}

/**
 * Settings missing or wrong in the repository’s sentinel.conf that would make a failover fail. Nothing is added to it.
 */
export function sentinelGaps(conf: SentinelConf, { master, password, nodes }: Watched): readonly TemplateGap[] {
  const own = conf.monitors.find(
    ({ host, port }) => (host === master.address || host === master.name) && port === master.port,
  );
  const found: string[] = [];
  if (!own)
    found.push(
      conf.monitors.length === 0
        ? 'it monitors no master'
        : `it does not monitor the nominated master, ${master.address}:${master.port}`,
    );
  const majority = Math.floor(nodes / 2) + 1;
  if (own && own.quorum > nodes)
    found.push(`its quorum of ${own.quorum} is never reached by ${nodes} nodes: no failover would begin`);
  else if (own && own.quorum < majority)
    found.push(
      `its quorum of ${own.quorum} is less than the majority of ${nodes} nodes, which is ${majority}: few begin a failover`,
    );
  const given = own && conf.passwords.get(own.master);
  if (own && password && !given) found.push('it has no auth-pass, but Redis has a password: Sentinel could not log in');
  if (password && given && !password.equals(given))
    found.push('its auth-pass is not the master’s requirepass: Sentinel could not log in');
  if (conf.bind?.every((word) => /^-?(?:127\.|::1$)/.test(word)) === true)
    found.push('its bind has loopback addresses only: the other Sentinels would not reach it');
  if (conf.scriptsAreSet)
    found.push('deny-scripts-reconfig no lets whoever reaches Sentinel name scripts that it runs');
  return found.map((each) => ({
    blocks: false,
    message: `sentinel.conf: ${each}`,
    hint: 'The template is the team’s: redisops adds nothing to it.',
  }));
}
