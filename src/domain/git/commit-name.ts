/** Whether the text is a commit’s full name, in SHA-1 or SHA-256: a working tree’s revision, for one, is not. */
export function isCommitName(text: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(text);
}
