import { createHash } from 'node:crypto';
import type { DesiredFile } from '../../domain/desired.ts';
import { SECRET_DIRECTIVES } from '../../domain/redis/directives.ts';
import type { Drift } from '../../domain/drift/drift.ts';
import type { FileFacts } from '../../domain/facts.ts';
import { RedisConf } from '../../domain/redis/redis-conf.ts';
import { differingDirectives } from '../../domain/redis/same-conf.ts';
import type { SensitiveText } from '../../domain/secret.ts';

/** The parts of a difference that vary within a file; node and kind are the same. */
export type Difference = Pick<Drift, 'subject' | 'git' | 'actual'>;

const NOT_SET = 'not set';
const HIDDEN = '••••••';

/** Differences in redis.conf: setting by setting, then owner and mode. */
export function redisConfDrift(wanted: DesiredFile<RedisConf>, present: FileFacts | undefined): readonly Difference[] {
  return fileDrift(wanted, present, directiveDifferences);
}

/** Differences in the systemd drop-in. */
export function dropInDrift(wanted: DesiredFile, present: FileFacts | undefined): readonly Difference[] {
  return fileDrift(wanted, present, assignmentDifferences);
}

type Compare = (wanted: SensitiveText, present: SensitiveText) => readonly Difference[];

function fileDrift(wanted: DesiredFile, present: FileFacts | undefined, compare: Compare): readonly Difference[] {
  const { path, owner, group, mode, content } = wanted;
  if (!present?.exists) return [{ subject: path, git: 'present', actual: 'absent' }];
  if (present.type !== 'file') return [{ subject: path, git: 'a file', actual: present.type }];
  return [
    ...contentDrift(path, content, present, compare),
    ...difference(`${path} owner`, `${owner}:${group}`, `${present.owner}:${present.group}`),
    ...difference(`${path} mode`, mode, present.mode),
  ];
}

function contentDrift(
  path: string,
  wanted: SensitiveText,
  { sha256, content }: Extract<FileFacts, { exists: true }>,
  compare: Compare,
): readonly Difference[] {
  if (sha256 === createHash('sha256').update(wanted.reveal()).digest('hex')) return [];
  if (!content)
    return [{ subject: path, git: 'as Git has it', actual: 'different text, not readable by the redis user' }];
  return compare(wanted, content);
}

function directiveDifferences(wanted: SensitiveText, present: SensitiveText): readonly Difference[] {
  const [asked, found] = [RedisConf.parse(wanted), RedisConf.parse(present)];
  const broken = found.brokenLines.map((line) => ({
    subject: `line ${line}`,
    git: 'readable',
    actual: 'quotes that are not closed',
  }));
  const differences = differingDirectives(asked, found).map((name): Difference => {
    const [git, actual] = [asked.get(name), found.get(name)];
    const display = (value: string | undefined, other: string): string => {
      if (value === undefined) return NOT_SET;
      if (SECRET_DIRECTIVES.has(name)) return other;
      return value === '' ? '""' : value;
    };
    return {
      subject: name,
      git: display(git, HIDDEN),
      actual: display(actual, git === undefined ? HIDDEN : `${HIDDEN} (another)`),
    };
  });
  return [...differences, ...broken];
}

function assignmentDifferences(wanted: SensitiveText, present: SensitiveText): readonly Difference[] {
  const [asked, found] = [assignmentsOf(wanted.masked()), assignmentsOf(present.masked())];
  const differences = namesOf(asked, found).flatMap((name) =>
    difference(name, asked.get(name) ?? NOT_SET, found.get(name) ?? NOT_SET),
  );
  if (differences.length > 0) return differences;
  return [{ subject: 'text', git: 'as Git has it', actual: 'the same settings, written differently' }];
}

/**
 * Assignments in a unit file, by name; outside `[Service]` as `[Section] Name`. Repeated ones add up, as in systemd.
 */
function assignmentsOf(text: string): ReadonlyMap<string, string> {
  const assignments = new Map<string, string>();
  let section = '';
  for (const line of text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((each) => each.trim())) {
    const header = /^\[(.*)\]$/.exec(line);
    if (header) section = header[1] === 'Service' ? '' : `${line} `;
    const equals = line.indexOf('=');
    if (header || equals < 1 || /^[#;[]/.test(line)) continue;
    const name = section + line.slice(0, equals).trimEnd();
    const [value, before] = [line.slice(equals + 1).trimStart(), assignments.get(name)];
    // An empty assignment clears the earlier ones.
    assignments.set(name, value === '' || !before ? value : `${before} ${value}`);
  }
  return assignments;
}

function namesOf(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].toSorted();
}

function difference(subject: string, git: string, actual: string): readonly Difference[] {
  return git === actual ? [] : [{ subject, git, actual }];
}
