import { DEFAULT_RULES, PLAN_WHEN, type PlanWhen, type PullRequestRules } from '../../domain/git/pull-request.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import { quoted } from '../../jinja/index.ts';
import { Problems } from '../source/problems.ts';
import { ParsedSource } from '../source/parsed-source.ts';
import { readYamlMapping } from '../yaml/mapping.ts';
import { isNothing, type Entry } from '../yaml/value.ts';
import type { ConfigSource } from '../../ports/git.ts';

const KNOWN = ['forks', 'drafts'] as const;

/**
 * `pull_requests` in redisops.yml. A file with mistakes gives the default rules: a pull request that fixes it must get
 * a plan.
 */
export async function readPullRequestRules(source: ConfigSource, file: string): Promise<PullRequestRules> {
  const problems = new Problems();
  const read = await ParsedSource.of(source).parse(file, readYamlMapping, { problems });
  const mapping = read.state === 'read' ? read.value : null;
  const rules = pullRequestRules(mapping?.entries.get('pull_requests'), problems);
  return problems.found.length > 0 ? DEFAULT_RULES : rules;
}

export function pullRequestRules(entry: Entry | undefined, problems: Problems): PullRequestRules {
  if (!entry || isNothing(entry.value)) return DEFAULT_RULES;
  if (entry.value.kind !== 'mapping') {
    problems.add(entry.value.at, '“pull_requests” must map forks and drafts to never, on-request or always');
    return DEFAULT_RULES;
  }
  for (const [key, { at }] of entry.value.entries)
    if (!KNOWN.some((known) => known === key))
      problems.add(at, `${quoted(key)} is not known here.${didYouMean(key, KNOWN)}`);
  const { entries } = entry.value;
  return {
    forks: planWhenOf(entries.get('forks'), 'forks', problems),
    drafts: planWhenOf(entries.get('drafts'), 'drafts', problems),
  };
}

function planWhenOf(entry: Entry | undefined, name: keyof PullRequestRules, problems: Problems): PlanWhen {
  if (!entry || isNothing(entry.value)) return DEFAULT_RULES[name];
  const { value } = entry;
  const found = PLAN_WHEN.find((when) => value.kind === 'scalar' && value.value === when);
  if (found) return found;
  problems.add(value.at, `${name} must be never, on-request or always`);
  return DEFAULT_RULES[name];
}
