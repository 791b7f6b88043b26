import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startAnswering } from './scripted-server.ts';

/**
 * GitHub’s endpoints for trees, blobs and comparisons over a real Git repository, for cases that ready-made stand-ins
 * get wrong.
 */
export interface GitStandIn {
  url: string;
  /** Requested paths. */
  asked: string[];
  /** Writes the files (null: removes) and commits. A value `→ target` is a symbolic link. */
  commit(files: Readonly<Record<string, string | null>>): string;
  /** A submodule at the path. */
  commitSubmodule(path: string): string;
  close(): Promise<void>;
}

export async function startGitStandIn({ truncates = false } = {}): Promise<GitStandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'redisops-git-'));
  const git = (...parameters: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
  git('init', '--quiet', '--initial-branch=main');

  const tree = (hash: string, recursive: boolean) => {
    const all = git('ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), hash).split('\0');
    const entries = all.filter((line) => line !== '').map(parseEntry);
    const cut = truncates && recursive;
    return { sha: hash, tree: cut ? entries.slice(0, 1) : entries, truncated: cut };
  };
  const compare = (range: string) => {
    const [base = '', head = ''] = range.split('...');
    const parted = git('merge-base', base, head).trim();
    const lines = git('diff', '--name-status', '-M', '-z', parted, head).split('\0');
    const files = [...namesOf(lines)].slice(0, 300);
    return { merge_base_commit: { sha: parted }, files };
  };

  const server = await startAnswering((path) => {
    const [, kind = '', rest = ''] = /^\/repos\/acme\/infra\/(git\/trees|git\/blobs|compare)\/(.+)$/.exec(path) ?? [];
    const [name = '', query = ''] = rest.split('?');
    if (kind === 'git/trees') return { json: tree(name, query.includes('recursive=1')) };
    if (kind === 'compare') return { json: compare(decodeURIComponent(name)) };
    if (kind === 'git/blobs') {
      const bytes = execFileSync('git', ['-C', folder, 'cat-file', 'blob', name], { maxBuffer: 64 * 1024 * 1024 });
      return { json: { sha: name, encoding: 'base64', content: bytes.toString('base64') } };
    }
    return { status: 404, json: { message: 'Not Found' } };
  });

  const write = (path: string, text: string | null): void => {
    const place = join(folder, path);
    rmSync(place, { recursive: true, force: true });
    if (text === null) return;
    mkdirSync(dirname(place), { recursive: true });
    if (text.startsWith('→ ')) symlinkSync(text.slice(2), place);
    else writeFileSync(place, text, 'latin1');
  };
  const save = (): string => {
    git('commit', '--quiet', '--allow-empty', '-m', 'change');
    return git('rev-parse', 'HEAD').trim();
  };
  return {
    url: server.url,
    asked: server.asked,
    commit(files) {
      for (const [path, text] of Object.entries(files)) write(path, text);
      git('add', '--all');
      return save();
    },
    commitSubmodule(path) {
      git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD').trim()},${path}`);
      return save();
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** `<mode> <type> <hash> <size or ->\t<path>` */
function parseEntry(line: string) {
  const [, mode = '', type = '', sha = '', size = '', path = ''] =
    /^(\d+) (\w+) (\w+)\s+(\S+)\t(.*)$/s.exec(line) ?? [];
  return { path, mode, type, sha, ...(size === '-' ? {} : { size: Number(size) }) };
}

function* namesOf(fields: readonly string[]) {
  for (let at = 0; at < fields.length - 1;) {
    const status = fields[at] ?? '';
    const renamed = status.startsWith('R');
    const filename = fields[at + (renamed ? 2 : 1)] ?? '';
    yield renamed ? { filename, status: 'renamed', previous_filename: fields[at + 1] } : { filename, status };
    at += renamed ? 3 : 2;
  }
}
