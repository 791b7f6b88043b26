import type { Code } from '../code.ts';
import type { DesiredNode } from '../desired.ts';
import { sameValue } from '../redis/directive-value.ts';
import { canonicalName, DECIDED_BY_UNIT, SECRET_DIRECTIVES, valueIn } from '../redis/directives.ts';
import type { SensitiveText } from '../secret.ts';
import { serverOf, titleOf } from '../server/server.ts';
import type { RedisCommand, StartCommand } from './start-command.ts';
import type { ResolvedUnit } from './resolved-unit.ts';

/** Why a unit would not start Redis as Git asks. */
export interface Misfit {
  code: Code;
  message: string;
  hint: string;
}

type Asked = Pick<DesiredNode, 'name' | 'server' | 'unit' | 'redisConf' | 'dropIn'>;

/** What keeps a start of the unit, as resolved by systemd, from matching Git. */
export function misfitsOf(node: Asked, unit: ResolvedUnit): readonly Misfit[] {
  return [...dropInMisfits(node, unit), ...commandMisfits(node, unit.start)];
}

/** Whether systemd loaded the drop-in with its settings: a later one may override its paths. */
function dropInMisfits(node: Asked, unit: ResolvedUnit): readonly Misfit[] {
  const { path, content } = node.dropIn;
  if (content.reveal() === '' || unit.loadState !== 'loaded') return [];
  if (!unit.dropInPaths.includes(path))
    return [notAsAsked(node, `systemd has not loaded ${path}.`, 'Run `systemctl daemon-reload`, then plan again.')];
  const lacking = lackingPaths(content, unit);
  if (lacking.length === 0) return [];
  const others = unit.dropInPaths.filter((each) => each !== path);
  const suspects = others.length > 0 ? ` It also loads ${others.join(', ')}.` : '';
  return [
    notAsAsked(
      node,
      `${path} adds ${lacking.join(', ')} to ReadWritePaths, but systemd resolved it without.${suspects}`,
      'Find what resets ReadWritePaths with `systemctl cat`, remove it, run `systemctl daemon-reload`, then plan again.',
    ),
  ];
}

/** Paths made writable by the drop-in but not by systemd’s resolved unit. */
export function lackingPaths(dropIn: SensitiveText, unit: ResolvedUnit): readonly string[] {
  const asked = [...dropIn.reveal().matchAll(/^ReadWritePaths=(.*)$/gm)].flatMap(([, paths = '']) =>
    paths.split(/\s+/),
  );
  return asked.filter((path) => path !== '' && !isWritable(path, unit));
}

/** Under `ProtectSystem=strict` only ReadWritePaths are writable. */
export function isWritable(
  folder: string,
  { protectSystem, readWritePaths }: Pick<ResolvedUnit, 'protectSystem' | 'readWritePaths'>,
): boolean {
  if (protectSystem !== 'strict') return true;
  const plain = (path: string) => path.replace(/^[-+]*/, '').replace(/\/$/, '');
  return readWritePaths.some((path) => `${plain(folder)}/`.startsWith(`${plain(path)}/`));
}

/** Whether the unit’s start command reads the managed file and does not override it. */
export function commandMisfits(node: Asked, start: StartCommand | null): readonly Misfit[] {
  if (start === null) return [];
  const { path } = node.redisConf;
  const server = titleOf(serverOf(node));
  if (start.redis === null)
    return [
      anotherFile(
        node,
        `${node.unit} starts ${start.program}, so it is unknown which file ${server} reads`,
        `Have ${node.unit} start ${server} with ${path} (ExecStart=), then plan again.`,
      ),
    ];
  const { configFile } = start.redis;
  if (configFile === path) return overruled(node, start.redis);
  return [
    anotherFile(
      node,
      `${node.unit} starts ${server} with ${configFile ?? 'no configuration file'}, but redisops writes ${path}`,
      `Have ${node.unit} start ${server} with ${path} (ExecStart=), or remove the drop-in that changes it. Then plan again.`,
    ),
  ];
}

function overruled(node: Asked, { directives }: RedisCommand): readonly Misfit[] {
  const { content } = node.redisConf;
  const differing = [...directives].filter(([spelled, value]) => {
    const name = canonicalName(spelled);
    if (DECIDED_BY_UNIT.has(name)) return false;
    return !sameValue(name, valueIn(content, name), value);
  });
  if (differing.length === 0) return [];
  const said = differing.map(([name, value]) => `--${name} ${SECRET_DIRECTIVES.has(name) ? '••••••' : value}`.trim());
  return [
    {
      code: 'COMMAND_LINE_OVERRIDES',
      message: `${node.name}: the command line of ${node.unit} overrides redis.conf: ${said.join(', ')}.`,
      hint: 'A change of redis.conf would be lost at the next start. Set these directives in Git and remove them from ExecStart=, then plan again.',
    },
  ];
}

/** The running Redis was started with another file, so changes to the managed one have no effect, or the wrong one. */
export function runningMisfits(node: Asked, configFile: string): readonly Misfit[] {
  const { path } = node.redisConf;
  if (configFile === path) return [];
  return [
    anotherFile(
      node,
      `${titleOf(serverOf(node))} runs with ${configFile === '' ? 'no configuration file' : configFile}, but redisops writes ${path}`,
      `Bring ${path} in line with what runs, have ${node.unit} start with it, and restart it by hand. Then plan again.`,
    ),
  ];
}

function notAsAsked({ name, unit }: Asked, why: string, hint: string): Misfit {
  return {
    code: 'UNIT_NOT_AS_ASKED',
    message: `${name}: ${unit} does not have the settings that Git asks for: ${why}`,
    hint,
  };
}

function anotherFile({ name }: Asked, why: string, hint: string): Misfit {
  return { code: 'CONFIG_FILE_NOT_READ', message: `${name}: ${why}.`, hint };
}
