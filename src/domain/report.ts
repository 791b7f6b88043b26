/**
 * What is said, before Slack, GitHub or a terminal dress it. Builders in `report/` make it from what happened; the
 * dresses know nothing of Redis.
 */
export interface Report {
  title: string;
  tone: Tone;
  /** One sentence under the title. */
  summary: string;
  sections: readonly Section[];
}

export type Tone = 'good' | 'warning' | 'bad' | 'neutral' | 'running';

export type Section =
  | { kind: 'text'; heading?: string; text: string }
  | { kind: 'list'; heading?: string; items: readonly ListItem[] }
  | { kind: 'table'; heading?: string; columns: readonly string[]; rows: readonly (readonly string[])[] }
  | { kind: 'code'; heading?: string; language: 'diff' | 'log' | 'ini'; lines: readonly string[] };

export interface ListItem {
  tone: Tone;
  text: string;
}
