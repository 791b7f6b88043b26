import { SensitiveText } from '../../domain/secret.ts';
import type { Step } from './step.ts';
import { fragment } from '../../domain/shell.ts';

/**
 * A shell function for commands that must outlive the worker. `cli COMMAND …` runs the server’s own client on the node itself,
 * against loopback or the node’s address. $1 address, $2 port; the password is the first line of input.
 */
export const REDIS_CLI = fragment`
IFS= read -r REDISCLI_AUTH || true
export REDISCLI_AUTH
[ -n "$REDISCLI_AUTH" ] || unset REDISCLI_AUTH
address=$1 port=$2
shift 2
host=127.0.0.1
cli() { "\${NODE_SERVER:-redis}-cli" -e --no-auth-warning -h "$host" -p "$port" "$@"; }
cli PING >/dev/null 2>&1 || host=$address
`;

/** Parameters and input required by the function above. */
export function redisCliOptions({ node, desired }: Step): { parameters: readonly string[]; input: SensitiveText } {
  const { password } = desired;
  const input = new SensitiveText(`${password?.reveal() ?? ''}\n`, password ? [password] : []);
  return { parameters: [node.address, String(node.redisPort)], input };
}
