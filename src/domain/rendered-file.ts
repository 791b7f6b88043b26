/** The files that Git asks for on a node, by the names `redisops render --file` takes. */
export const RENDERED_FILES = ['redis.conf', 'sentinel.conf', 'override.conf'] as const;
export type RenderedFile = (typeof RENDERED_FILES)[number];
