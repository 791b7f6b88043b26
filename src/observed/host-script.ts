import { AS_REDIS } from '../domain/redis/as-redis.ts';
import type { DesiredNode } from '../domain/desired.ts';
import { inOrder, type Facts, type Readings } from './facts/facts.ts';
import { original, previous } from '../domain/file-origin.ts';
import { neededFiles } from '../domain/unit/needed-files.ts';
import { placeOf, serverOf } from '../domain/server/server.ts';
import { fragment, sh, type Script } from '../domain/shell.ts';

/** One script for all facts: one round trip. $1 is a random marker that no fact can print. */
export function hostScript(facts: Facts): Script {
  const sections = inOrder(facts).flatMap((name) => {
    const fact = facts[name];
    if (!fact) throw new Error(`there is no fact ${name}`);
    return [fragment`printf '\n%s %s\n' "$marker" ${name}`, fact.script];
  });
  return sh`
export LC_ALL=C
# shellcheck disable=SC2034 # one fact alone does not need all of them
marker=$1 unit=$2 package=$3 directory=$4 log=$5 conf=$6 dropin=$7 port=$8 aclfile=$9
shift 9
${AS_REDIS}
${sections}
printf '\n%s end\n' "$marker"
`;
}

export function hostParameters(node: DesiredNode, log: string): readonly string[] {
  const { unit, redisPort, packageName, dataDirectory, redisConf, dropIn } = node;
  const aclFile = redisConf.content.get('aclfile') ?? '';
  const files = [redisConf.path, dropIn.path];
  return [unit, packageName, dataDirectory, log, ...files, String(redisPort), aclFile, ...desiredPaths(node)];
}

/** Every file and directory that the desired state names, and what the files replaced. */
export function desiredPaths({ directories, redisConf, dropIn }: DesiredNode): readonly string[] {
  const files = [redisConf.path, dropIn.path];
  const replaced = files.flatMap((path) => [original(path), previous(path)]);
  const needed = neededFiles(redisConf.content).map(({ path }) => path);
  const aclFile = redisConf.content.get('aclfile') ?? '';
  const aclFiles = aclFile === '' ? [] : [aclFile];
  return [...new Set([...directories.map(({ path }) => path), ...files, ...replaced, ...needed, ...aclFiles])];
}

/** The log’s place in Git: a path, or empty for the journal. */
export function desiredLog(node: DesiredNode): string {
  return node.redisConf.content.get('logfile') ?? placeOf(serverOf(node)).logFile;
}

/** Applies each fact’s parser to its output. @throws Error if the script did not finish, or a parser fails. */
export function readingsOf<F extends Facts>(facts: F, stdout: string, marker: string): Readings<F> {
  const sections = sectionsOf(stdout, marker);
  const read = Object.entries(facts).map(([name, fact]) => [name, fact.parse(sections.get(name) ?? '')]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each name with what its own parser answers.
  return Object.fromEntries(read) as Readings<F>;
}

/** Splits the output by fact. @throws Error if the script did not finish. */
export function sectionsOf(stdout: string, marker: string): ReadonlyMap<string, string> {
  const [, ...parts] = stdout.split(`\n${marker} `);
  const sections = new Map(
    parts.map((part): [string, string] => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
  if (!sections.has('end')) throw new Error('the script did not come to its end');
  return sections;
}
