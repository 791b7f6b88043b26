import type { Origin } from './run/run.ts';

/**
 * A message before it is formatted for Slack, GitHub or a terminal. Builders in `report/` make it from events;
 * formatters know nothing of Redis. All text is data: it never becomes a mention, a link or markup. One exception: `…`
 * between backticks in a summary, a text, an item or `next` is shown as code.
 */
export interface Report {
  title: string;
  tone: Tone;
  /** One sentence under the title. */
  summary: string;
  /** The requester; shown below the summary. */
  askedBy?: Origin;
  /** What the reader can do now. */
  next?: string;
  sections: readonly Section[];
  /** Fine print: run, revision, digest. */
  footer?: readonly string[];
}

export type Tone = 'good' | 'warning' | 'bad' | 'neutral' | 'running';

export type Section = TextSection | ListSection | TableSection | CodeSection;

export interface TextSection {
  kind: 'text';
  heading?: string;
  text: string;
}

export interface ListSection {
  kind: 'list';
  heading?: string;
  items: readonly ListItem[];
}

export interface TableSection {
  kind: 'table';
  heading?: string;
  columns: readonly string[];
  /** Cells are literal, one line each. */
  rows: readonly (readonly string[])[];
}

export interface CodeSection {
  kind: 'code';
  heading?: string;
  language: 'diff' | 'log' | 'ini';
  lines: readonly string[];
}

export interface ListItem {
  tone: Tone;
  text: string;
}
