import type { RequestBody } from './json.ts';
import { commitAt, forbidden, invalid, notFound, ok, page, R, type Answer, type Route } from './route.ts';
import { checkOf, deploymentOf, deploymentStatusOf, statusOf } from './shapes.ts';
import type { Deployment, World } from './world.ts';

/** Check runs, commit statuses and deployments. */
export const OUTCOME_ROUTES: readonly Route[] = [
  [
    'GET',
    new RegExp(`^${R}/commits/(\\w+)/check-runs$`),
    ({ world, query }, sha = '') => {
      const found = [...world.checks.values()].filter(
        ({ head, name }) => head === sha && name === (query.get('check_name') ?? name),
      );
      return ok({ total_count: found.length, check_runs: page(found, query).map((check) => checkOf(world, check)) });
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/commits/(\\w+)/statuses$`),
    ({ world, query }, sha = '') =>
      ok(
        page(world.statuses.filter((status) => status.sha === sha).toReversed(), query).map((status) =>
          statusOf(world, status),
        ),
      ),
  ],
  [
    'POST',
    new RegExp(`^${R}/statuses/(\\w+)$`),
    ({ world, body, login }, sha = '') => {
      if (world.repository.resolve(sha) === null) return invalid(`No commit found for SHA: ${sha}`);
      if (!['error', 'failure', 'pending', 'success'].includes(body.state)) return invalid('Validation Failed');
      if ((body.description ?? '').length > 140) return invalid('Validation Failed: description is too long');
      const status = {
        id: world.nextId(),
        sha,
        context: body.context,
        state: body.state,
        description: body.description,
        targetUrl: body.target_url,
        login,
        createdAt: world.now(),
      };
      world.statuses.push(status);
      return ok(statusOf(world, status), 201);
    },
  ],
  [
    'POST',
    new RegExp(`^${R}/check-runs$`),
    ({ world, body, isApp }) => {
      if (!isApp) return forbidden('You must authenticate via a GitHub App.');
      if (world.repository.resolve(body.head_sha) === null) return invalid(`No commit found for SHA: ${body.head_sha}`);
      const id = world.nextId();
      world.checks.set(id, {
        id,
        name: body.name,
        head: body.head_sha,
        status: 'queued',
        conclusion: null,
        title: null,
        summary: null,
        detailsUrl: null,
        annotations: [],
        startedAt: world.now(),
        completedAt: null,
      });
      return changeCheck(world, id, body, 201);
    },
  ],
  [
    'PATCH',
    new RegExp(`^${R}/check-runs/(\\d+)$`),
    ({ world, body, isApp }, id) => {
      if (!isApp) return forbidden('You must authenticate via a GitHub App.');
      return world.checks.has(Number(id)) ? changeCheck(world, Number(id), body, 200) : notFound();
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/deployments$`),
    ({ world, query }) => {
      const fits = (deployment: Deployment): boolean =>
        (['sha', 'ref', 'task', 'environment'] as const).every(
          (field) => (query.get(field) ?? deployment[field]) === deployment[field],
        );
      return ok(
        page([...world.deployments.values()].filter(fits).toReversed(), query).map((each) => deploymentOf(world, each)),
      );
    },
  ],
  [
    'POST',
    new RegExp(`^${R}/deployments$`),
    ({ world, body, login }) => {
      const sha = commitAt(world, body.ref);
      if (sha === null) return invalid(`No ref found for: ${body.ref}`);
      // Unless told otherwise, GitHub merges the default branch into the ref and requires green checks.
      if (body.auto_merge || !body.required_contexts)
        return { status: 409, json: { message: 'Conflict: commit status checks failed' } };
      const id = world.nextId();
      const deployment: Deployment = {
        id,
        sha,
        ref: body.ref,
        task: body.task,
        environment: body.environment,
        description: body.description,
        payload: body.payload ?? {},
        login,
        createdAt: world.now(),
        statuses: [],
      };
      world.deployments.set(id, deployment);
      return ok(deploymentOf(world, deployment), 201);
    },
  ],
  [
    'POST',
    new RegExp(`^${R}/deployments/(\\d+)/statuses$`),
    ({ world, body }, id) => {
      const deployment = world.deployments.get(Number(id));
      if (!deployment) return notFound();
      if (!['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'].includes(body.state))
        return invalid('Validation Failed');
      if ((body.description ?? '').length > 140) return invalid('Validation Failed: description is too long');
      const status = {
        id: world.nextId(),
        state: body.state,
        description: body.description ?? '',
        logUrl: body.log_url,
        createdAt: world.now(),
      };
      deployment.statuses.push(status);
      return ok(deploymentStatusOf(world, deployment, status), 201);
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/deployments/(\\d+)/statuses$`),
    ({ world, query }, id) => {
      const deployment = world.deployments.get(Number(id));
      if (!deployment) return notFound();
      return ok(
        page(deployment.statuses.toReversed(), query).map((status) => deploymentStatusOf(world, deployment, status)),
      );
    },
  ],
];

/** Annotations are appended; 50 at most per request. */
function changeCheck(world: World, id: number, body: RequestBody, status: number): Answer {
  const check = world.checks.get(id);
  if (!check) return notFound();
  const { output } = body;
  const annotations = output?.annotations ?? [];
  if (annotations.length > 50) return invalid('Validation Failed: annotations exceeds a maximum of 50');
  if ((output?.summary.length ?? 0) > 65_535) return invalid('Validation Failed: summary is too long');
  const lines = (path: string): number => world.repository.git('show', `${check.head}:${path}`).split('\n').length;
  const astray = annotations.find(({ path, start_line: line }) => line < 1 || line > lines(path));
  if (astray) return invalid(`Validation Failed: ${astray.path}:${astray.start_line} is not in the commit`);
  check.annotations.push(...annotations);
  check.title = output?.title ?? check.title;
  check.summary = output?.summary ?? check.summary;
  check.detailsUrl = body.details_url ?? check.detailsUrl;
  check.conclusion = body.conclusion ?? check.conclusion;
  check.status = body.conclusion === undefined ? (body.status ?? check.status) : 'completed';
  if (check.status === 'completed') check.completedAt = world.now();
  return ok(checkOf(world, check), status);
}
