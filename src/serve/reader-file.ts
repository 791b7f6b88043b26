/** The program of the thread that reads repositories: beside this file, in source and bundle alike. */
export const READER = new URL(import.meta.url.endsWith('.ts') ? './reader.ts' : './reader.js', import.meta.url);
