import { isHealthy, type Finding, type Severity } from '../../domain/finding.ts';
import type { ListItem, Report, Section, Tone } from '../../domain/report.ts';
import { byNodes, groupsOf, saidOfAll, withoutNode } from '../parts/by-nodes.ts';
import { about } from '../parts/verdict-text.ts';
import { instant, listed, plural } from '../text/format.ts';

/** Worst first, with a label for each. */
const SEVERITIES: readonly (readonly [Severity, string])[] = [
  ['cause', 'cause'],
  ['suspected', 'suspected cause'],
  ['symptom', 'symptom'],
  ['warning', 'warning'],
];

interface Examined {
  findings: readonly Finding[];
  /** Whether a probe key was written and read. */
  probed: boolean;
}

function whoRemedies(byFix: number, all: number): string {
  if (byFix === 0) return 'A person must carry out the remedy.';
  if (byFix === all) return 'redisops can carry out the remedy.';
  return `redisops can carry out ${byFix} of ${all} remedies, a person the rest.`;
}

/** Findings, worst first, with evidence and remedy. The same on several nodes is one. */
export function doctorReport({ findings, probed }: Examined): Report {
  if (findings.length === 0)
    return { title: 'Doctor: nothing found', tone: 'good', summary: clean(probed), sections: [] };
  const found = SEVERITIES.map(([severity, word]) => {
    const groups = sameOnNodes(findings.filter((finding) => finding.severity === severity));
    return { word, groups };
  });
  const groups = found.flatMap((each) => each.groups);
  const byFix = groups.filter(([first]) => first?.fix).length;
  const counts = found.flatMap((each) => (each.groups.length === 0 ? [] : [plural(each.groups.length, each.word)]));
  return {
    title: `Doctor: ${counts.join(', ')} found`,
    tone: 'warning',
    summary: isHealthy(findings) ? clean(probed) : whoRemedies(byFix, groups.length),
    sections: found.flatMap(({ word, groups: same }) => same.map((group) => groupSection(group, word))),
  };
}

function sameOnNodes(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  return groupsOf(findings, ({ id, node, remedy, fix }) =>
    JSON.stringify([id, withoutNode(remedy, fix ? null : node), fix, node === null]),
  );
}

function clean(probed: boolean): string {
  return probed
    ? 'All nodes were read, no guard blocks a plan, and a write arrived on every replica.'
    : 'All nodes were read, and no guard blocks a plan. No write was tried: `verify` tries one.';
}

/** A finding on several nodes is one section. */
function groupSection(group: readonly Finding[], word: string): Section {
  const [first] = group;
  if (!first) return { kind: 'list', items: [] };
  const { id, severity, remedy, fix, since } = first;
  const names = [...new Set(group.flatMap(({ node }) => node ?? []))];
  const items: ListItem[] = [
    ...saidIn(group, ({ cause }) => [cause]).map((text): ListItem => ({ tone: toneOf(severity), text })),
    ...(since === null ? [] : [{ tone: 'neutral', text: `Since ${instant(since)}` } as const]),
    ...saidIn(group, ({ evidence }) => evidence).map((text): ListItem => ({ tone: 'neutral', text })),
    ...saidIn(group, ({ notBecause }) => notBecause).map((text): ListItem => ({
      tone: 'neutral',
      text: `Ruled out: ${text}`,
    })),
    {
      tone: fix ? 'good' : 'warning',
      text: `${fix ? 'Remedy' : 'Remedy, by a person'}: ${saidOfAll(remedy, names)}`,
    },
  ];
  const heading = names.length === 0 ? id : `${listed(names)}: ${id}`;
  return { kind: 'list', heading: severity === 'cause' ? heading : `${heading} (${word})`, items };
}

/** What is the same of every node needs no name: the heading has them. */
function saidIn(group: readonly Finding[], of: (finding: Finding) => readonly string[]): readonly string[] {
  const all = listed([...new Set(group.flatMap(({ node }) => node ?? []))]);
  const texts = group.flatMap((finding) => of(finding).map((message) => ({ code: null, node: finding.node, message })));
  return byNodes(texts).map(({ node, message }) => (node === all ? message : about(node, message)));
}

function toneOf(severity: Severity): Tone {
  return severity === 'warning' ? 'warning' : 'bad';
}
