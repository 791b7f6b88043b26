/** An example of a team’s configuration repository, with three hosts. By path. */
export function exampleRepository(options: {
  password: string;
  replication: boolean;
  /** Extra lines for group_vars/redis.yml, such as `redis_maxmemory: 256mb`. */
  variables?: readonly string[];
}): Readonly<Record<string, string>> {
  return {
    'README.md': '# infra\n\nThe servers of our shop.\n',
    'ansible/inventory/hosts.yml': INVENTORY,
    'ansible/group_vars/redis.yml': groupVariables(options),
    'ansible/site.yml': '- hosts: redis\n  roles: [redis_ha_v3]\n',
  };
}

/** The file changed by the demo’s pull requests. */
export const GROUP_VARIABLES = 'ansible/group_vars/redis.yml';

const INVENTORY = `all:
  children:
    redis:
      hosts:
        redis-01:
          ansible_host: 10.0.0.123
        redis-02:
          ansible_host: 10.0.0.124
        redis-03:
          ansible_host: 10.0.0.125
      vars:
        ansible_user: ops
`;

function groupVariables({ password, replication, variables = [] }: Parameters<typeof exampleRepository>[0]): string {
  return `${[
    '# Redis of the shop: one master, two replicas.',
    `redis_enable_replication: ${String(replication)}`,
    'redis_enable_sentinel: false',
    'redis_master_host: redis-01',
    'redis_master_ip: "10.0.0.123"',
    'redis_port: 6379',
    'redis_dir: /data/redis',
    `redis_password: "${password}"`,
    'redis_repl_backlog_size: 16mb',
    ...variables,
  ].join('\n')}\n`;
}
