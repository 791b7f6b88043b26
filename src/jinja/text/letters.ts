/** Splits a text into code points, as Python counts them; a visible character may have several. */
export function lettersOf(text: string): string[] {
  return Array.from(text);
}

/** White space in Python. */
export const SPACES = String.raw`\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const TRAILING_SPACE = new RegExp(`^[${SPACES}]$`);

/** Python’s rstrip(). Works from the end: a regular expression would try every space. */
export function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && TRAILING_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
