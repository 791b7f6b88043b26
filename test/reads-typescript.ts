/** Whether this Node starts a thread from TypeScript: from 22.18 on. The built program needs no such thing. */
export const readsTypeScript = 'typescript' in process.features && process.features.typescript !== false;
