import { fragment, quoted, type Script } from '../../domain/shell.ts';

/**
 * How a script gets to root on a node. The command line is short and always the same, so that sudoers may name it, sudo
 * logs no script, and every login shell takes it: no word in it needs a quote. Everything else goes to that shell’s
 * standard input: `opening`, and once the script began, the script’s own input. Not earlier, since a shell may read more
 * than the lines that it runs (dash takes 8 KiB at once).
 */
const ROOT_SHELL = '/bin/sh -s redisops';

export function commandLine({ root }: { root: boolean }): string {
  return root ? ROOT_SHELL : `sudo -n ${ROOT_SHELL}`;
}

export interface Opening {
  script: Script;
  parameters: readonly string[];
  /** Printed on both outputs before the script and after it. */
  nonce: string;
  /** After so many seconds the node itself kills the script, also when the connection is gone. */
  limitSeconds?: number;
}

/**
 * One command of shell, so that nothing of it runs before all of it came. It runs the script in surroundings that do not
 * depend on the login shell’s files nor on root’s: the C locale, as answers of programs are parsed, the usual umask, and no
 * file that bash reads first. The script stands in the environment of its own shell alone: process lists and audit logs
 * show parameters.
 */
export function opening({ script, parameters, nonce, limitSeconds }: Opening): string {
  const text = `unset REDISOPS_SCRIPT\nset -- ${parameters.map(quoted).join(' ')}\n${script.text}\n`;
  const limit = limitSeconds === undefined ? fragment`` : fragment`timeout -k 2 ${limitSeconds} `;
  const command = fragment`
{
unset BASH_ENV
umask 022
export LC_ALL=C REDISOPS_SCRIPT=${text}
printf ${nonce}
printf ${nonce} >&2
# shellcheck disable=SC2016 # the script is for its own shell to expand
${limit}/bin/${script.interpreter} -c 'eval "$REDISOPS_SCRIPT"' redisops
status=$?
printf ${nonce}
printf ${nonce} >&2
exit $status
}`;
  return `${command.text}\n`;
}
