/** The first line of every file that redisops writes from variables. */
export const MANAGED = '# Managed by redisops from Git. Changes made by hand are undone by the next apply.';
