import type { HostFacts } from '../../domain/facts.ts';
import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

export interface PackageReading {
  package: HostFacts['package'];
  /** MD5 of its configuration files as it brought them, by path. */
  conffiles: ReadonlyMap<string, string>;
}

/** From dpkg. A removed package with remaining configuration is not installed. */
export const packageFact: Fact<PackageReading> = {
  exports: ['package_state'],
  script: fragment`
package_state=$(dpkg-query --show --showformat '\${db:Status-Status}\n\${Version}\n\${Conffiles}\n' "$package" 2>/dev/null)
printf '%s\n' "$package_state"`,
  parse(stdout) {
    const [status, version, ...rest] = linesOf(stdout);
    const conffiles = rest.flatMap((line): [string, string][] => {
      const [, path, md5] = /^ (\/.+) ([\da-f]{32})$/.exec(line) ?? [];
      return path !== undefined && md5 !== undefined ? [[path, md5]] : [];
    });
    const isInstalled = status === 'installed';
    return {
      package: { installed: isInstalled, ...(isInstalled && version ? { version } : {}) },
      conffiles: new Map(conffiles),
    };
  },
};
