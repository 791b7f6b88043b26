import type { HandOver } from '../../domain/action.ts';
import { asRedisopsError } from '../../domain/error.ts';
import { MASTER_HOME_FOLDER } from '../../domain/replication/master-home.ts';
import { sh } from '../../domain/shell.ts';
import { withRedis } from '../node/redis-on.ts';
import { readInfo } from '../node/replication-state.ts';
import { runOrFail, type Step } from '../node/step.ts';

const LIMIT_MS = 10_000;

/** $1 unit, $2 the note: node, replication ID, nodes passed over. */
const WRITE = sh`
set -eu
umask 022
mkdir -p -- ${MASTER_HOME_FOLDER}
file=${MASTER_HOME_FOLDER}/$1.master-home
printf '%s\n' "$2" >"$file.new"
sync -- "$file.new"
mv -fT -- "$file.new" "$file"
sync -- ${MASTER_HOME_FOLDER}
`;

/** $1 unit. */
const REMOVE = sh`rm -f -- ${MASTER_HOME_FOLDER}/"$1".master-home`;

/**
 * Records on the new master where its role belongs: if this run ends here, any later run can return it. The role has
 * already moved, so a failed note is only reported.
 */
export async function noteHome({ to, home }: HandOver, old: Step, candidate: Step): Promise<void> {
  try {
    await (home === undefined ? remove(candidate) : writeNote(home, candidate));
    await remove(old);
  } catch (thrown) {
    const { message } = asRedisopsError(thrown);
    old.progress({ message: `${to.name} could not note where the master’s role belongs: ${message}` });
  }
}

/** Notes on the new master where its role belongs. `over`: nodes that a person’s decision passed over. */
export async function writeNote(home: string, candidate: Step, over: readonly string[] = []): Promise<void> {
  const replication = await withRedis(candidate, (link) => readInfo(link, 'replication'));
  const passedOver = over.length > 0 ? ['over', ...over] : [];
  const note = [home, replication.text('master_replid'), ...passedOver].join(' ');
  const parameters = [candidate.node.unit, note];
  await runOrFail(candidate, 'Noting the master’s home', WRITE, { parameters, timeoutMs: LIMIT_MS });
}

async function remove(step: Step): Promise<void> {
  const parameters = [step.node.unit];
  await runOrFail(step, 'Removing the note of the master’s home', REMOVE, { parameters, timeoutMs: LIMIT_MS });
}
