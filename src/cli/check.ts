import { join, relative, resolve } from 'node:path';
import { ParsedSource } from '../desired/source/parsed-source.ts';
import { clustersOf, readDesired, refuseSharedHosts } from '../desired/questions.ts';
import type { TemplateGap } from '../domain/desired.ts';
import { ConfigInvalid, RedisopsError, type ConfigProblem } from '../domain/error.ts';
import { workflowCommands, type WorkflowAnnotation } from '../report/text/workflow-commands.ts';
import { answerError, type Answer } from './answer.ts';
import type { Context } from './context.ts';
import type { Options } from './arguments/invocation.ts';

type CheckContext = Pick<Context, 'source' | 'vaultPassword' | 'cluster' | 'repo'>;

/** All checks that need no node: the mistakes of all clusters, or of the named one. */
export async function check(context: CheckContext, { format }: Options['check']): Promise<Answer> {
  if (format === 'text') return checked(context);
  try {
    const answer = await checked(context);
    return { kind: 'bytes', exit: answer.exit, text: workflowCommands(answer.gaps.map(annotationOfGap)) };
  } catch (thrown) {
    if (!(thrown instanceof RedisopsError)) throw thrown;
    const text = workflowCommands(annotationsOf(thrown, context.repo));
    return { kind: 'bytes', exit: answerError(thrown).exit, text };
  }
}

/** @throws CONFIG_INVALID with the mistakes of all clusters; CONFIG_MISSING, UNKNOWN_CLUSTER */
async function checked(context: CheckContext): Promise<Extract<Answer, { kind: 'report' }> & { gaps: TemplateGap[] }> {
  const { cluster } = context;
  const source = ParsedSource.of(context.source);
  const clusters = cluster === undefined ? await clustersOf(source) : [cluster];
  const secrets = context.vaultPassword ? { vaultPassword: context.vaultPassword } : {};
  const gaps: TemplateGap[] = [];
  const failures: { cluster: string; error: RedisopsError }[] = [];
  for (const name of clusters) {
    try {
      const { nodes } = await readDesired(source, { cluster: name, ...secrets });
      await refuseSharedHosts(source, name, secrets);
      for (const node of nodes)
        for (const gap of node.templateGaps ?? []) gaps.push({ ...gap, message: `${node.name}: ${gap.message}` });
    } catch (thrown) {
      if (!(thrown instanceof RedisopsError)) throw thrown;
      failures.push({ cluster: name, error: thrown });
    }
  }
  refuse(failures);
  const summary = `No mistakes in ${clusters.length === 1 ? 'cluster' : 'clusters'} ${clusters.join(', ')}.`;
  const items = gaps.map(({ blocks, message }) => ({
    tone: blocks ? ('bad' as const) : ('warning' as const),
    text: message,
  }));
  const sections = items.length === 0 ? [] : [{ kind: 'list' as const, heading: 'The template', items }];
  const tone = gaps.length === 0 ? ('good' as const) : ('warning' as const);
  const report = { title: 'Configuration', tone, summary, sections };
  const json = { clusters, problems: [], ...(gaps.length === 0 ? {} : { gaps }) };
  return { kind: 'report', exit: 0, report, json, gaps };
}

/** A mistake in a shared file is listed once. Mistakes without a line go to the top of redisops.yml. */
function refuse(failures: readonly { cluster: string; error: RedisopsError }[]): void {
  const [first, ...others] = failures;
  if (!first) return;
  if (others.length === 0) throw first.error;
  const problems = new Map<string, ConfigProblem>();
  for (const { cluster, error } of failures)
    for (const problem of error instanceof ConfigInvalid ? error.problems : [unplaced(cluster, error)])
      problems.set(JSON.stringify([problem.file, problem.line, problem.column, problem.message]), problem);
  throw new ConfigInvalid([...problems.values()]);
}

function unplaced(cluster: string, { message }: RedisopsError): ConfigProblem {
  return { file: 'redisops.yml', line: 1, column: 1, message: `Cluster ${cluster}: ${message}` };
}

function annotationOfGap({ blocks, message }: TemplateGap): WorkflowAnnotation {
  return { level: blocks ? 'error' : 'warning', message };
}

function annotationsOf(error: RedisopsError, repo: string): readonly WorkflowAnnotation[] {
  if (!(error instanceof ConfigInvalid)) return [{ level: 'error', message: `${error.message}\n${error.hint}` }];
  return error.problems.map(({ file, line, column, message }) => {
    return { level: 'error', message, at: { file: fromHere(repo, file), line, column } };
  });
}

/** GitHub expects paths relative to the workspace, where the step runs; for a checkout elsewhere, relative to it. */
function fromHere(repo: string, file: string): string {
  const path = relative(process.cwd(), join(resolve(repo), file));
  return path.startsWith('..') ? file : path;
}
