type Fetch = typeof globalThis.fetch;

const MIB = 1024 * 1024;
/** Of one answer of Slack’s; members of a large user group take some 100 kB. */
export const SLACK_BYTES = 8 * MIB;
/** Of one answer of GitHub’s; a tree of 100,000 entries, its largest, takes some 20 MiB. */
export const GITHUB_BYTES = 32 * MIB;

/** Statuses whose answers have no body. */
const EMPTY = new Set([101, 204, 205, 304]);

/**
 * Reads the whole answer, but no more than so many bytes, after decompression: how long an answer is, is the server’s
 * own word. @throws TypeError, like fetch itself, if there is more.
 */
export function boundedFetch(request: Fetch | undefined, maxBytes: number): Fetch {
  return async (...question) => {
    const answer = await (request ?? globalThis.fetch)(...question);
    const { status, statusText, headers } = answer;
    const body = EMPTY.has(status) ? null : await readAtMost(answer, maxBytes);
    const whole = new Response(body, { status, statusText, headers });
    // Octokit reads it; a Response that is made has none.
    Object.defineProperty(whole, 'url', { value: answer.url });
    return whole;
  };
}

async function readAtMost({ body, headers }: Response, maxBytes: number): Promise<Buffer<ArrayBuffer> | null> {
  const isCompressed = headers.has('content-encoding');
  if (!isCompressed && Number(headers.get('content-length') ?? 0) > maxBytes) {
    await body?.cancel();
    throw tooLong(maxBytes);
  }
  if (!body) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const part of body) {
    length += part.length;
    if (length > maxBytes) throw tooLong(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function tooLong(maxBytes: number): TypeError {
  return new TypeError(`the answer has more than ${maxBytes} bytes`);
}
