import { z } from 'zod';
import { DEFAULT_RULES, PLAN_WHEN } from '../../domain/git/pull-request.ts';
import { CLUSTER_NAME, clusterSchema, GITHUB_LOGIN, SLACK_USER } from './cluster-schema.ts';

const planWhen = z.enum(PLAN_WHEN);

/** The schema of redisops.yml for editors. Reading checks more, and reports positions. */
const fileSchema = z
  .strictObject({
    clusters: z
      .record(z.string().regex(CLUSTER_NAME), clusterSchema.nullable())
      .optional()
      .describe('Clusters by name; without any there is one, `redis`.'),
    // JSON Schema patterns have no flag for ignoring case.
    people: z
      .record(
        z.string().regex(new RegExp(GITHUB_LOGIN.source.replaceAll('a-z', 'A-Za-z'))),
        z.string().regex(SLACK_USER),
      )
      .nullish()
      .describe('Slack users (U…) by GitHub login.'),
    pull_requests: z
      .strictObject({
        forks: planWhen.nullish().describe(`Pull requests from forks; ${DEFAULT_RULES.forks} where it is not given.`),
        drafts: planWhen.nullish().describe(`Drafts; ${DEFAULT_RULES.drafts} where it is not given.`),
      })
      .nullish()
      .describe('Which pull requests get their plan by themselves.'),
  })
  .describe('redisops.yml');

/** The JSON Schema of redisops.yml. */
export function clustersJsonSchema(): unknown {
  return z.toJSONSchema(fileSchema, { io: 'input' });
}
