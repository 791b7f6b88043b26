import { readFileSync } from 'node:fs';

/**
 * Process 1 of a host, as seen from this machine; undefined while the host is down. `stateDirectory` is the host’s own.
 * Read from /proc each time: a host that reboots gets another one.
 */
export function leaderOf(stateDirectory: string): number | undefined {
  const [nspawn = '', startedAt] = (readOrNothing(`${stateDirectory}/process`) ?? '').trim().split(' ');
  // Process ids come round again; together with its start time one is unique.
  if (nspawn === '' || startTime(nspawn) !== startedAt) return undefined;
  const [leader = ''] = (readOrNothing(`/proc/${nspawn}/task/${nspawn}/children`) ?? '').trim().split(' ');
  return isFirstOfItsNamespace(leader) ? Number(leader) : undefined;
}

function startTime(pid: string): string | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  // After the name in parentheses come the 3rd and following fields; the start time is the 22nd.
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
