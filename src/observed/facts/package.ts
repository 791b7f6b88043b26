import type { HostFacts } from '../../domain/facts.ts';
import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

/** dpkg’s word. A package that was removed but left its configuration is not installed. */
export const packageFact: Fact<HostFacts['package']> = {
  exports: ['package_state'],
  script: fragment`
package_state=$(dpkg-query --show --showformat '\${db:Status-Status}\n\${Version}\n' "$package" 2>/dev/null)
printf '%s\n' "$package_state"`,
  parse(stdout) {
    const [status, version] = linesOf(stdout);
    return { installed: status === 'installed', ...(status === 'installed' && version ? { version } : {}) };
  },
};
