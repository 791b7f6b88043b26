import { z } from 'zod';

/** A JSON object with unchecked fields. */
export type Shape = Record<string, unknown>;

const shape = z.record(z.string(), z.unknown());

export function asShape(value: unknown): Shape {
  return shape.parse(value);
}

const annotation = z.object({
  path: z.string(),
  start_line: z.number(),
  end_line: z.number(),
  annotation_level: z.enum(['notice', 'warning', 'failure']),
  message: z.string().max(65_536),
  title: z.string().max(255).optional(),
});

/** What requests send, as far as the stand-in looks at it: all of them have the one or other. */
export const requestBody = z.object({
  title: z.string().default(''),
  body: z.string().default(''),
  head: z.string().default(''),
  base: z.string().default('main'),
  draft: z.boolean().default(false),
  merge_method: z.string().default('merge'),
  sha: z.string().default(''),
  force: z.boolean().default(false),
  ref: z.string().default(''),
  branch: z.string().default('main'),
  message: z.string().default(''),
  content: z.string().default(''),
  state: z.string().default(''),
  context: z.string().default('default'),
  description: z.string().nullable().default(null),
  target_url: z.string().nullable().default(null),
  log_url: z.string().default(''),
  task: z.string().default('deploy'),
  environment: z.string().default('production'),
  payload: z.unknown().optional(),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).optional(),
  name: z.string().default(''),
  head_sha: z.string().default(''),
  status: z.string().optional(),
  conclusion: z.string().optional(),
  details_url: z.string().optional(),
  output: z.object({ title: z.string(), summary: z.string(), annotations: z.array(annotation).default([]) }).optional(),
  query: z.string().default(''),
  variables: z.record(z.string(), z.unknown()).default({}),
});

export type RequestBody = z.output<typeof requestBody>;
export type Annotation = z.output<typeof annotation>;
