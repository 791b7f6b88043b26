import type { Problems } from '../source/problems.ts';
import { isNothing, type Entry, type Value } from '../yaml/value.ts';
import type { HostVariables } from './host-variables.ts';
import type { Variables } from './node-variables.ts';

/** A variable used by Ansible to connect or become root, and what redisops does instead. */
interface Rule {
  names: RegExp;
  /** Whether redisops already behaves as the value asks. */
  allows: (value: string) => boolean;
  /** Why it is not supported, and what to do. */
  instead: string;
}

const never = (): boolean => false;
const always = (): boolean => true;
const PASSWORDLESS = 'the SSH user needs passwordless sudo';
const ONE_KEY = 'one key is used for all hosts, SSH_PRIVATE_KEY_FILE';
const WITH_KEY = 'redisops logs in with a key, SSH_PRIVATE_KEY_FILE';

/**
 * The first match counts. Source: the options of Ansible’s connection plugins ssh and paramiko_ssh, and of its become
 * plugin sudo.
 */
const RULES: readonly Rule[] = [
  {
    names: /^ansible_connection$/,
    allows: (value) => /^(?:(?:ansible\.builtin\.)?(?:ssh|smart|paramiko|paramiko_ssh))?$/.test(value),
    instead: 'redisops connects over SSH only',
  },
  // Read as ansible_host, ansible_port and ansible_user.
  { names: /^ansible_ssh_(?:host|port|user)$/, allows: always, instead: '' },
  {
    names: /^ansible_ssh_(?:common_|extra_)?args$/,
    allows: keepsTheWay,
    instead: 'there are no jump hosts, proxies or other SSH options yet',
  },
  {
    names: /^ansible_ssh_executable$/,
    allows: (value) => /^(?:.*\/)?ssh$/.test(value),
    instead: 'redisops has its own SSH client',
  },
  { names: /^ansible_(?:ssh_)?private_key(?:_\w+)?$/, allows: never, instead: ONE_KEY },
  { names: /^ansible_(?:ssh_)?pass(?:word|phrase)?$/, allows: never, instead: WITH_KEY },
  { names: /^ansible_(?:ssh_)?(?:become|sudo|su)_pass(?:word)?$/, allows: never, instead: PASSWORDLESS },
  { names: /^ansible_(?:become|sudo|su)_user$/, allows: (value) => value === 'root', instead: 'redisops becomes root' },
  {
    names: /^ansible_become_method$/,
    allows: (value) => /^(?:ansible\.builtin\.)?sudo$/.test(value),
    instead: 'redisops uses sudo',
  },
  { names: /^ansible_(?:become|sudo)_exe$/, allows: (value) => value === 'sudo', instead: 'redisops runs sudo' },
  {
    names: /^ansible_(?:become|sudo)_flags$/,
    allows: (value) => /^(?:\s|-[HSn]+\b)*$/.test(value),
    instead: 'redisops runs sudo -n',
  },
  // File transfer and retries: irrelevant for redisops.
  {
    names:
      /^ansible_(?:scp_|sftp_|ssh_(?:scp_|sftp_|host_key_|control_|pipelining|retries|reconnection_retries|timeout|transfer_method|usetty|verbosity|password_mechanism))\w*$/,
    allows: always,
    instead: '',
  },
  { names: /^ansible_(?:ssh|become|sudo|su|paramiko)_\w+$/, allows: never, instead: 'redisops does not read it' },
];

const DESTINATION = ['host', 'port', 'user'] as const;

/** Address, port and user of the SSH connection. As in Ansible’s ssh plugin, the names of old (`ansible_ssh_host`) win. */
export function destinationOf(variables: Variables): Variables {
  const found = new Map<string, Entry>();
  for (const part of DESTINATION)
    for (const name of [`ansible_${part}`, `ansible_ssh_${part}`]) {
      const entry = variables.get(name);
      if (entry && (!isNothing(entry.value) || !found.has(`ansible_${part}`))) found.set(`ansible_${part}`, entry);
    }
  return found;
}

/** Options of ssh(1) that change neither the destination nor the login. */
const NO_OTHER_WAY =
  /^(?:ControlMaster|ControlPath|ControlPersist|StrictHostKeyChecking|UserKnownHostsFile|ServerAliveInterval|ServerAliveCountMax|TCPKeepAlive|ConnectTimeout|ConnectionAttempts|Compression|LogLevel|GSSAPIAuthentication|ForwardAgent)$/i;

/** Whether these ssh arguments leave the route unchanged. */
function keepsTheWay(args: string): boolean {
  const rest = args
    .replaceAll(/["']/g, '')
    .replaceAll(/(?:^|\s)-o\s*(\w+)(?:\s*=\s*|\s+)[^\s]+/g, (option, name: string) =>
      NO_OTHER_WAY.test(name) ? '' : option,
    );
  return /^(?:\s|-[CqvTA46]+\b)*$/.test(rest);
}

/**
 * Reports every variable by which Ansible, but not redisops, would connect or become root: the host would be reached in
 * another way, or not at all. Does not show values.
 */
export function refuseConnection(variables: Variables, host: HostVariables, problems: Problems): void {
  for (const [name, { at, value }] of variables) {
    if (!name.startsWith('ansible_') || isNothing(value)) continue;
    const rule = RULES.find(({ names }) => names.test(name));
    if (!rule || allowed(rule, value, host)) continue;
    problems.add(at, `${name} is not supported: ${rule.instead}`);
  }
}

function allowed({ allows }: Rule, value: Value, host: HostVariables): boolean {
  if (allows === always) return true;
  if (allows === never || value.kind !== 'scalar') return false;
  try {
    const { value: made } = host.resolve(value);
    return isNothing(made) || (made.kind === 'scalar' && allows(made.source.trim()));
  } catch {
    // A value that cannot be rendered could be anything.
    return false;
  }
}
