import type { Plan } from '../../domain/plan.ts';
import type { Report } from '../../domain/report.ts';
import { directiveValue } from '../parts/directive-value.ts';
import { markdown } from '../markdown/markdown.ts';
import { planReport } from './plan-report.ts';

/** A setting requested in chat. */
export interface SetChange {
  cluster: string;
  directive: string;
  value: string;
  /** The current value in Git; null if the nodes differ. */
  before: string | null;
  /** Slack user ID. */
  askedBy: string;
}

export interface SetOutcome {
  pullRequest: { number: number; url: string } | null;
  /** Whether this changes the value in Git or in the pull request. */
  isNews: boolean;
  wasOpen: boolean;
}

/** The pull request for it, with the plan its merge would have now. */
export function setReport(change: SetChange, { pullRequest, isNews, wasOpen }: SetOutcome, plan: Plan): Report {
  const { cluster, directive } = change;
  const what = `${directive} ${said(change.value, directive)}`;
  if (!pullRequest)
    return {
      title: `${cluster}: ${what}`,
      tone: 'neutral',
      summary: 'Git already says so. No pull request is needed.',
      next: '`/redis plan` shows whether the nodes have it.',
      sections: [],
    };
  const verb = isNews ? (wasOpen ? 'now sets' : 'sets') : 'sets already';
  const { sections, footer } = planReport(plan);
  return {
    title: `${cluster}: pull request #${pullRequest.number} ${verb} ${what}`,
    tone: plan.blockers.length === 0 ? 'good' : 'warning',
    summary: `${fromTo(change)}. Nothing changes until it is merged: ${pullRequest.url}`,
    next:
      plan.blockers.length === 0
        ? 'Read the plan here or on the pull request, then merge it.'
        : 'Its plan is blocked now, as every change is. Remove the blockers before you merge it.',
    sections,
    ...(footer ? { footer } : {}),
  };
}

/** Title and text of the pull request. */
export function setPullRequest(change: SetChange): { title: string; body: string } {
  const { cluster, directive, value, askedBy } = change;
  const report: Report = {
    title: `${directive} ${said(value, directive)}`,
    tone: 'neutral',
    summary: `${fromTo(change)}. ${askedBy} asked for it in Slack. Once merged, it applies to all nodes of ${cluster}. redisops’ comment has the plan.`,
    sections: [],
  };
  return { title: `${cluster}: set ${directive} to ${value === '' ? '""' : value}`, body: markdown(report) };
}

function fromTo({ directive, before, value }: SetChange): string {
  const from = before === null ? 'other values' : said(before, directive);
  return `${directive}: ${from} → ${said(value, directive)}`;
}

function said(value: string, directive: string): string {
  return directiveValue(directive, value);
}
