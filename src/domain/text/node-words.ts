import { SensitiveText, type Secret } from '../secret.ts';

const MOST_CHARACTERS = 300;
/** Control characters and those that turn the reading direction; terminals and chats obey them. */
const CONTROL = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/**
 * What a node printed, as one short line that may stand in a message: without control characters, secrets masked. Masked
 * before it is cut, as half a secret is known to nobody as one.
 */
export function nodeWords(text: string, secrets: readonly Secret[] = []): string {
  const masked = new SensitiveText(text, secrets).masked();
  const line = masked.replaceAll(CONTROL, ' ').replaceAll(/ {2,}/g, ' ').trim();
  // Once more: what stood between its letters is gone.
  const words = new SensitiveText(line, secrets).masked();
  return words.length > MOST_CHARACTERS
    ? `${words.slice(0, MOST_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
    : words;
}
