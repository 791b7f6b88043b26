import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { CODES } from '../src/domain/code.ts';
import { DIRECTIVES } from '../src/domain/redis/directives.ts';
import { HARMLESS } from '../src/plan/directives/harmless.ts';
import { DOORS } from '../src/plan/directives/openings.ts';
import { limitsSchema } from '../src/desired/rules/cluster-schema.ts';
import { clustersJsonSchema } from '../src/desired/rules/redisops-yml-schema.ts';
import { SETTINGS } from '../src/settings.ts';

const NOTE = 'Made by `npm run docs` from the program itself: do not edit.';

/** The pages that follow from schemas and tables, by path. A test holds them against what is committed. */
export function generatedPages(): Readonly<Record<string, string>> {
  return {
    '.env.example': environmentExample(),
    'docs/settings.md': settingsPage(),
    'docs/codes.md': codesPage(),
    'docs/directives.md': directivesPage(),
    'docs/limits.md': limitsPage(),
    'docs/redisops.schema.json': `${JSON.stringify(clustersJsonSchema(), null, 2)}\n`,
  };
}

function settings() {
  return Object.entries(SETTINGS).map(([name, type]) => ({
    name,
    description: type.description ?? '',
    fallback: fallbackOf(name, type),
  }));
}

/** Defaults that depend on the machine are said in words. */
function fallbackOf(name: string, type: z.ZodType): string {
  if (name === 'SSH_USER') return 'the user that runs redisops';
  if (name === 'SSH_PRIVATE_KEY_FILE') return '~/.ssh/id_ed25519';
  if (name === 'SSH_KNOWN_HOSTS_FILE') return '~/.ssh/known_hosts';
  const parsed = type.safeParse(undefined);
  const value: unknown = parsed.data;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function environmentExample(): string {
  const lines = settings().map(({ name, description, fallback }) => `# ${description}\n#${name}=${fallback}`);
  return `# ${NOTE}\n\n${lines.join('\n\n')}\n`;
}

function settingsPage(): string {
  const rows = settings().map(
    ({ name, description, fallback }) => `| \`${name}\` | ${description} | ${fallback && `\`${fallback}\``} |`,
  );
  return page('Settings', 'Read from the environment, once, at the start; every mistake is reported at once.', [
    '| variable | meaning | default |',
    '| --- | --- | --- |',
    ...rows,
  ]);
}

function codesPage(): string {
  const rows = Object.entries(CODES).map(([code, { exit, meaning }]) => `| \`${code}\` | ${meaning} | ${exit} |`);
  const intro =
    'Every outcome, refusal and finding has one of these codes: the same in Slack, GitHub, the command line, logs and metrics.';
  return page('Codes', intro, ['| code | meaning | exit status |', '| --- | --- | --- |', ...rows]);
}

function directivesPage(): string {
  const rows = Object.entries(DIRECTIVES).map(
    ([name, { change, default: value }]) =>
      `| \`${name}\` | ${change} | ${value === null ? '' : `\`${value === '' ? '""' : value}\``} |`,
  );
  const harmless = Object.entries(HARMLESS).map(
    ([name, { which, because }]) => `| \`${name}\` | ${which} | ${because} |`,
  );
  const doors = Object.entries(DOORS).map(([name, { code, says }]) => `| \`${name}\` | ${says} | \`${code}\` |`);
  const intro =
    'How each directive of Redis 7.0 takes a change: `live` by CONFIG SET, `restart` at start only, `role` by REPLICAOF.';
  return page('Directives', intro, [
    '| directive | change | default |',
    '| --- | --- | --- |',
    ...rows,
    '',
    '## Changed without an approval',
    '',
    'Only these changes are known to be harmless. Every other change waits for an approval.',
    '',
    '| directive | change | why it is harmless |',
    '| --- | --- | --- |',
    ...harmless,
    '',
    '## What opens Redis',
    '',
    'A plan names what lets more people in, or lets them do more. It waits for an approval whatever redisops.yml allows. ACL users are compared by what their rules permit: a new user, or one that may do more, is `OPENS_ACL`.',
    '',
    '| directive | what the change does | code |',
    '| --- | --- | --- |',
    ...doors,
  ]);
}

function limitsPage(): string {
  const rows = Object.entries(limitsSchema.shape).map(
    ([name, type]) => `| \`${name}\` | ${type.description ?? ''} | \`${fallbackOf(name, type)}\` |`,
  );
  const intro = 'What `limits` of a cluster in redisops.yml says. Times are like `90s`, `10m` or `2h`.';
  return page('Limits', intro, ['| limit | meaning | default |', '| --- | --- | --- |', ...rows]);
}

function page(title: string, intro: string, lines: readonly string[]): string {
  return `# ${title}\n\n${intro}\n\n<!-- ${NOTE} -->\n\n${lines.join('\n')}\n`;
}

/** Writes the pages below the repository’s root. */
export function writePages(root: string): void {
  for (const [path, text] of Object.entries(generatedPages())) writeFileSync(join(root, path), text);
}
