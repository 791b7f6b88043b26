import { pino, type DestinationStream, type Logger } from 'pino';
import { redact, redactText } from './redact.ts';
import type { Log } from '../../ports/log.ts';
import { realClock } from '../../time/real-clock.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A log whose children add fields to every line, such as the run’s name. */
export interface ChildLog extends Log {
  child(fields: object): ChildLog;
}

/**
 * One JSON object per line, to standard error (standard output is for the command line’s results). Written
 * synchronously, so that a crash loses no line. Masks anything that looks like a secret; bodies are not logged.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): ChildLog {
  const options = {
    level,
    base: { pid: process.pid },
    timestamp: () => `,"time":"${realClock.now().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(options, destination ?? pino.destination({ fd: 2, sync: true })));
}

/** A line that cannot be written, on a full disk for example, must not fail the run that it is about. */
function wrap(logger: Logger): ChildLog {
  const clean = (fields: object): object => Object(redact(fields instanceof Error ? { error: fields } : fields));
  const say = (level: 'debug' | 'info' | 'warn' | 'error', fields: object, message: string): void => {
    try {
      logger[level](clean(fields), redactText(message));
    } catch {
      // There is nowhere else to say it; /readyz tells of a full STATE_DIR.
    }
  };
  return {
    debug: (fields, message) => say('debug', fields, message),
    info: (fields, message) => say('info', fields, message),
    warn: (fields, message) => say('warn', fields, message),
    error: (fields, message) => say('error', fields, message),
    child: (fields) => wrap(logger.child(clean(fields))),
  };
}
