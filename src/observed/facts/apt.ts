import type { Preflight } from '../../domain/facts.ts';
import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/**
 * Whether apt could install the package, from the host’s package lists; only if it is not installed. A candidate
 * `(none)` is a name mentioned by other packages.
 */
export const aptFact: Fact<Preflight['apt'], 'package'> = {
  after: ['package'],
  script: fragment`
case $package_state in
  installed*) ;;
  *)
    for list in /var/lib/apt/lists/*_Packages*; do [ -e "$list" ] && printf 'lists\n' && break; done
    timeout 5 apt-cache policy -- "$package" 2>/dev/null && printf 'asked\n' ;;
esac`,
  parse(stdout) {
    const lines = linesOf(stdout).map((line) => line.trim());
    if (!lines.includes('asked')) return null;
    if (lines.some((line) => /^Candidate: (?!\(none\))/.test(line))) return 'known';
    return lines.includes('lists') ? 'unknown' : 'no lists';
  },
};
