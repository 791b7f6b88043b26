import { onHost } from '../../lab/hosts.ts';
import { exampleRepository } from '../../lab/example-repository.ts';
import { until } from '../../lab/until.ts';

export const PROXY = 'lb-01';
export const ENTRY = { host: '10.0.0.120', port: 6379 };

/** Longer than any outage that a hand-over may cause. */
const INTERVAL = '2s';

/** What the check asks: the role, or only whether the port answers. */
export type Check = 'role' | 'port';

const NODES = ['10.0.0.123', '10.0.0.124', '10.0.0.125'];

/** HAProxy as it is usually set up before Redis. */
export function haproxyConf(check: Check, password: string): string {
  const login = Buffer.from(`AUTH ${JSON.stringify(password)}\r\n`).toString('hex');
  const asks =
    check === 'port'
      ? ['tcp-check connect']
      : [
          'tcp-check connect',
          `tcp-check send-binary ${login}`,
          'tcp-check expect string +OK',
          String.raw`tcp-check send info\ replication\r\n`,
          'tcp-check expect string role:master',
        ];
  const servers = NODES.map((address, at) => {
    const isBackup = check === 'port' && at > 0 ? ' backup' : '';
    return `server node${at + 1} ${address}:6379 check inter ${INTERVAL} fall 3 rise 2${isBackup}`;
  });
  return `${[
    'global',
    '  stats socket /run/haproxy/admin.sock mode 660 level admin',
    '  user haproxy',
    '  group haproxy',
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 5m',
    '  timeout server 5m',
    'listen clients',
    `  bind ${ENTRY.host}:${ENTRY.port}`,
    '  option tcp-check',
    ...[...asks, ...servers].map((line) => `  ${line}`),
  ].join('\n')}\n`;
}

/** Starts HAProxy on its host, which is up, and waits until it knows the master. */
export async function startHaproxy(check: Check, password: string): Promise<void> {
  const script = `set -e
cat >/etc/haproxy/haproxy.cfg
systemctl restart haproxy`;
  const { code, stderr } = await onHost(PROXY, ['bash', '-c', script], { stdin: haproxyConf(check, password) });
  if (code !== 0) throw new Error(`HAProxy: ${stderr}`);
  await until('HAProxy to know its servers', 30, async () => {
    const states = await serverStates();
    const isUp = ({ operational }: ServerState): boolean => operational === '2';
    const wanted = check === 'role' ? [true, false, false] : [true, true, true];
    return states.map(isUp).join() === wanted.join() || null;
  });
}

export interface ServerState {
  name: string;
  operational: string;
  administrative: string;
  weight: string;
}

/** `show servers state`, on the host itself. */
export async function serverStates(): Promise<readonly ServerState[]> {
  return (await askHaproxy('show servers state'))
    .split('\n')
    .filter((line) => line.includes(' clients '))
    .map((line) => {
      const [, , , name = '', , operational = '', administrative = '', weight = ''] = line.split(' ');
      return { name, operational, administrative, weight };
    });
}

export async function askHaproxy(command: string): Promise<string> {
  const script = `use IO::Socket::UNIX;
my $s = IO::Socket::UNIX->new("/run/haproxy/admin.sock") or die $!;
print $s $ARGV[0], "\\n"; print while <$s>;`;
  const { stdout } = await onHost(PROXY, ['perl', '-e', script, command]);
  return stdout;
}

const REDISOPS_YML = `clusters:
  redis:
    entry:
      addresses: ["10.0.0.120:6379"]
`;

/** A repository’s files with the entry; with `hosts` also where HAProxy runs. */
export function entryFiles(hosts: boolean): Readonly<Record<string, string>> {
  const files = exampleRepository({ password: '', replication: true });
  const inventory = files['ansible/inventory/hosts.yml'] ?? '';
  const proxies =
    '    haproxy:\n      hosts:\n        lb-01:\n          ansible_host: 10.0.0.120\n          ansible_user: ops\n';
  return {
    'redisops.yml': hosts ? `${REDISOPS_YML}      hosts: haproxy\n` : REDISOPS_YML,
    'ansible/inventory/hosts.yml': `${inventory}${proxies}`,
  };
}
