import type { z } from 'zod';
import { didYouMean } from '../../domain/text/nearest.ts';
import { clusterSchema, entrySchema, limitsSchema } from './cluster-schema.ts';
import { quoted } from '../../jinja/index.ts';
import type { Position, Problems } from '../source/problems.ts';
import type { Value } from '../yaml/value.ts';

const KNOWN_WITHIN: Readonly<Record<string, readonly string[]>> = {
  drift: ['every', 'apply'],
  freeze: ['cron', 'minutes', 'timezone', 'reason'],
  entry: Object.keys(entrySchema.shape),
  limits: Object.keys(limitsSchema.shape),
};

/** A schema issue of a cluster in plain words, with its position in the file. */
export function addIssue(issue: z.core.$ZodIssue, cluster: Value, problems: Problems): void {
  if (issue.code !== 'unrecognized_keys') {
    const field = issue.path.filter((step) => typeof step === 'string').join(' ');
    return problems.add(placeOf(cluster, issue.path), `${field === '' ? '' : `${field} `}${wordsOf(issue)}`);
  }
  const known = KNOWN_WITHIN[String(issue.path[0])] ?? Object.keys(clusterSchema.shape);
  for (const key of issue.keys)
    problems.add(keyPlace(cluster, issue.path, key), `${quoted(key)} is not known here.${didYouMean(key, known)}`);
}

/** Position of an entry’s name, in the mapping at the path. */
function keyPlace(value: Value, path: readonly PropertyKey[], key: string): Position {
  const [step, ...rest] = path;
  const item = value.kind === 'sequence' ? value.items[Number(step)] : undefined;
  if (item) return keyPlace(item, rest, key);
  if (value.kind !== 'mapping') return value.at;
  if (step === undefined) return value.entries.get(key)?.at ?? value.at;
  const entry = value.entries.get(String(step));
  return entry ? keyPlace(entry.value, rest, key) : value.at;
}

/** Position of the value that the issue is about. */
function placeOf(value: Value, path: readonly PropertyKey[]): Position {
  const [step, ...rest] = path;
  if (value.kind === 'mapping') {
    const entry = value.entries.get(String(step));
    return entry ? placeOf(entry.value, rest) : value.at;
  }
  const item = value.kind === 'sequence' ? value.items[Number(step)] : undefined;
  return item ? placeOf(item, rest) : value.at;
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  boolean: 'true or false',
  string: 'a single word',
  number: 'a number',
  int: 'a whole number',
};

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  return issue.message;
}
