import { LogLevel, type Logger } from '@slack/bolt';
import type { Log } from '../../ports/log.ts';

/**
 * Logs warnings and errors of Slack’s SDKs, but not debug lines, which contain requests and answers. Only texts and
 * error messages are logged, because errors contain requests.
 */
export function slackLogger(log: Log): Logger {
  const text = (parts: readonly unknown[]): string =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  const ignored = (): void => undefined;
  return {
    debug: ignored,
    info: ignored,
    warn: (...parts: readonly unknown[]) => log.warn({ from: 'slack' }, text(parts)),
    error: (...parts: readonly unknown[]) => log.error({ from: 'slack' }, text(parts)),
    setLevel: ignored,
    getLevel: () => LogLevel.WARN,
    setName: ignored,
  };
}
