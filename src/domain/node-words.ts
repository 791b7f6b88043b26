import { SensitiveText, type Secret } from './secret.ts';

const MOST_CHARACTERS = 300;
/** Control and bidirectional characters, which terminals and chats obey. */
const CONTROL = /[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]+/gu;

/**
 * A node’s output as one short line for a message: no control characters, secrets masked. Masks before cutting, because
 * half a secret cannot be recognized.
 */
export function nodeWords(text: string, secrets: readonly Secret[] = []): string {
  const masked = new SensitiveText(text, secrets).masked();
  const line = masked.replaceAll(CONTROL, ' ').replaceAll(/ {2,}/g, ' ').trim();
  // Masked again: removing characters may have joined a secret.
  const words = new SensitiveText(line, secrets).masked();
  return words.length > MOST_CHARACTERS
    ? `${words.slice(0, MOST_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
    : words;
}
