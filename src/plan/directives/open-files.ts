import type { DirectiveChange } from '../../domain/action.ts';
import type { DesiredNode } from '../../domain/desired.ts';
import type { HostFacts } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';

/** Files that Redis opens beside its clients’ connections: CONFIG_MIN_RESERVED_FDS (server.h). */
const RESERVED = 32;

/** Whether so many clients need more open files than a process may have; CONFIG SET would fail, a start lower it. */
export function exceedsOpenFiles(maxclients: string, { openFiles }: Pick<HostFacts, 'openFiles'>): boolean {
  return openFiles !== undefined && Number(maxclients) + RESERVED > openFiles;
}

/** Git asks for more clients than a start of the unit would allow. */
export function openFilesBlockers(
  { name, unit, redisConf }: DesiredNode,
  host: HostFacts,
  { changes, starts }: { changes: readonly DirectiveChange[]; starts: boolean },
): readonly Blocker[] {
  const change = changes.find(({ directive }) => directive === 'maxclients');
  const asked = change?.to ?? (starts ? redisConf.content.get('maxclients') : undefined);
  const { openFiles } = host.unit;
  if (asked === undefined || openFiles === undefined || !exceedsOpenFiles(asked, host.unit)) return [];
  const needed = Number(asked) + RESERVED;
  return [
    {
      code: 'OPEN_FILES_SHORT',
      node: name,
      message: `${name}: Git sets maxclients ${asked}, which needs ${needed} open files; ${unit} may open ${openFiles}. Redis would run with ${openFiles - RESERVED}.`,
      hint: `On ${name}: \`systemctl edit --drop-in=limits ${unit}\`, add \`[Service]\` and \`LimitNOFILE=${needed}\`; do not restart Redis. In a container, raise the container’s limit too. Then plan again. Or lower maxclients in Git.`,
    },
  ];
}
