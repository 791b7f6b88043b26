import { isHealthy, type Finding, type Severity } from '../../domain/finding.ts';
import type { ListItem, Report, Section, Tone } from '../../domain/report.ts';
import { plural } from '../text/format.ts';

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

/** Findings, worst first, with evidence and remedy. */
export function doctorReport({ findings, probed }: Examined): Report {
  if (findings.length === 0)
    return { title: 'Doctor: nothing found', tone: 'good', summary: clean(probed), sections: [] };
  const byFix = findings.filter(({ fix }) => fix !== null).length;
  const trouble = isHealthy(findings) ? clean(probed) : whoRemedies(byFix, findings.length);
  return {
    title: `Doctor: ${counted(findings)} found`,
    tone: 'warning',
    summary: trouble,
    sections: SEVERITIES.flatMap(([severity, word]) =>
      findings.filter((finding) => finding.severity === severity).map((finding) => findingSection(finding, word)),
    ),
  };
}

function clean(probed: boolean): string {
  return probed
    ? 'All nodes were read, no guard blocks a plan, and a write arrived on every replica.'
    : 'All nodes were read, and no guard blocks a plan. No write was tried: `verify` tries one.';
}

function counted(findings: readonly Finding[]): string {
  const counts = SEVERITIES.flatMap(([severity, word]) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, word)];
  });
  return counts.join(', ');
}

function findingSection(
  { id, node, severity, cause, evidence, notBecause, remedy, fix }: Finding,
  word: string,
): Section {
  const items: ListItem[] = [
    { tone: toneOf(severity), text: cause },
    ...evidence.map((text): ListItem => ({ tone: 'neutral', text })),
    ...notBecause.map((text): ListItem => ({ tone: 'neutral', text: `Ruled out: ${text}` })),
    { tone: fix ? 'good' : 'warning', text: `${fix ? 'Remedy' : 'Remedy, by a person'}: ${remedy}` },
  ];
  const heading = node === null ? id : `${node}: ${id}`;
  return { kind: 'list', heading: severity === 'cause' ? heading : `${heading} (${word})`, items };
}

function toneOf(severity: Severity): Tone {
  return severity === 'warning' ? 'warning' : 'bad';
}
