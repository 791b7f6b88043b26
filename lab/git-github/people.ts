import { WEB_FLOW, type Files } from './git.ts';
import type { News } from './payloads.ts';
import type { Deeds } from './route.ts';
import { headRefOf, tipOf, tryMerge, type Pull, type Review, type World } from './world.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** Actions of people on GitHub and their consequences: moved refs, outdated trial merges, webhooks. */
export interface People extends Deeds {
  /** Pushes to a branch without a pull request. */
  push(branch: string, files: Files, message: string, by?: string): string;
  forcePush(branch: string, sha: string, by?: string): void;
  /** Creates a branch of `from` with the files changed, and a pull request for it. `fork`: its owner. */
  propose(asked: { title: string; files: Files; by?: string; fork?: string; draft?: boolean; base?: string }): number;
  /** Another commit on the pull request’s branch; by its author unless said otherwise. */
  pushTo(number: number, files: Files, commit?: { author?: string; committer?: string; message?: string }): string;
  merge(number: number, method?: MergeMethod, by?: string): string;
  /** Adds it to the merge queue: a group on the branch’s tip. Returns the group’s commit. */
  enqueue(number: number): string;
  /** A review of the head as it is. */
  review(number: number, by: string, state?: Review['state']): void;
  close(number: number): void;
  reopen(number: number): void;
  setDraft(number: number, draft: boolean): void;
}

export function people(world: World, tell: (news: News) => void): People {
  const { repository } = world;
  const pullOf = (number: number): Pull => {
    const pull = world.pulls.get(number);
    if (!pull) throw new Error(`there is no pull request ${number}`);
    return pull;
  };
  const change = (pull: Pull, fields: Partial<Pull>): void =>
    void Object.assign(pull, fields, { updatedAt: world.now() });
  const moved = (branch: string, before: string, after: string, by: string, forced = false): void =>
    tell({ event: 'push', branch, before, after, forced, sender: by });

  const headMoved = (pull: Pull, head: string, by: string): void => {
    const before = pull.head;
    repository.setRef(`refs/pull/${pull.number}/head`, head);
    change(pull, { head, base: tipOf(world, pull.baseRef) });
    tell({ event: 'pull_request', action: 'synchronize', pull, sender: by, range: { before, after: head } });
  };

  const people: People = {
    push(branch, files, message, by = 'alice') {
      const before = tipOf(world, branch);
      const after = repository.commit(before, files, message, by);
      repository.setRef(`refs/heads/${branch}`, after);
      moved(branch, before, after, by);
      return after;
    },
    forcePush(branch, sha, by = 'alice') {
      const before = tipOf(world, branch);
      repository.setRef(`refs/heads/${branch}`, sha);
      moved(branch, before, sha, by, true);
    },
    put(branch, path, text, message, by) {
      const pull = [...world.pulls.values()].find(
        ({ state, headOwner, headRef }) => state === 'open' && headOwner === world.owner && headRef === branch,
      );
      const head = people.push(branch, { [path]: text }, message, by);
      if (pull) headMoved(pull, head, by);
      return head;
    },
    propose({ title, files, by = 'alice', fork = world.owner, draft = false, base = 'main' }) {
      const headRef = `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${world.nextId()}`;
      const head = repository.commit(tipOf(world, base), files, title, by);
      repository.setRef(headRefOf(world, { headOwner: fork, headRef }), head);
      return people.openPullRequest(by, { title, body: '', head: `${fork}:${headRef}`, base, draft });
    },
    openPullRequest(by, { title, body, head: label, base, draft }) {
      const [headOwner = '', headRef = ''] = label.includes(':') ? label.split(':') : [world.owner, label];
      const head = repository.resolve(headRefOf(world, { headOwner, headRef }));
      if (head === null) throw new Error(`there is no ${label}`);
      const number = world.pulls.size + 1;
      const now = world.now();
      const pull: Pull = {
        number,
        title,
        body,
        author: by,
        headOwner,
        headRef,
        head,
        baseRef: base,
        base: tipOf(world, base),
        draft,
        state: 'open',
        merged: null,
        trial: null,
        createdAt: now,
        updatedAt: now,
        closedAt: null,
      };
      world.pulls.set(number, pull);
      repository.setRef(`refs/pull/${number}/head`, head);
      tell({ event: 'pull_request', action: 'opened', pull, sender: by });
      return number;
    },
    pushTo(number, files, { author, committer, message } = {}) {
      const pull = pullOf(number);
      const before = pull.head;
      const by = author ?? pull.author;
      const head = repository.commit(before, files, message ?? `More of ${pull.title}`, by, committer ?? by);
      repository.setRef(headRefOf(world, pull), head);
      headMoved(pull, head, pull.author);
      return head;
    },
    mergePullRequest(number, by, method) {
      const pull = pullOf(number);
      const base = tipOf(world, pull.baseRef);
      if (pull.state !== 'open' || pull.draft) return { refused: 'Pull Request is not mergeable' };
      const sha = mergedAs(world, pull, base, method, by);
      if (sha === null) return { refused: 'Pull Request is not mergeable' };
      repository.setRef(`refs/heads/${pull.baseRef}`, sha);
      change(pull, { state: 'closed', merged: { sha, by }, closedAt: world.now() });
      moved(pull.baseRef, base, sha, by);
      tell({ event: 'pull_request', action: 'closed', pull, sender: by });
      return { sha };
    },
    merge(number, method = 'merge', by = 'alice') {
      const merged = people.mergePullRequest(number, by, method);
      if ('refused' in merged) throw new Error(merged.refused);
      return merged.sha;
    },
    enqueue(number) {
      const pull = pullOf(number);
      const base = tipOf(world, pull.baseRef);
      const sha = mergedAs(world, pull, base, 'merge', 'github-merge-queue[bot]');
      if (sha === null) throw new Error(`${number} does not merge`);
      const branch = `gh-readonly-queue/${pull.baseRef}/pr-${number}-${base}`;
      repository.setRef(`refs/heads/${branch}`, sha);
      tell({ event: 'merge_group', action: 'checks_requested', branch, pull, base, head: sha, sender: pull.author });
      return sha;
    },
    review(number, by, state = 'APPROVED') {
      const pull = pullOf(number);
      const submittedAt = world.now();
      world.reviews.push({ id: world.nextId(), pull: number, login: by, state, head: pull.head, submittedAt });
      change(pull, {});
    },
    close(number) {
      change(pullOf(number), { state: 'closed', closedAt: world.now() });
      tell({ event: 'pull_request', action: 'closed', pull: pullOf(number), sender: 'alice' });
    },
    reopen(number) {
      change(pullOf(number), { state: 'open', closedAt: null });
      tell({ event: 'pull_request', action: 'reopened', pull: pullOf(number), sender: 'alice' });
    },
    setDraft(number, draft) {
      change(pullOf(number), { draft });
      tell({
        event: 'pull_request',
        action: draft ? 'converted_to_draft' : 'ready_for_review',
        pull: pullOf(number),
        sender: 'alice',
      });
    },
    comment(number, by, body) {
      const id = world.nextId();
      const now = world.now();
      const comment = { id, issue: number, login: by, body, minimized: null, createdAt: now, updatedAt: now };
      world.comments.set(id, comment);
      tell({ event: 'issue_comment', action: 'created', pull: pullOf(number), comment, sender: by });
      return id;
    },
  };
  return people;
}

/** Null if they conflict. */
function mergedAs(world: World, pull: Pull, base: string, method: string, by: string): string | null {
  const { repository } = world;
  if (method === 'rebase') return repository.rebased(base, pull.head);
  tryMerge(world, pull);
  const tree = repository.mergedTree(base, pull.head);
  if (tree === null) return null;
  const title = method === 'squash' ? `${pull.title} (#${pull.number})` : `Merge pull request #${pull.number}`;
  // GitHub signs a squashed commit in the name of the pull request’s author.
  const author = method === 'squash' ? pull.author : by;
  return repository.commitOfTree(tree, method === 'squash' ? [base] : [base, pull.head], title, author, WEB_FLOW);
}
