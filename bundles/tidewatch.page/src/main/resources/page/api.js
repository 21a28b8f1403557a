// Requests to the agent. One query at a time, as docs/api.md allows.

/** The agent ends a query after 30 s. */
const LIMIT_MS = 40000;
const RETRY_MS = 2000;
const BUSY_RETRIES = 5;

/** A request that failed; the message is a sentence for the page. */
export class ApiError extends Error {
  /** @param status HTTP status; 0 if the agent does not answer */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

function sentence(status, body) {
  const reason = typeof body?.error === 'string' ? body.error : '';
  switch (status) {
    case 401:
      return 'The agent asks for a password. Reload the page and enter the one of password.file.';
    case 403:
      return `The agent refuses this address or name${reason ? `: ${reason}` : ''}. See docs/api.md, "Who may read it".`;
    case 404:
      return 'The agent does not serve this request. Reload the page: the agent may have another version.';
    case 429:
      return `The agent cannot answer yet${reason ? `: ${reason}` : ''}. The page asks again.`;
    case 503:
      return `The agent cannot answer this query now${reason ? `: ${reason}` : ''}. Choose a shorter range, or wait.`;
    default:
      return `The agent refuses the query (${status})${reason ? `: ${reason}` : ''}.`;
  }
}

/** Characters of an address up to which a query is no form; the agent takes 4,000. */
const LONGEST_ADDRESS = 3000;

async function once(path, signal, accepted, form) {
  const limit = AbortSignal.timeout(LIMIT_MS);
  let response;
  let body;
  try {
    response = await fetch(path, {
      signal: signal ? either(signal, limit) : limit,
      headers: { Accept: 'application/json' },
      ...(form && { method: 'POST', body: form }),
      cache: 'no-store',
    });
    const text = await response.text();
    body = text.startsWith('{') ? JSON.parse(text) : null;
  } catch (e) {
    if (signal?.aborted) {
      throw e;
    }
    throw new ApiError('The agent does not answer.', 0);
  }
  if (body && accepted.includes(response.status)) {
    return body;
  }
  const error = new ApiError(sentence(response.status, body), response.status);
  error.after = Number(response.headers.get('Retry-After')) * 1000 || RETRY_MS;
  throw error;
}

// AbortSignal.any is younger than the browsers of some devices.
function either(first, second) {
  const both = new AbortController();
  for (const signal of [first, second]) {
    if (signal.aborted) {
      both.abort();
    }
    signal.addEventListener('abort', () => both.abort(), { once: true });
  }
  return both.signal;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function patiently(path, signal, form) {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await once(path, signal, [200], form)).data;
    } catch (e) {
      if (e.status !== 429 || attempt === BUSY_RETRIES) {
        throw e;
      }
      await pause(e.after);
    }
  }
}

let last = Promise.resolve();

/** Runs queries one after the other; a long one as a form. */
function inTurn(path, signal, query) {
  const long = query && String(query).length > LONGEST_ADDRESS;
  const address = query && !long ? `${path}?${query}` : path;
  const run = last.then(() => {
    signal?.throwIfAborted();
    return patiently(address, signal, long ? query : undefined);
  });
  last = run.catch(() => {});
  return run;
}

/** /health; an agent in error answers 503 with the same body. */
export const health = () => once('/health', null, [200, 503]);

/** The newest sample of every series; the help of each, a quarter of the answer, only if it is wanted. */
export const now = (help, signal) => inTurn(`/api/v1/now?help=${help}`, signal);

/**
 * Values over time.
 *
 * @param conditions lists of conditions on labels, of which a series fulfils one
 * @param options start, end and step in seconds; agg and lookback_delta as docs/api.md has them
 */
export async function queryRange(conditions, options, signal) {
  const query = new URLSearchParams({ query: `{${conditions.join(' or ')}}`, ...options });
  return (await inTurn('/api/v1/query_range', signal, query)).result;
}

/** Label sets of all series of the history. */
export const series = (signal) => inTurn('/api/v1/series', signal, new URLSearchParams({ 'match[]': '{__name__!=""}' }));
