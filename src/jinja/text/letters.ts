/** A text by code points, as Python counts it: what people take for one letter may be several. */
export function lettersOf(text: string): string[] {
  return Array.from(text);
}

/** What Python takes for white space. */
export const SPACES = String.raw`\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const TRAILING_SPACE = new RegExp(`^[${SPACES}]$`);

/** Python’s rstrip(): from the end, as a pattern would look from every space on. */
export function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && TRAILING_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
