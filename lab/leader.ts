import { readFileSync } from 'node:fs';

/**
 * Process 1 of a host, as seen from this machine; undefined while the host is down. `stateDirectory` belongs to the
 * host. Read from /proc each time, since it changes at a reboot.
 */
export function leaderOf(stateDirectory: string): number | undefined {
  const [nspawn = '', startedAt] = (readOrNothing(`${stateDirectory}/process`) ?? '').trim().split(' ');
  // Process IDs are reused; with the start time they are unique.
  if (nspawn === '' || startTime(nspawn) !== startedAt) return undefined;
  const [leader = ''] = (readOrNothing(`/proc/${nspawn}/task/${nspawn}/children`) ?? '').trim().split(' ');
  return isFirstOfItsNamespace(leader) ? Number(leader) : undefined;
}

function startTime(pid: string): string | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  // Field 3 follows the name in parentheses; the start time is field 22.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function isFirstOfItsNamespace(pid: string): boolean {
  return pid !== '' && /^NSpid:.*\s1$/m.test(readOrNothing(`/proc/${pid}/status`) ?? '');
}

function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
