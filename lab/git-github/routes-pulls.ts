import { invalid, notFound, ok, page, R, type Answer, type Route } from './route.ts';
import { commentOf, commitOf, fileOf, listedPullOf, pullOf, reviewOf, userOf } from './shapes.ts';
import { isTried, tryMerge, type World } from './world.ts';

/** Pull requests, their comments, and permissions. */
export const PULL_ROUTES: readonly Route[] = [
  [
    'GET',
    new RegExp(`^${R}/collaborators/([^/]+)/permission$`),
    ({ world }, login = '') => {
      const permission = world.people.get(login) ?? 'none';
      return ok({ permission, role_name: permission, user: { ...userOf(login), role_name: permission } });
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/commits/(\\w+)/pulls$`),
    ({ world }, sha = '') => {
      const { repository } = world;
      const open = [...world.pulls.values()].filter((pull) =>
        pull.merged ? pull.merged.sha === sha || repository.isAncestor(sha, pull.head) : pull.head === sha,
      );
      return ok(open.map((pull) => listedPullOf(world, pull)));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/pulls$`),
    ({ world, query }) => {
      const [state, base, head] = [query.get('state') ?? 'open', query.get('base'), query.get('head')];
      const found = [...world.pulls.values()].filter(
        (pull) =>
          (state === 'all' || pull.state === state) &&
          (base === null || pull.baseRef === base) &&
          (head === null || `${pull.headOwner}:${pull.headRef}` === head),
      );
      return ok(page(found.toReversed(), query).map((pull) => listedPullOf(world, pull)));
    },
  ],
  [
    'POST',
    new RegExp(`^${R}/pulls$`),
    ({ world, deeds, body, login }) => {
      const number = deeds.openPullRequest(login, {
        title: body.title,
        body: body.body,
        head: body.head,
        base: body.base,
        draft: body.draft,
      });
      return pullAnswer(world, number, 201);
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/pulls/(\\d+)$`),
    ({ world }, number) => {
      const pull = world.pulls.get(Number(number));
      if (!pull) return notFound();
      const answer = ok(pullOf(world, pull));
      // The trial merge is made in the background after the first request.
      if (pull.state === 'open' && !isTried(world, pull)) tryMerge(world, pull);
      return answer;
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/pulls/(\\d+)/files$`),
    ({ world, query }, number) => {
      const pull = world.pulls.get(Number(number));
      if (!pull) return notFound();
      const files = world.repository.changes(world.repository.mergeBase(pull.base, pull.head), pull.head);
      return ok(page(files.slice(0, 3000), query).map((file) => fileOf(world, pull.head, file)));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/pulls/(\\d+)/commits$`),
    ({ world, query }, number) => {
      const pull = world.pulls.get(Number(number));
      if (!pull) return notFound();
      // As in GitHub: the first 250, without any note.
      const commits = world.repository.commitsBetween(pull.base, pull.head).slice(0, 250);
      return ok(page(commits, query).map((sha) => commitOf(world, sha)));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/pulls/(\\d+)/reviews$`),
    ({ world, query }, number) => {
      const found = world.reviews.filter(({ pull }) => pull === Number(number));
      return ok(page(found, query).map((review) => reviewOf(world, review)));
    },
  ],
  [
    'PUT',
    new RegExp(`^${R}/pulls/(\\d+)/merge$`),
    ({ deeds, body, login }, number) => {
      const merged = deeds.mergePullRequest(Number(number), login, body.merge_method);
      if ('refused' in merged) return { status: 405, json: { message: merged.refused } };
      return ok({ sha: merged.sha, merged: true, message: 'Pull Request successfully merged' });
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/issues/(\\d+)/comments$`),
    ({ world, query }, number) => {
      const found = [...world.comments.values()].filter(({ issue }) => issue === Number(number));
      return ok(page(found, query).map((comment) => commentOf(world, comment)));
    },
  ],
  [
    'POST',
    new RegExp(`^${R}/issues/(\\d+)/comments$`),
    ({ world, deeds, body, login }, number) => {
      if (!world.pulls.has(Number(number))) return notFound();
      if (body.body.length > 65_536)
        return invalid('Validation Failed: body is too long (maximum is 65536 characters)');
      const id = deeds.comment(Number(number), login, body.body);
      const comment = world.comments.get(id);
      return comment ? ok(commentOf(world, comment), 201) : notFound();
    },
  ],
  [
    'PATCH',
    new RegExp(`^${R}/issues/comments/(\\d+)$`),
    ({ world, body }, id) => {
      const comment = world.comments.get(Number(id));
      if (!comment) return notFound();
      if (body.body.length > 65_536)
        return invalid('Validation Failed: body is too long (maximum is 65536 characters)');
      Object.assign(comment, { body: body.body, updatedAt: world.now() });
      return ok(commentOf(world, comment));
    },
  ],
];

function pullAnswer(world: World, number: number, status: number): Answer {
  const pull = world.pulls.get(number);
  return pull ? ok(pullOf(world, pull), status) : notFound();
}
