import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RedisopsError } from '../../domain/error.ts';
import { isCommitName } from '../../domain/git/commit-name.ts';
import type { ConfigSource } from '../../ports/git.ts';
import { commitSource } from './commit-source.ts';
import { kindOf, listedTree, type TreeEntry } from './tree.ts';

/** The commits of a checkout’s Git repository. */
export interface LocalCommits {
  /** The checked-out commit; null if the folder has no Git repository, or Git fails. */
  head(): Promise<string | null>;
  /** Whether the commit is the head or one of its ancestors. */
  isAncestor(commit: string): Promise<boolean>;
  /** Paths are relative to the folder. Reading fails with CONFIG_MISSING if Git fails. */
  at(commit: string): ConfigSource;
}

const TIME_LIMIT_MS = 30_000;
/** Large enough for a monorepo’s tree. */
const LONGEST_OUTPUT = 256 * 1024 * 1024;

export function localCommits(folder: string): LocalCommits {
  const git = (...words: readonly string[]): Promise<Buffer> => runGit(folder, words);
  return {
    async head() {
      const text = await git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch(() => null);
      const commit = text?.toString('utf8').trim() ?? '';
      return isCommitName(commit) ? commit : null;
    },
    async isAncestor(commit): Promise<boolean> {
      if (!isCommitName(commit)) return false;
      return git('merge-base', '--is-ancestor', commit, 'HEAD').then(
        () => true,
        () => false,
      );
    },
    at(commit) {
      const failed = (cause: unknown): never => {
        throw new RedisopsError('CONFIG_MISSING', `Git cannot read commit ${commit.slice(0, 12)} in ${folder}.`, {
          cause,
          hint: 'Fetch it, or name another checkout with --repo PATH.',
        });
      };
      return commitSource(commit, {
        tree: async () => listedTree(entriesOf(await git('ls-tree', '-r', '-t', '-l', '-z', commit).catch(failed))),
        blob: (sha) => git('cat-file', 'blob', sha).catch(failed),
      });
    },
  };
}

/** The repository’s own settings must not start a program. */
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

async function runGit(folder: string, words: readonly string[]): Promise<Buffer> {
  // Set inside Git hooks: these would select another repository.
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...environment } = process.env;
  const { stdout } = await promisify(execFile)('git', ['-C', folder, ...SAFE, ...words], {
    encoding: 'buffer',
    timeout: TIME_LIMIT_MS,
    maxBuffer: LONGEST_OUTPUT,
    env: { ...environment, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  });
  return stdout;
}

/** Parses `100644 blob SHA SIZE<tab>PATH`, each terminated by NUL; folders have size `-`. */
function entriesOf(listing: Buffer): readonly TreeEntry[] {
  return listing
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', sha = '', size = '', path = ''] =
        /^(\d{6}) \w+ ([0-9a-f]+) +(\d+|-)\t(.+)$/s.exec(line) ?? [];
      return path === '' ? [] : [{ path, kind: kindOf(mode), sha, size: size === '-' ? 0 : Number(size) }];
    });
}
