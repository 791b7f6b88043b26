import { ABORTS, type FailoverRecord, type OldMaster } from '../../domain/failover/failover-record.ts';
import type { ListItem, Report, Tone } from '../../domain/report.ts';
import { bytes, duration, instant, listed } from '../text/format.ts';
import { acknowledgedSection } from './health-message.ts';

/** The message about a failover by Sentinel, in its current state. */
export function failoverMessage(record: FailoverRecord): Report {
  return record.to === null ? givenUpMessage(record) : doneMessage(record, record.to);
}

function doneMessage(record: FailoverRecord, to: string): Report {
  const { cluster, from, after, acknowledged, old, closedAt } = record;
  return {
    title: after
      ? `${cluster}: second failover in ${after.minutes} min, ${from} to ${to}`
      : `${cluster}: failed over from ${from} to ${to}`,
    tone: after && !acknowledged ? 'bad' : closedAt === null ? 'warning' : old.state === 'in-sync' ? 'good' : 'neutral',
    summary: `Since ${clock(record.at)} ${to} is the master. ${causeText(record)}`,
    ...(after && !acknowledged ? { next: 'Find out why before the next one: `doctor`. Then acknowledge this.' } : {}),
    sections: [
      {
        kind: 'list',
        items: [
          writesItem(record),
          dataItem(record, to),
          oldItem(old, from, to),
          ...clientItems(record),
          ...votes(record),
        ],
      },
      ...gitSection(record),
      ...acknowledgedSection(acknowledged),
    ],
    footer: [record.failover],
  };
}

function givenUpMessage(record: FailoverRecord): Report {
  const { cluster, from, givenUp, closedAt, acknowledged } = record;
  if (closedAt !== null)
    return {
      title: `${cluster}: a failover of ${from} was given up`,
      tone: 'neutral',
      summary: `It is over since ${clock(closedAt)}.`,
      sections: [{ kind: 'list', items: [...abortItems(record), ...votes(record)] }],
      footer: [record.failover],
    };
  const when = givenUp?.nextTryAt
    ? `The next try is due at ${clock(givenUp.nextTryAt)}.`
    : 'When it tries again is unknown.';
  return {
    title: `${cluster}: Sentinel gave up the failover of ${from}`,
    tone: acknowledged ? 'neutral' : 'bad',
    summary: `${causeText(record)} ${when}`.trim(),
    next: '`doctor` says why a failover fails. `failover lost-master to NODE` is the way out if it cannot succeed.',
    sections: [
      { kind: 'list', items: [...abortItems(record), ...votes(record)] },
      ...acknowledgedSection(acknowledged),
    ],
    footer: [record.failover],
  };
}

function abortItems({ givenUp }: FailoverRecord): readonly ListItem[] {
  if (!givenUp) return [];
  const times = givenUp.tries === 1 ? '' : ` ${givenUp.tries} tries so far.`;
  return [item('bad', `${givenUp.event}: ${ABORTS[givenUp.event]}.${times}`)];
}

/** One sentence. */
export function causeText({ cause, from }: Pick<FailoverRecord, 'cause' | 'from'>): string {
  switch (cause.kind) {
    case 'down': {
      const quorum = cause.quorum === null ? '' : ` (+odown, quorum ${cause.quorum})`;
      return `The Sentinels agreed that ${from} was down${quorum}.`;
    }
    case 'asked':
      return `Somebody sent SENTINEL FAILOVER: ${from} was not down.`;
    case 'run':
      return `Run \`${cause.run}\` moved the role.`;
    case 'unknown':
      return 'redisops did not hear why: it was not listening at that moment.';
  }
}

function votes({ votes: cast, sentinels }: FailoverRecord): readonly ListItem[] {
  const leaders = new Map<string, string[]>();
  for (const { by, leader } of cast) leaders.set(leader, [...(leaders.get(leader) ?? []), by]);
  const [first] = [...leaders].toSorted(([, a], [, b]) => b.length - a.length);
  if (!first) return [];
  const [leader, by] = first;
  return [item('neutral', `Votes: ${by.length} of ${sentinels} for the Sentinel on ${leader} (${listed(by)}).`)];
}

function writesItem({ noWritesMs, cause }: FailoverRecord): ListItem {
  if (noWritesMs !== null) return item('warning', `Writes: none were possible for about ${duration(noWritesMs)}.`);
  const why = cause.kind === 'asked' ? 'the old master took writes until it was demoted' : 'it was not measured';
  return item('neutral', `Writes: how long none were possible is unknown; ${why}.`);
}

function dataItem({ lackedBytes, from }: FailoverRecord, to: string): ListItem {
  if (lackedBytes === null) return item('neutral', `Data: what ${to} lacked of ${from} is unknown.`);
  if (lackedBytes === 0)
    return item(
      'good',
      `Data: ${to} had everything that ${from} had when it was last read, at most a second or two before.`,
    );
  return item('bad', `Data: ${to} lacked at least ${bytes(lackedBytes)} of what ${from} had written.`);
}

function oldItem({ state, backAt, masterMs, sync }: OldMaster, from: string, to: string): ListItem {
  const back = backAt === null ? '' : ` It came back at ${clock(backAt)}.`;
  const asMaster =
    masterMs === 0 ? '' : ` It still acted as a master for about ${duration(masterMs)}: writes to it then are lost.`;
  switch (state) {
    case 'away':
      return item('bad', `${from} does not answer.${back}${asMaster}`);
    case 'master':
      return item('bad', `${from} is back and still acts as a master: writes to it will be lost. Sentinel demotes it.`);
    case 'following':
      return item('warning', `${from} is back and synchronizes with ${to}.${asMaster}`);
    case 'elsewhere':
      return item('bad', `${from} is back and follows another node than ${to}.${asMaster}`);
    case 'in-sync': {
      const how = sync === null ? '' : `, after a ${sync} resynchronization`;
      return item('good', `${from} follows ${to} and is in sync${how}.${back}${asMaster}`);
    }
  }
}

function clientItems({ clients, from, old }: FailoverRecord): readonly ListItem[] {
  if (old.backAt === null) return [];
  if (clients.length === 0) return [item('good', `Clients: none are connected to ${from}.`)];
  return [item('warning', `Clients still connected to ${from}: ${clients.join(', ')}.`)];
}

function gitSection({ pullRequest, wayBack }: FailoverRecord): Report['sections'] {
  const lines = [
    pullRequest && `Pull request #${pullRequest.number} puts the new master into Git: ${pullRequest.url}`,
    wayBack !== null && `Run \`${wayBack}\` plans the way back.`,
  ].filter((line) => typeof line === 'string');
  return lines.length === 0 ? [] : [{ kind: 'text', text: lines.join('\n') }];
}

function item(tone: Tone, text: string): ListItem {
  return { tone, text };
}

/** With seconds: minutes are long in a failover. */
function clock(iso: string): string {
  return instant(iso).replace(/(\d\d:\d\d) UTC$/, `$1:${iso.slice(17, 19)} UTC`);
}
