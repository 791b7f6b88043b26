/** The program of the thread that reads repositories: beside this file, in the source as in the bundle. */
export const READER = new URL(import.meta.url.endsWith('.ts') ? './reader.ts' : './reader.js', import.meta.url);
