import { startCommand, type StartCommand } from './start-command.ts';

/** A unit as resolved by systemd from its files: what a start would use, whatever is on disk. */
export interface ResolvedUnit {
  loadState: string;
  dropInPaths: readonly string[];
  readWritePaths: readonly string[];
  protectSystem: string;
  /** Null if systemd has no command for it: the unit is missing or masked. */
  start: StartCommand | null;
}

/** The `systemctl show` properties it is read from. */
export const RESOLVED_PROPERTIES = [
  'LoadState',
  'DropInPaths',
  'ReadWritePaths',
  'ProtectSystem',
  'ExecStart',
] as const;

/** The lines of `systemctl show`, by property. */
export function propertiesIn(stdout: string): Readonly<Record<string, string>> {
  const pairs = stdout.split('\n').flatMap((line): (readonly [string, string])[] => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
  });
  return Object.fromEntries(pairs);
}

export function resolvedUnit(properties: Readonly<Record<string, string>>): ResolvedUnit {
  const words = (name: string) => (properties[name] ?? '').split(' ').filter((word) => word !== '');
  return {
    loadState: properties['LoadState'] ?? '',
    dropInPaths: words('DropInPaths'),
    readWritePaths: words('ReadWritePaths'),
    protectSystem: properties['ProtectSystem'] ?? '',
    start: startCommand(properties['ExecStart'] ?? ''),
  };
}
