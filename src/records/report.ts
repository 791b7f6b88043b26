import { z } from 'zod';
import type { ListItem, Report, Section, Tone } from '../domain/report.ts';
import { exactly } from './exactly.ts';
import { origin } from './run.ts';

const tone = exactly<Tone>()(z.enum(['good', 'warning', 'bad', 'neutral', 'running']));
const heading = z.string().exactOptional();
const item = exactly<ListItem>()(z.object({ tone, text: z.string() }));

const section = exactly<Section>()(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('text'), heading, text: z.string() }),
    z.object({ kind: z.literal('list'), heading, items: z.array(item) }),
    z.object({
      kind: z.literal('table'),
      heading,
      columns: z.array(z.string()),
      rows: z.array(z.array(z.string())),
    }),
    z.object({
      kind: z.literal('code'),
      heading,
      language: z.enum(['diff', 'log', 'ini']),
      lines: z.array(z.string()),
    }),
  ]),
);

export const report = exactly<Report>()(
  z.object({
    title: z.string(),
    tone,
    summary: z.string(),
    askedBy: origin.exactOptional(),
    next: z.string().exactOptional(),
    sections: z.array(section),
    footer: z.array(z.string()).exactOptional(),
  }),
);
