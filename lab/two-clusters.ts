/** A repository with one of the clusters of `twoClusters`. By path. */
export function oneCluster(
  name: 'shop' | 'cache',
  { password, variables }: { password: string; variables: readonly string[] },
): Readonly<Record<string, string>> {
  const both = twoClusters({ password, [name]: variables });
  const own = Object.entries(both).filter(([path]) => path.startsWith(`${name}/`));
  return { 'redisops.yml': ['clusters:', ...clusterOf(name), ''].join('\n'), ...Object.fromEntries(own) };
}

/** A repository with two clusters on the three hosts: `shop` replicates, `cache` is one node. By path. */
export function twoClusters(options: {
  password: string;
  /** Extra variable lines per cluster. */
  shop?: readonly string[];
  cache?: readonly string[];
  /** Lines below each cluster in redisops.yml. */
  rules?: { shop?: readonly string[]; cache?: readonly string[] };
}): Readonly<Record<string, string>> {
  const { password, shop = [], cache = [], rules = {} } = options;
  return {
    'redisops.yml': ['clusters:', ...clusterOf('shop', rules.shop), ...clusterOf('cache', rules.cache), ''].join('\n'),
    'shop/hosts.yml': inventoryOf({ 'redis-01': '10.0.0.123', 'redis-02': '10.0.0.124' }),
    'cache/hosts.yml': inventoryOf({ 'redis-03': '10.0.0.125' }),
    [SHOP_VARIABLES]: variablesOf(password, ['redis_enable_replication: true', 'redis_master_host: redis-01', ...shop]),
    [CACHE_VARIABLES]: variablesOf(password, cache),
  };
}

export const SHOP_VARIABLES = 'shop/group_vars/redis.yml';
export const CACHE_VARIABLES = 'cache/group_vars/redis.yml';

function clusterOf(name: string, rules: readonly string[] = []): readonly string[] {
  const paths = [
    `inventory: ${name}/hosts.yml`,
    `group_vars: ${name}/group_vars/redis.yml`,
    `host_vars: ${name}/host_vars`,
  ];
  return [`  ${name}:`, ...[...paths, ...rules].map((line) => `    ${line}`)];
}

function inventoryOf(hosts: Readonly<Record<string, string>>): string {
  const lines = Object.entries(hosts).map(([name, address]) => `        ${name}: { ansible_host: ${address} }`);
  return `${['all:', '  children:', '    redis:', '      hosts:', ...lines, '      vars: { ansible_user: ops }'].join('\n')}\n`;
}

function variablesOf(password: string, lines: readonly string[]): string {
  return `${[`redis_password: ${JSON.stringify(password)}`, 'redis_dir: /data/redis', ...lines].join('\n')}\n`;
}
