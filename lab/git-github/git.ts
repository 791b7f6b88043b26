import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitIn } from './run-git.ts';

/** By path: the new text, or null for a file that goes. A text `→ target` makes a symbolic link. */
export type Files = Readonly<Record<string, string | null>>;

export interface ChangedFile {
  status: 'added' | 'modified' | 'removed' | 'renamed';
  filename: string;
  previous?: string;
  blob: string;
  additions: number;
  deletions: number;
}

/** A bare Git repository: forks and pull requests are refs of it, as GitHub keeps them in one network of objects. */
export interface GitRepository {
  git(...parameters: readonly string[]): string;
  /** The raw bytes of a blob. */
  blob(sha: string): Buffer;
  /** Null where there is no such ref or commit. */
  resolve(name: string): string | null;
  setRef(ref: string, sha: string): void;
  /**
   * A commit over `parent` that changes the files. Author and committer: a login, or `Name <email>` for an email that
   * no account has.
   */
  commit(parent: string | null, files: Files, message: string, author: string, committer?: string): string;
  commitOfTree(tree: string, parents: readonly string[], message: string, author: string, committer?: string): string;
  /** Tree of both sides merged; null where they conflict. */
  mergedTree(base: string, head: string): string | null;
  /** The commits of `head` that `base` lacks, one by one on top of it; null where they conflict. */
  rebased(base: string, head: string): string | null;
  mergeBase(one: string, other: string): string;
  isAncestor(commit: string, of: string): boolean;
  changes(from: string, to: string): readonly ChangedFile[];
  /** Oldest first: those in `to` but not in `from`. */
  commitsBetween(from: string, to: string): readonly string[];
  remove(): void;
}

export function gitRepository(): GitRepository {
  const folder = mkdtempSync(join(tmpdir(), 'redisops-github-'));
  const run = gitIn(folder, signature('stand-in'));
  const git = (...parameters: readonly string[]): string => run(parameters).toString('utf8').trim();
  const quiet = (...parameters: readonly string[]): string | null => {
    try {
      return git(...parameters);
    } catch {
      return null;
    }
  };
  git('init', '--quiet', '--bare', '--initial-branch=main');

  const commitOfTree: GitRepository['commitOfTree'] = (tree, parents, message, author, committer = author) =>
    run(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], {
      input: message,
      environment: signature(author, committer),
    })
      .toString('utf8')
      .trim();

  return {
    git,
    blob: (sha) => run(['cat-file', 'blob', sha]),
    resolve: (name) => (name.startsWith('-') ? null : quiet('rev-parse', '--verify', '--quiet', `${name}^{commit}`)),
    setRef: (ref, sha) => void git('update-ref', ref, sha),
    commit: (parent, files, message, author, committer = author) =>
      run(['fast-import', '--quiet', '--force', '--date-format=now'], {
        input: importOf(parent, files, message, { author, committer }),
      })
        .toString('utf8')
        .trim(),
    commitOfTree,
    mergedTree: (base, head) => quiet('merge-tree', '--write-tree', base, head)?.split('\n')[0] ?? null,
    rebased(base, head) {
      const work = mkdtempSync(join(tmpdir(), 'redisops-rebase-'));
      try {
        git('worktree', 'add', '--quiet', '--detach', '--force', work, head);
        execFileSync('git', ['-C', work, 'rebase', '--quiet', base], {
          stdio: 'ignore',
          env: { ...process.env, ...signature('github', WEB_FLOW) },
        });
        return execFileSync('git', ['-C', work, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
      } catch {
        return null;
      } finally {
        git('worktree', 'remove', '--force', work);
      }
    },
    mergeBase: (one, other) => git('merge-base', one, other),
    isAncestor: (commit, of) => quiet('merge-base', '--is-ancestor', commit, of) !== null,
    changes: (from, to) => [...changedFiles(git('diff', '--raw', '--numstat', '-M', '-z', '--no-abbrev', from, to))],
    commitsBetween: (from, to) => git('rev-list', '--reverse', `${from}..${to}`).split('\n').filter(Boolean),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One commit for `git fast-import`, which writes its name. The ref is nobody’s: commits become refs by `setRef`. */
function importOf(
  parent: string | null,
  files: Files,
  message: string,
  { author, committer }: { author: string; committer: string },
): string {
  const changes = Object.entries(files).flatMap(([path, text]) => {
    // Removed first, because a folder may become a file.
    const remove = parent === null ? [] : [`D ${pathOf(path)}`];
    if (text === null) return remove;
    const link = text.startsWith('→ ');
    return [...remove, `M ${link ? '120000' : '100644'} inline ${pathOf(path)}`, dataOf(link ? text.slice(2) : text)];
  });
  return [
    'commit refs/imported',
    'mark :1',
    `author ${whole(author)} now`,
    `committer ${whole(committer)} now`,
    dataOf(message),
    ...(parent === null ? [] : [`from ${parent}`]),
    ...changes,
    '',
    'get-mark :1',
    'done',
    '',
  ].join('\n');
}

function pathOf(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** Of an App, too, whose login has brackets. */
export function emailOf(login: string): string {
  return `${login.replaceAll(/[^\w-]/g, '-')}@users.noreply.github.com`;
}

/** Who commits what people do in the browser. */
export const WEB_FLOW = 'GitHub <noreply@github.com>';

/** `Name <email>` of a login, or of someone without an account. */
function whole(person: string): string {
  return person.includes('<') ? person : `${person} <${emailOf(person)}>`;
}

function signature(author: string, committer = author): NodeJS.ProcessEnv {
  const [by, under] = [author, committer].map((person) => /^(.*) <(.*)>$/.exec(whole(person)));
  return {
    GIT_AUTHOR_NAME: by?.[1],
    GIT_AUTHOR_EMAIL: by?.[2],
    GIT_COMMITTER_NAME: under?.[1],
    GIT_COMMITTER_EMAIL: under?.[2],
  };
}

const STATES: Readonly<Record<string, ChangedFile['status']>> = { A: 'added', D: 'removed', R: 'renamed' };

/** First all `:mode mode blob blob status\0path[\0path]`, then all `added\tdeleted\tpath` (`\0old\0new` after a rename). */
function* changedFiles(output: string): Generator<ChangedFile> {
  const fields = output.split('\0');
  const files: Omit<ChangedFile, 'additions' | 'deletions'>[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':')) {
    const [, , before = '', after = '', state = 'M'] = (fields[at] ?? '').split(' ');
    const status = STATES[state[0] ?? ''] ?? 'modified';
    const renamed = status === 'renamed';
    const filename = fields[at + (renamed ? 2 : 1)] ?? '';
    const blob = status === 'removed' ? before : after;
    files.push({ status, filename, blob, ...(renamed ? { previous: fields[at + 1] ?? '' } : {}) });
    at += renamed ? 3 : 2;
  }
  for (const file of files) {
    const [additions, deletions] = (fields[at] ?? '').split('\t').map((figure) => Number(figure) || 0);
    yield { ...file, additions: additions ?? 0, deletions: deletions ?? 0 };
    at += file.status === 'renamed' ? 3 : 1;
  }
}
