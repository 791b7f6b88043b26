import { RedisopsError } from '../src/domain/error.ts';
import { didYouMean } from '../src/domain/text/nearest.ts';
import { acknowledge } from './acknowledge.ts';
import { apply } from './apply.ts';
import { audit } from './audit.ts';
import type { Command } from '../src/chat/command.ts';
import { doctor } from './doctor.ts';
import { drain, undrain } from './drain.ts';
import { drift } from './drift.ts';
import { drill, failover } from './failover.ts';
import { help } from './help.ts';
import { history, run, runs } from './history.ts';
import { lock, unlock } from './lock.ts';
import { pause, resume } from './pause.ts';
import { plan } from './plan.ts';
import { purge } from './purge.ts';
import { shortened } from '../src/chat/read-text.ts';
import { resync } from './resync.ts';
import { rollback } from './rollback.ts';
import { set } from './set.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { verify } from './verify.ts';

/** Every subcommand of `/redis`, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  status,
  acknowledge,
  plan,
  apply,
  rollback,
  set,
  resync,
  purge,
  failover,
  pause,
  resume,
  drain,
  undrain,
  drill,
  verify,
  doctor,
  drift,
  history,
  runs,
  run,
  audit,
  stop,
  lock,
  unlock,
  help(() => COMMANDS),
];

/** Planned, not built. */
export const LATER: readonly string[] = ['check'];

/** @throws UNKNOWN_COMMAND, NOT_AVAILABLE_YET */
export function commandNamed(verb: string): Command {
  const command = COMMANDS.find(({ name }) => name === verb);
  if (command) return command;
  const hint = '`/redis help` lists the commands.';
  if (LATER.includes(verb)) throw new RedisopsError('NOT_AVAILABLE_YET', `${verb} is not available yet.`, { hint });
  const near = didYouMean(verb, [...COMMANDS.map(({ name }) => name), ...LATER]);
  throw new RedisopsError('UNKNOWN_COMMAND', `There is no command “${shortened(verb)}”.${near}`, { hint });
}
