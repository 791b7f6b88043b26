import { asShape, type Shape } from './json.ts';
import { example } from './openapi.ts';
import { commitAt, invalid, notFound, ok, page, R, type Route } from './route.ts';
import type { World } from './world.ts';
import { branchOf, shortBranchOf, commitOf, comparisonOf, gitCommitOf, treeOf } from './shapes.ts';

/** Branches, commits, trees and files. */
export const GIT_ROUTES: readonly Route[] = [
  [
    'GET',
    new RegExp(`^${R}/branches$`),
    ({ world, query }) => {
      const names = world.repository.git('for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads').split('\n');
      const there = names.filter((name) => name !== '');
      return ok(page(there, query).map((name) => shortBranchOf(world, name)));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/branches/(.+)$`),
    ({ world }, name) => {
      const tip = world.repository.resolve(`refs/heads/${name}`);
      return tip === null ? notFound('Branch not found') : ok(branchOf(world, name ?? '', tip));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/git/trees/(\\w+)$`),
    ({ world, query }, sha = '') => ok(treeOf(world, sha, query.has('recursive'))),
  ],
  [
    'GET',
    new RegExp(`^${R}/git/blobs/(\\w+)$`),
    ({ world }, sha = '') => {
      const bytes = world.repository.blob(sha);
      const url = `https://api.github.com${R}/git/blobs/${sha}`;
      return ok({
        content: bytes.toString('base64'),
        encoding: 'base64',
        url,
        sha,
        size: bytes.length,
        node_id: `B_${sha}`,
      });
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/git/commits/(\\w+)$`),
    ({ world }, sha = '') => {
      const found = world.repository.resolve(sha);
      return found === null ? notFound() : ok(gitCommitOf(world, found));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/compare/(.+)\\.\\.\\.(.+)$`),
    ({ world, query }, base = '', head = '') => {
      const [from, to] = [commitAt(world, base), commitAt(world, head)];
      return from === null || to === null ? notFound() : ok(comparisonOf(world, from, to, query));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/commits$`),
    ({ world, query }) => {
      const tip = commitAt(world, query.get('sha') ?? 'main');
      if (tip === null) return notFound();
      const all = world.repository.git('rev-list', tip).split('\n');
      return ok(page(all, query).map((sha) => commitOf(world, sha)));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/commits/(.+)$`),
    ({ world }, name = '') => {
      const found = commitAt(world, name);
      return found === null ? invalid(`No commit found for SHA: ${name}`) : ok(commitOf(world, found, true));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/contents/(.+)$`),
    ({ world, query }, path = '') => {
      const at = commitAt(world, query.get('ref') ?? 'main');
      const sha = at === null ? '' : blobAt(world, at, path);
      if (sha === '') return notFound();
      const url = `https://api.github.com${R}/contents/${path}`;
      const bytes = world.repository.blob(sha);
      const content = bytes.toString('base64');
      return ok({
        type: 'file',
        encoding: 'base64',
        size: bytes.length,
        name: path.split('/').at(-1),
        path,
        content,
        sha,
        url,
        git_url: url,
        html_url: url,
        download_url: url,
        _links: { git: url, self: url, html: url },
      });
    },
  ],
  [
    'PUT',
    new RegExp(`^${R}/contents/(.+)$`),
    ({ world, deeds, body, login }, path = '') => {
      const there = blobAt(world, `refs/heads/${body.branch}`, path);
      if (there !== body.sha) return { status: 409, json: { message: `${path} does not match ${body.sha}` } };
      const text = Buffer.from(body.content, 'base64').toString('utf8');
      const sha = deeds.put(body.branch, path, text, body.message, login);
      return ok({ ...asShape(example('file-commit')), content: null, commit: gitCommitOf(world, sha) }, 201);
    },
  ],
  [
    'POST',
    new RegExp(`^${R}/git/refs$`),
    ({ world, body }) => {
      if (world.repository.resolve(body.ref) !== null) return invalid('Reference already exists');
      world.repository.setRef(body.ref, body.sha);
      return ok(refOf(body.ref, body.sha), 201);
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/git/matching-refs/(.+)$`),
    ({ world }, name = '') => {
      const lines = world.repository.git('for-each-ref', '--format=%(refname) %(objectname)').split('\n');
      const found = lines.filter((line) => line.startsWith(`refs/${name}`)).map((line) => line.split(' '));
      return ok(found.map(([ref = '', sha = '']) => refOf(ref, sha)));
    },
  ],
  [
    'GET',
    new RegExp(`^${R}/git/ref/(.+)$`),
    ({ world }, name = '') => {
      const sha = world.repository.resolve(`refs/${name}`);
      return sha === null ? notFound() : ok(refOf(`refs/${name}`, sha));
    },
  ],
  [
    'PATCH',
    new RegExp(`^${R}/git/refs/(.+)$`),
    ({ world, body }, name = '') => {
      const ref = `refs/${name}`;
      const before = world.repository.resolve(ref);
      if (before === null) return invalid('Reference does not exist');
      if (!body.force && !world.repository.isAncestor(before, body.sha)) return invalid('Update is not a fast forward');
      world.repository.setRef(ref, body.sha);
      return ok(refOf(ref, body.sha));
    },
  ],
  [
    'DELETE',
    new RegExp(`^${R}/git/refs/(.+)$`),
    ({ world }, name = '') => {
      world.repository.git('update-ref', '-d', `refs/${name}`);
      return ok(null, 204);
    },
  ],
];

/** Empty where there is no file. */
function blobAt({ repository }: World, commit: string, path: string): string {
  return /^\d+ blob (\w+)\t/.exec(repository.git('ls-tree', commit, '--', path))?.[1] ?? '';
}

function refOf(ref: string, sha: string): Shape {
  return {
    ...asShape(example('git-ref')),
    ref,
    object: { type: 'commit', sha, url: `https://api.github.com${R}/git/commits/${sha}` },
  };
}
