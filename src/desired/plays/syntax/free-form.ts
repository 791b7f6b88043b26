/** `src=redis.conf.j2 dest=/etc/redis.conf`: a module’s arguments on one line. */
export function argumentsIn(text: string): { named: ReadonlyMap<string, string>; rest: string } {
  const named = new Map<string, string>();
  const rest: string[] = [];
  for (const word of wordsIn(text)) {
    const at = word.indexOf('=');
    const name = at > 0 ? word.slice(0, at) : '';
    if (/^[a-z]\w*$/.test(name)) named.set(name, unquoted(word.slice(at + 1)));
    else rest.push(word);
  }
  return { named, rest: unquoted(rest.join(' ')) };
}

/** Words between spaces; quotes and Jinja’s braces keep theirs. */
function wordsIn(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const pair = text.slice(at, at + 2);
    if (quote === '' && /^\{[{%#]$/.test(pair)) depth += 1;
    if (quote === '' && /^[}%#]\}$/.test(pair)) depth -= 1;
    if (depth <= 0 && (letter === '"' || letter === "'")) quote = quote === letter ? '' : quote === '' ? letter : quote;
    if (/\s/.test(letter) && depth <= 0 && quote === '') {
      if (word !== '') words.push(word);
      word = '';
    } else word += letter;
  }
  return word === '' ? words : [...words, word];
}

function unquoted(text: string): string {
  const first = text.charAt(0);
  return text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text;
}
