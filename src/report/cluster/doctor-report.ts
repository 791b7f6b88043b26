import type { Finding } from '../../domain/finding.ts';
import type { ListItem, Report, Section } from '../../domain/report.ts';
import { plural } from '../text/format.ts';

/** Causes with what shows them and what puts them right. */
export function doctorReport(findings: readonly Finding[]): Report {
  if (findings.length === 0)
    return {
      title: 'Doctor: nothing found',
      tone: 'good',
      summary: 'No known cause was found on the nodes.',
      sections: [],
    };
  const safe = findings.filter((finding) => finding.safe).length;
  return {
    title: `Doctor: ${plural(findings.length, 'cause')} found`,
    tone: 'warning',
    summary: `redisops can carry out ${safe} of the remedies; ${findings.length - safe} need a person.`,
    sections: findings.map(findingSection),
  };
}

function findingSection({ id, node, cause, evidence, remedy, safe }: Finding): Section {
  const items: ListItem[] = [
    { tone: 'bad', text: cause },
    ...evidence.map((text): ListItem => ({ tone: 'neutral', text })),
    { tone: safe ? 'good' : 'warning', text: `${safe ? 'Remedy' : 'Remedy, by a person'}: ${remedy}` },
  ];
  return { kind: 'list', heading: node === null ? id : `${node}: ${id}`, items };
}
