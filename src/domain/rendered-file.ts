/** Files that Git defines for a node, by their `redisops render --file` names. */
export const RENDERED_FILES = ['redis.conf', 'sentinel.conf', 'override.conf'] as const;
export type RenderedFile = (typeof RENDERED_FILES)[number];
