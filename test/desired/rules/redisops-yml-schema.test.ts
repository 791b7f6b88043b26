import { expect, it } from 'vitest';
import { z } from 'zod';
import { clustersJsonSchema } from '../../../src/desired/rules/redisops-yml-schema.ts';

const mapping = z.record(z.string(), z.unknown());

/** All fields at any depth, with their descriptions. */
function fieldsOf(value: unknown): [name: string, description: unknown][] {
  if (Array.isArray(value)) return value.flatMap(fieldsOf);
  const schema = mapping.safeParse(value).data ?? {};
  const fields = Object.entries(mapping.safeParse(schema['properties']).data ?? {});
  return [
    ...fields.map(([name, field]): [string, unknown] => [name, mapping.parse(field)['description']]),
    ...Object.entries(schema).flatMap(([name, child]) =>
      name === 'properties' ? fields.flatMap(([, field]) => fieldsOf(field)) : fieldsOf(child),
    ),
  ];
}

it('describes every field of redisops.yml', () => {
  const fields = fieldsOf(clustersJsonSchema());
  expect(fields.map(([name]) => name)).toEqual(
    expect.arrayContaining(['clusters', 'channel', 'cron', 'every', 'standstill', 'people', 'forks']),
  );
  expect(fields.filter(([, description]) => typeof description !== 'string' || description === '')).toEqual([]);
});
