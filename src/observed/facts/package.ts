import type { HostFacts } from '../../domain/facts.ts';
import type { Fact } from '../fact.ts';

export const packageFact: Fact<HostFacts['package']> = {
  script: `dpkg-query -W -f='\${db:Status-Status} \${Version}\\n' "$package"`,
  parse(stdout) {
    const [status, version] = stdout.trim().split(' ');
    if (status !== 'installed') return { installed: false };
    return { installed: true, ...(version === undefined ? {} : { version }) };
  },
};
