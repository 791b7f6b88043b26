import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Shape } from './json.ts';

/**
 * GitHub’s own description of its REST API and webhooks: the stand-in’s answers are built from it, and checked against
 * it.
 */
const content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()).optional() }));
const operation = z.object({ responses: z.record(z.string(), z.object({ content: content.optional() })).optional() });
const descriptionSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  'x-webhooks': z.record(z.string(), z.object({ post: z.object({ requestBody: z.object({ content }) }) })),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    examples: z.record(z.string(), z.object({ value: z.unknown() })),
  }),
});

type Description = z.output<typeof descriptionSchema>;

const require = createRequire(import.meta.url);
const checkers = new Map<string, z.ZodType>();
let read: Description | null = null;

function description(): Description {
  read ??= descriptionSchema.parse(
    JSON.parse(
      readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json'), 'utf8').replaceAll(
        '#/components/schemas/',
        '#/definitions/',
      ),
    ),
  );
  return read;
}

/** A fresh copy of a documented example. */
export function example(name: string): unknown {
  const found = description().components.examples[name];
  if (!found) throw new Error(`GitHub documents no example ${name}`);
  return structuredClone(found.value);
}

/** What is wrong with an answer, by GitHub’s description of the operation; empty if nothing. */
export function answerMistakes(method: string, path: string, status: number, body: unknown): readonly string[] {
  const template = templateOf(path);
  const operation = template === null ? undefined : description().paths[template]?.[method.toLowerCase()];
  if (!operation?.responses) return [`${method} ${path} is not in GitHub’s description`];
  const answer = operation.responses[String(status)];
  if (!answer) return status < 400 ? [`${method} ${template} does not answer ${status}`] : [];
  const schema = answer.content?.['application/json']?.schema;
  return schema ? mistakes(`${method} ${template} ${status}`, schema, body) : [];
}

/** The same for a webhook’s payload. @param name `pull-request-opened` */
export function webhookMistakes(name: string, body: unknown): readonly string[] {
  const schema = description()['x-webhooks'][name]?.post.requestBody.content['application/json']?.schema;
  return schema ? mistakes(`webhook ${name}`, schema, body) : [`GitHub describes no webhook ${name}`];
}

function mistakes(name: string, schema: Shape, body: unknown): readonly string[] {
  const checked = checkerOf(name, schema).safeParse(body);
  return checked.success
    ? []
    : checked.error.issues.map(({ path, message }) => `${name}: ${path.join('.')} ${message}`);
}

function checkerOf(name: string, schema: Shape): z.ZodType {
  const known = checkers.get(name);
  if (known) return known;
  const { schemas } = description().components;
  const checker = z.fromJSONSchema({ ...schema, definitions: schemas }, { defaultTarget: 'openapi-3.0' });
  checkers.set(name, checker);
  return checker;
}

/** `/repos/acme/infra/pulls/7` is an instance of `/repos/{owner}/{repo}/pulls/{pull_number}`; fixed words win. */
function templateOf(path: string): string | null {
  const parts = path.split('/');
  const fits = Object.keys(description().paths).filter((template) => {
    const wanted = template.split('/');
    const tail = /^\{(?:path|ref|basehead)\}$/.test(wanted.at(-1) ?? '');
    if (tail ? parts.length < wanted.length : parts.length !== wanted.length) return false;
    return wanted.every((part, at) => part.startsWith('{') || part === parts[at]);
  });
  const variables = (template: string): number => template.split('{').length;
  const depth = (template: string): number => template.split('/').length;
  return fits.toSorted((a, b) => depth(b) - depth(a) || variables(a) - variables(b))[0] ?? null;
}
