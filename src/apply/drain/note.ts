import type { NoteDrained } from '../../domain/action.ts';
import { DRAINED_FOLDER, drainedNote } from '../../domain/maintenance/drained.ts';
import { sh } from '../../domain/shell.ts';
import { runOrFail, saysChanged, type Step } from '../node/step.ts';

const LIMIT_MS = 10_000;

/** $1 unit, $2 the note; empty to remove it. */
const SCRIPT = sh`
set -eu
umask 022
mkdir -p -- ${DRAINED_FOLDER}
file=${DRAINED_FOLDER}/$1.drained
if [ -z "$2" ]; then
  [ -e "$file" ] || { echo unchanged; exit 0; }
  rm -f -- "$file"
else
  printf '%s\n' "$2" >"$file.new"
  sync -- "$file.new"
  mv -fT -- "$file.new" "$file"
fi
sync -- ${DRAINED_FOLDER}
echo changed
`;

/** Survives the reboot that it is for. */
export async function noteDrained({ drained }: NoteDrained, step: Step): Promise<boolean> {
  const parameters = [step.node.unit, drained ? drainedNote(drained) : ''];
  const options = { parameters, timeoutMs: LIMIT_MS };
  return saysChanged(await runOrFail(step, 'Noting that the host is drained', SCRIPT, options));
}
