import type { InstallPackage } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { lastLines, maskedFor, saysChanged, type SentinelStep } from '../node/step.ts';
import { sh } from '../../domain/shell.ts';

const LIMIT_MS = 10 * 60_000;

/** Marks our own mask, to distinguish one left by a crash from an administrator’s. */
export const MASK_NOTE = '/run/redisops.masked';

/**
 * $1 package, $2 unit. The package’s scripts start its unit; while masked it stays off until configured. apt’s output
 * goes to a variable: otherwise a lost connection kills apt by SIGPIPE.
 */
const SCRIPT = sh`
set -u
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
installed() { [ "$(dpkg-query -W -f '\${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
installed "$1" && { echo unchanged; exit 0; }
install() {
  apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold -- "$1" 2>&1 </dev/null
}
unmask() { systemctl unmask --runtime --quiet "$unit" 2>/dev/null; rm -f ${MASK_NOTE}; }
unit=$2
printf '%s\n' "$unit" >${MASK_NOTE}
trap unmask EXIT
systemctl mask --runtime --quiet "$unit" 2>/dev/null
said=$(install "$1") || {
  updated=$(apt-get update -o DPkg::Lock::Timeout=120 2>&1 </dev/null) || said="$updated
$said"
  said=$(install "$1") || { printf '%s\n' "$said" | tail -n 6 >&2; exit 1; }
}
installed "$1" || exit 1
echo changed
`;

/** Installs the distribution’s package without starting its daemon’s unit. @throws PACKAGE_MISSING with apt’s output. */
export async function installPackage(action: InstallPackage, step: SentinelStep, unit: string): Promise<boolean> {
  const parameters = [action.packageName, unit];
  const { status, stdout, stderr } = await step.session.run(SCRIPT, { parameters, timeoutMs: LIMIT_MS });
  if (status === 0) return saysChanged(stdout);
  const said = lastLines(maskedFor(step, stderr), 4);
  throw new RedisopsError('PACKAGE_MISSING', `${action.packageName} cannot be installed: ${said}`, {
    hint: `Can ${step.node.name} reach its package mirror? Try there: apt-get install ${action.packageName}`,
  });
}
