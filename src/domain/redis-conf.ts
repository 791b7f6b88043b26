import type { Endpoint } from './action.ts';
import type { SensitiveText } from './secret.ts';

const ROLE_LINE = /^\s*(?:replicaof|slaveof)\s/i;

/**
 * redis.conf with the role that the node has: Git nominates a master, the nodes say who it is. Role lines go; a
 * replica’s one is put where the first stood, or at the end. In the last place a later `replicaof` cannot overrule it.
 */
export function withRole(conf: SensitiveText, master: Endpoint | null): SensitiveText {
  return conf.map((plain) => {
    const lines = plain.replace(/\n$/, '').split('\n');
    const at = lines.findIndex((line) => ROLE_LINE.test(line));
    const others = lines.filter((line) => !ROLE_LINE.test(line));
    if (master) others.splice(at === -1 ? others.length : at, 0, `replicaof ${master.host} ${master.port}`);
    return `${others.join('\n')}\n`;
  });
}
