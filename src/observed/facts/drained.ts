import { z } from 'zod';
import { DRAINED_FOLDER, type Drained } from '../../domain/maintenance/drained.ts';
import { nodeWords } from '../../domain/node-words.ts';
import { fragment } from '../../domain/shell.ts';
import type { Fact } from './fact.ts';

const priority = z
  .string()
  .regex(/^\d{1,9}$/)
  .nullable();

const note = z.object({
  at: z.iso.datetime(),
  by: z.string().transform((text) => nodeWords(text)),
  line: priority,
  running: priority,
});

/** Whether a person drained the host. */
export const drainedFact: Fact<Drained | null> = {
  script: fragment`
drained=${DRAINED_FOLDER}/$unit.drained
if [ -f "$drained" ] && IFS= read -r line <"$drained"; then printf '%s\n' "$line"; fi`,
  parse(stdout) {
    const text = stdout.trim();
    if (text === '') return null;
    try {
      return note.parse(JSON.parse(text));
    } catch {
      return null;
    }
  },
};
