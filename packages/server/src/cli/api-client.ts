import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { isLoopbackHost } from '../http/loopback-host.ts';
import { Problem } from '../problem.ts';
import { problemOfAnswer } from './problem-of-answer.ts';

/** An answer of the API that was no refusal. */
export interface ApiAnswer<Body> {
  readonly body: Body;
  /** The version in its `ETag`, where it has one. */
  readonly version?: number;
}

/** What stands behind the `?` of an address; what is `undefined` is left out. */
export type ApiQuery = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export type ApiMethod = 'POST' | 'PATCH' | 'DELETE';

/** The admin API of a server, for commands. Whatever goes wrong is a `Problem`: the server's own, or `api-unavailable`. */
export interface ApiClient {
  /** Where it is, without a slash at its end. */
  readonly url: string;
  get<Body>(path: string, query?: ApiQuery, options?: { readonly silenceMs?: number }): Promise<ApiAnswer<Body>>;
  send<Body>(method: ApiMethod, path: string, body?: object, options?: SendOptions): Promise<ApiAnswer<Body>>;
}

export interface SendOptions {
  /** The version that was seen, for `If-Match`. */
  readonly version?: number | undefined;
  /** Whether doing it twice would do harm though it carries a key, as its answer holds a secret that is not kept. */
  readonly onlyOnce?: true;
  /** Whether it carries no key, as doing it twice comes to the same and need not be known of. */
  readonly keyless?: true;
  /** Another time than usual that the answer may be silent. */
  readonly silenceMs?: number;
}

export interface ApiClientOptions {
  readonly url: string;
  readonly token: string | undefined;
  /** Whether the token may be sent without TLS to another machine. */
  readonly insecure: boolean;
  /** How long an answer may be silent, in milliseconds. */
  readonly silenceMs?: number;
  /** How long to wait at most where the server says that it was asked too often, in milliseconds. */
  readonly patienceMs?: number;
  /** Hears of the date of each answer, and when that was asked for and came. */
  readonly onDate?: (answer: {
    readonly askedAtMs: number;
    readonly answeredAtMs: number;
    readonly dateMs: number;
  }) => void;
  /** For that. */
  readonly nowMs?: () => number;
}

const version = '/api/v1';
const usualSilenceMs = 30_000;
const usualPatienceMs = 60_000;

/**
 * Opens a client; nothing is asked yet.
 * @throws Problem `usage` for an address that cannot be, `sign-in-needed` without a token.
 */
export function openApiClient(options: ApiClientOptions): ApiClient {
  const { token, silenceMs = usualSilenceMs, patienceMs = usualPatienceMs, onDate, nowMs = Date.now } = options;
  const base = readBase(options);
  if (token === undefined)
    throw new Problem('sign-in-needed', 'put a token into SLUICE_TOKEN; sluice token make makes one');

  async function ask<Body>(path: string, sent: Sent): Promise<ApiAnswer<Body>> {
    const url = `${base}${version}${path}`;
    const headers = { ...sent.headers, Accept: 'application/json', Authorization: `Bearer ${token}` };
    const asked = { silenceMs, ...sent, url, headers };
    for (let waitedMs = 0; ; ) {
      const askedAtMs = nowMs();
      const { response, text } = await (sent.onlyOnce === true ? askOnce : onceMore)(asked);
      const dateMs = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(dateMs)) onDate?.({ askedAtMs, answeredAtMs: nowMs(), dateMs });
      const waitMs = waitOf(response);
      if (response.status === 429 && waitedMs + waitMs <= patienceMs) {
        waitedMs += waitMs;
        await pause(waitMs);
        continue;
      }
      if (!response.ok) throw problemOfAnswer(response, text, url);
      const etag = /^(?:W\/)?"(\d{1,15})"$/.exec(response.headers.get('etag') ?? '')?.[1];
      return { body: readBody<Body>(text, url), ...(etag !== undefined && { version: Number(etag) }) };
    }
  }

  return {
    url: base,
    get: (path, query = {}, options = {}) => ask(`${path}${queryText(query)}`, { method: 'GET', ...options }),
    send: (method, path, body, { version: seen, keyless, ...options } = {}) =>
      ask(path, {
        method,
        ...options,
        headers: {
          ...(keyless !== true && { 'Idempotency-Key': randomUUID() }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...(seen !== undefined && { 'If-Match': `"${seen}"` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  };
}

interface Sent extends Pick<SendOptions, 'onlyOnce' | 'silenceMs'> {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

function readBase({ url: text, insecure }: Pick<ApiClientOptions, 'url' | 'insecure'>): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || /[?#]/.test(text))
    throw new Problem('usage', `a server is http://HOST:PORT or https://HOST:PORT, not ${text}`);
  if (`${url.username}${url.password}` !== '')
    throw new Problem('usage', 'the address of a server holds no password: put a token into SLUICE_TOKEN');
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname) && !insecure)
    throw new Problem('usage', `everybody on the way to ${url.host} could read the token: use https, or --insecure`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function queryText(query: ApiQuery): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  return search.size === 0 ? '' : `?${search}`;
}

interface Asked extends Sent {
  readonly url: string;
  readonly silenceMs: number;
}

interface Answered {
  readonly response: Response;
  readonly text: string;
}

/** Asks, and once more when the connection is lost: reading does no harm, and what acts carries a key. */
async function onceMore(asked: Asked): Promise<Answered> {
  try {
    return await askOnce(asked);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return askOnce(asked);
  }
}

/** The connection could not be made, or ended before its time. */
class ConnectionLost extends Problem {}

async function askOnce({ url, method, headers, body, silenceMs }: Asked): Promise<Answered> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: silence.signal,
      ...(headers !== undefined && { headers }),
      ...(body !== undefined && { body }),
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      timer.refresh();
    }
    return { response, text: Buffer.concat(chunks).toString() };
  } catch (cause) {
    if (silence.signal.aborted)
      throw new Problem('api-unavailable', `${url} did not answer within ${silenceMs / 1000} s`, [], { cause });
    throw new ConnectionLost('api-unavailable', `${url}: ${reasonOf(cause)}`, [], { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** What fetch says itself is only that it failed. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error ? (error.cause ?? error) : error;
  if (!(inner instanceof Error)) return String(inner);
  return inner.message !== '' ? inner.message : 'code' in inner ? String(inner.code) : inner.name;
}

function waitOf({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? '1');
  return (Number.isFinite(seconds) ? Math.max(1, seconds) : 1) * 1000;
}

function readBody<Body>(text: string, url: string): Body {
  try {
    return (text === '' ? {} : JSON.parse(text)) as Body;
  } catch (cause) {
    throw new Problem('api-unavailable', `what ${url} answered is not JSON`, [], { cause });
  }
}
