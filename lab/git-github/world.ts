import { gitRepository, type GitRepository } from './git.ts';
import type { Annotation } from './json.ts';

export type Permission = 'admin' | 'write' | 'read' | 'none';

export interface Pull {
  number: number;
  title: string;
  body: string;
  author: string;
  /** `acme`, or the fork’s owner. */
  headOwner: string;
  headRef: string;
  head: string;
  baseRef: string;
  /** The base’s tip at the last push to the pull request. */
  base: string;
  draft: boolean;
  state: 'open' | 'closed';
  merged: { sha: string; by: string } | null;
  /** GitHub’s trial merge in the background: its result, and its two commits. */
  trial: { head: string; base: string; sha: string | null } | null;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
}

export interface Comment {
  id: number;
  issue: number;
  login: string;
  body: string;
  minimized: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Review {
  id: number;
  pull: number;
  login: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  head: string;
  submittedAt: string;
}

export interface CheckRun {
  id: number;
  name: string;
  head: string;
  status: string;
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  detailsUrl: string | null;
  annotations: Annotation[];
  startedAt: string;
  completedAt: string | null;
}

export interface Status {
  id: number;
  sha: string;
  context: string;
  state: string;
  description: string | null;
  targetUrl: string | null;
  login: string;
  createdAt: string;
}

export interface Deployment {
  id: number;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  description: string | null;
  payload: unknown;
  login: string;
  createdAt: string;
  statuses: DeploymentStatus[];
}

export interface DeploymentStatus {
  id: number;
  state: string;
  description: string;
  logUrl: string;
  createdAt: string;
}

/** A repository and everything attached to it. */
export interface World {
  owner: string;
  name: string;
  repository: GitRepository;
  people: Map<string, Permission>;
  pulls: Map<number, Pull>;
  comments: Map<number, Comment>;
  reviews: Review[];
  checks: Map<number, CheckRun>;
  statuses: Status[];
  deployments: Map<number, Deployment>;
  nextId(): number;
  now(): string;
}

export function newWorld(owner: string, name: string): World {
  const repository = gitRepository();
  let id = 1000;
  const first = repository.commit(null, { 'README.md': `# ${name}\n` }, 'Initial commit', 'alice');
  repository.setRef('refs/heads/main', first);
  return {
    owner,
    name,
    repository,
    people: new Map([
      ['alice', 'admin'],
      ['redisops-bot', 'write'],
    ]),
    pulls: new Map(),
    comments: new Map(),
    reviews: [],
    checks: new Map(),
    statuses: [],
    deployments: new Map(),
    nextId: () => (id += 1),
    now: () => `${new Date().toISOString().slice(0, 19)}Z`,
  };
}

export function tipOf({ repository }: World, branch: string): string {
  const tip = repository.resolve(`refs/heads/${branch}`);
  if (tip === null) throw new Error(`there is no branch ${branch}`);
  return tip;
}

/** Where the head’s commits are stored: a fork’s branches are separate. */
export function headRefOf({ owner }: World, { headOwner, headRef }: Pick<Pull, 'headOwner' | 'headRef'>): string {
  return headOwner === owner ? `refs/heads/${headRef}` : `refs/forks/${headOwner}/${headRef}`;
}

/** GitHub’s background work: tries the merge, and stores the result under `refs/pull/N/merge`. */
export function tryMerge(world: World, pull: Pull): void {
  const { repository } = world;
  const base = tipOf(world, pull.baseRef);
  const tree = repository.mergedTree(base, pull.head);
  const message = `Merge ${pull.head} into ${base}`;
  const sha = tree === null ? null : repository.commitOfTree(tree, [base, pull.head], message, 'github');
  if (sha !== null) repository.setRef(`refs/pull/${pull.number}/merge`, sha);
  pull.trial = { head: pull.head, base, sha };
}

/** Whether the trial is about the current two commits. */
export function isTried(world: World, { trial, head, baseRef }: Pull): boolean {
  return trial !== null && trial.head === head && trial.base === tipOf(world, baseRef);
}

export function associationOf({ people, owner }: World, login: string): string {
  const permission = people.get(login) ?? 'none';
  if (login === owner) return 'OWNER';
  if (permission === 'admin') return 'MEMBER';
  return permission === 'none' ? 'NONE' : 'COLLABORATOR';
}
