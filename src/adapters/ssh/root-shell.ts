import type { ServerName } from '../../domain/server/server.ts';
import { fragment, quoted, type Script } from '../../domain/shell.ts';

/**
 * How a script becomes root on a node. The command line is short and constant, so that sudoers may name it, sudo logs
 * no script, and every login shell accepts it without quoting. Everything else goes to that shell’s standard input:
 * `opening`, and once the script has begun, its own input. Not earlier, since a shell may read more than the lines it
 * runs (dash reads 8 KiB at once).
 */
const ROOT_SHELL = '/bin/sh -s redisops';

export function commandLine({ root }: { root: boolean }): string {
  return root ? ROOT_SHELL : `sudo -n ${ROOT_SHELL}`;
}

export interface Opening {
  script: Script;
  parameters: readonly string[];
  /** The node’s server, the script’s `$NODE_SERVER`. */
  server?: ServerName;
  /** Printed to both outputs before and after the script. */
  nonce: string;
  /** Seconds after which the node itself kills the script, even if the connection is gone. */
  limitSeconds?: number;
  /** The script has no input, and the shell is left for the next one: it prints the status instead of ending with it. */
  stays?: boolean;
}

/**
 * A single shell command, so that nothing runs before all of it has arrived. Runs the script in an environment
 * independent of shell startup files: the C locale, since output is parsed, the usual umask, and no file that bash
 * reads first. The script is only in its own shell’s environment: process lists and audit logs show parameters.
 */
export function opening({ script, parameters, server = 'redis', nonce, limitSeconds, stays = false }: Opening): string {
  const text = `unset REDISOPS_SCRIPT\nset -- ${parameters.map(quoted).join(' ')}\n${script.text}\n`;
  const limit = limitSeconds === undefined ? fragment`` : fragment`timeout -k 2 ${limitSeconds} `;
  const input = stays ? fragment` </dev/null` : fragment``;
  // One write: nothing of what the script left behind can come between.
  const end = stays ? fragment`printf '%s%s\n' ${nonce} "$status"` : fragment`printf ${nonce}; exit $status`;
  const command = fragment`
{
unset BASH_ENV
umask 022
export LC_ALL=C NODE_SERVER=${server} REDISOPS_SCRIPT=${text}
printf ${nonce}
printf ${nonce} >&2
# shellcheck disable=SC2016 # the script is for its own shell to expand
${limit}/bin/${script.interpreter} -c 'eval "$REDISOPS_SCRIPT"' redisops${input}
status=$?
printf ${nonce} >&2
${end}
}`;
  return `${command.text}\n`;
}
