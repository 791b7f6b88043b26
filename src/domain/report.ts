import type { Origin } from './run/run.ts';

/**
 * What is said, before Slack, GitHub or a terminal dress it. Builders in `report/` make it from what happened; the
 * dresses know nothing of Redis. All text is data: it never becomes a mention, a link or markup. One exception:
 * `…` between backticks in a summary, a text, an item or `next` is shown as code.
 */
export interface Report {
  title: string;
  tone: Tone;
  /** One sentence under the title. */
  summary: string;
  /** Who asked for it; shown under the summary. */
  askedBy?: Origin;
  /** What the person can do now. */
  next?: string;
  sections: readonly Section[];
  /** Small print at the end: run, revision, digest. */
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
  /** Cells are literal: one line each. */
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
