/** What a team’s configuration repository looks like: the field report’s, with its three hosts. By path. */
export function exampleRepository(options: {
  password: string;
  replication: boolean;
  /** Further lines of group_vars/redis.yml, `redis_maxmemory: 256mb` say. */
  variables?: readonly string[];
}): Readonly<Record<string, string>> {
  return {
    'README.md': '# infra\n\nThe servers of our shop.\n',
    'ansible/inventory/hosts.yml': INVENTORY,
    'ansible/group_vars/redis.yml': groupVariables(options),
    'ansible/site.yml': '- hosts: redis\n  roles: [redis_ha_v3]\n',
  };
}

/** Path of the file that the demo’s pull requests change. */
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
