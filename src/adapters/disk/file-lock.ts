import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { RedisopsError } from '../../domain/error.ts';

const WAIT_SECONDS = 10;

/**
 * Runs `act` while this process alone holds the lock file, by flock(2) of util-linux: the kernel releases it whatever
 * becomes of the process. Locks only against other `withFileLock`s.
 * @throws AUDIT_FAILED after 10 s, and what `act` throws.
 */
export async function withFileLock<T>(file: string, act: () => Promise<T>): Promise<T> {
  const child = spawn('flock', ['-w', String(WAIT_SECONDS), file, 'sh', '-c', 'echo; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Ours has tokens, which any process of this user could read there.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
  });
  const closed = once(child, 'close').catch(() => undefined);
  child.stdin.on('error', () => undefined);
  const isHeld = await new Promise<boolean>((resolve) => {
    child.stdout.once('data', () => resolve(true));
    void closed.then(() => resolve(false));
  });
  if (!isHeld) throw notLocked(file);
  try {
    return await act();
  } finally {
    child.stdin.end();
    await closed;
  }
}

function notLocked(file: string): RedisopsError {
  return new RedisopsError('AUDIT_FAILED', `${file} could not be locked.`, {
    hint: 'Check that STATE_DIR is writable, and that `flock` (util-linux) is installed.',
  });
}
