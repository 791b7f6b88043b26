import type { FileFacts, PresentFile } from '../../domain/facts.ts';
import { directivesOf } from '../../domain/redis-conf.ts';
import { SECRET_DIRECTIVES } from '../../domain/directives.ts';
import { Secret, SensitiveText } from '../../domain/secret.ts';
import { figure, type About, type Fact } from '../fact.ts';

/** Managed files with their content, folders, and what Redis left in its data directory. Links are not followed. */
export const filesFact: Fact<ReadonlyMap<string, FileFacts>> = {
  script: `
    stat --printf='F\\t%n\\t%F\\t%U\\t%G\\t%a\\t%s\\n' -- "$conf" "$dropin" "$dir" "$dir"/appendonlydir "$dir"/*.rdb "$dir"/appendonlydir/*
    for file in "$conf" "$dropin"; do
      [ -f "$file" ] || continue
      printf 'H\\t%s\\t%s\\n' "$file" "$(sha256sum <"$file" | cut -c1-64)"
      [ "$(stat -c %s -- "$file")" -le 1048576 ] && printf 'C\\t%s\\t%s\\n' "$file" "$(base64 -w0 <"$file")"
    done`,
  parse(stdout, about) {
    const files = new Map<string, FileFacts>();
    const { node } = about;
    for (const path of [node.redisConf.path, node.dropIn.path, ...node.directories.map((each) => each.path)])
      files.set(path, { exists: false });
    for (const line of stdout.split('\n')) addLine(line.split('\t'), files, about);
    return files;
  },
};

function addLine([kind, path = '', ...words]: readonly string[], files: Map<string, FileFacts>, about: About): void {
  if (kind === 'F') files.set(path, present(words));
  const known = files.get(path);
  if (!known?.exists) return;
  if (kind === 'H') files.set(path, { ...known, sha256: words[0] ?? '' });
  if (kind === 'C') files.set(path, { ...known, content: contentOf(words[0] ?? '', about) });
}

function present([type = '', owner = '', group = '', mode = '', size]: readonly string[]): PresentFile {
  const kind = type === 'directory' ? 'directory' : type.startsWith('regular') ? 'file' : 'other';
  return { exists: true, type: kind, owner, group, mode, size: figure(size) };
}

/** What is a secret in the node’s own file is one, too, also where Git has another. */
function contentOf(base64: string, { secrets }: About): SensitiveText {
  const plain = Buffer.from(base64, 'base64').toString('utf8');
  const own = directivesOf(new SensitiveText(plain))
    .filter(({ name, value }) => SECRET_DIRECTIVES.has(name) && name !== 'user' && value !== '')
    .map(({ value }) => new Secret(value));
  return new SensitiveText(plain, [...secrets, ...own]);
}
