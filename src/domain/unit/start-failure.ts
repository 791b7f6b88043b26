/** Messages that Redis prints before it exits: `296:M 23 Nov 2026 02:30:38.876 # …`, at its level for warnings. */
const OF_REDIS = /^\d+:[A-Z] .{10,40}? # (.*)$/;
/** Messages that end a start. Warnings about the kernel are printed at every start. */
const FAULT = /fail|fatal|error|can't|could not|cannot|abort|wrong|bad|short read|unable|denied|unknown/i;
const OF_THE_KERNEL = /^WARNING /;
const OF_CONFIGURATION = /FATAL CONFIG FILE ERROR/;
/** Lines that follow it; the last of them says why. */
const MOST_OF_CONFIGURATION = 3;
const MOST_OF_REDIS = 2;
const OF_SYSTEMD =
  /^\S+\.(?:service|mount|socket)(?: \S+)?: |^(?:Starting|Started|Stopping|Stopped|Failed to start|Dependency failed) /;
/** systemd could not run Redis at all. */
const NOT_RUN =
  /: (Failed to set up .*|Failed to (?:locate|determine|load|spawn|execute) .*|Failed at step .*)$|^(Dependency failed for .*)$/;
const START = /oO0OoO0OoO0Oo|^Starting /;

/**
 * Why a start failed, in the words of who failed: Redis on its configuration, Redis on its data or sockets, or systemd before
 * Redis ran. Null if none of them says it.
 * @param journal Lines of the unit’s journal, since just before the start.
 * @param log Lines of Redis’s log file; those before its last start are left out.
 */
export function startFailure(journal: readonly string[], log: readonly string[]): string | null {
  return ofConfiguration(journal) ?? ofRedis(sinceStart(log)) ?? ofRedis(journal) ?? ofSystemd(journal);
}

/** The last error that has its reason: of a start that just failed, the journal may have the headline only. */
function ofConfiguration(lines: readonly string[]): string | null {
  const reasons = lines.map((line, at) => (OF_CONFIGURATION.test(line) ? reasonOf(lines.slice(at + 1)) : []));
  const said = reasons.findLast((each) => each.length > 0);
  return said ? ['FATAL CONFIG FILE ERROR', ...said].map((line) => line.trim()).join(' · ') : null;
}

function reasonOf(rest: readonly string[]): readonly string[] {
  const end = rest.findIndex((line) => OF_SYSTEMD.test(line));
  return rest.slice(0, end === -1 ? MOST_OF_CONFIGURATION : Math.min(end, MOST_OF_CONFIGURATION));
}

function ofRedis(lines: readonly string[]): string | null {
  const said = lines
    .flatMap((line) => OF_REDIS.exec(line)?.[1] ?? [])
    .filter((line) => FAULT.test(line) && !OF_THE_KERNEL.test(line));
  return said.length === 0 ? null : [...new Set(said)].slice(-MOST_OF_REDIS).join(' · ');
}

function ofSystemd(lines: readonly string[]): string | null {
  const [last] = lines.flatMap((line) => NOT_RUN.exec(line)?.slice(1).find(Boolean) ?? []);
  return last ?? null;
}

function sinceStart(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.findLastIndex((line) => START.test(line)) + 1);
}
