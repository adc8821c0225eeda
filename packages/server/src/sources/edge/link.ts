import { edgeProtocol } from '../../edge-protocol.ts';
import { Problem } from '../../problem.ts';

export interface LinkOptions {
  /** The admin listener of the node that is followed. */
  readonly from: string;
  readonly token: string;
  /** How long nothing may come of an answer, in milliseconds. */
  readonly silenceMs?: number | undefined;
  /** How long a whole answer may take, in milliseconds. */
  readonly answerMs?: number | undefined;
}

export interface LinkRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How large an answer may be once it is unpacked, in bytes. */
  readonly mostBytes: number;
  /** Which answers are expected; 200 unless given. */
  readonly statuses?: readonly number[];
  readonly answerMs?: number;
}

export interface LinkAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

export interface ListenOptions {
  readonly silenceMs: number;
  /** Ends it when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

interface Running {
  readonly response: Response;
  /** Says that something came. */
  heard(): void;
}

/** How long an edge waits for an answer, and how long it may be silent, unless told otherwise. */
const defaults = { silenceMs: 10_000, answerMs: 120_000 } as const;

/** The way to the node that an edge follows. Whatever goes wrong on it is a Problem. */
export class Link {
  readonly #from: URL;
  readonly #token: string;
  readonly #silenceMs: number;
  readonly #answerMs: number;
  readonly #running = new Set<AbortController>();
  #closed = false;

  constructor({ from, token, silenceMs = defaults.silenceMs, answerMs = defaults.answerMs }: LinkOptions) {
    this.#from = new URL(from.endsWith('/') ? from : `${from}/`);
    this.#token = token;
    this.#silenceMs = silenceMs;
    this.#answerMs = answerMs;
  }

  /** Whether it leads over a network without being encrypted. */
  get isOpenToAll(): boolean {
    return this.#from.protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(this.#from.hostname);
  }

  /** @throws Problem `source-unavailable`, `source-not-trusted` when the answer is too large, `edge-token-needed`. */
  ask(path: string, request: LinkRequest): Promise<LinkAnswer> {
    const { statuses = [200], answerMs = this.#answerMs } = request;
    return this.#run(path, request, { silenceMs: this.#silenceMs, answerMs }, async ({ response, heard }) => {
      if (!statuses.includes(response.status)) throw this.#unexpected(path, response);
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        heard();
        size += chunk.length;
        if (size > request.mostBytes) {
          throw new Problem('source-not-trusted', `${path} has more than ${request.mostBytes} bytes`);
        }
        chunks.push(chunk);
      }
      return { status: response.status, headers: response.headers, bytes: Buffer.concat(chunks) };
    });
  }

  /** Gives what comes to `onText`, until it ends, which is a Problem too, or there was nothing for `silenceMs`. */
  listen(path: string, { silenceMs, signal }: ListenOptions, onText: (text: string) => void): Promise<never> {
    const request = { headers: { Accept: 'text/event-stream' } };
    return this.#run(path, request, { silenceMs, signal }, async ({ response, heard }) => {
      if (response.status !== 200) throw this.#unexpected(path, response);
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        heard();
        onText(decoder.decode(chunk, { stream: true }));
      }
      throw this.#unavailable(`${path} has ended`);
    });
  }

  /** Ends whatever is on its way, and all that comes later. */
  close(): void {
    this.#closed = true;
    this.giveUp();
  }

  /** Ends whatever is on its way. */
  giveUp(): void {
    for (const running of this.#running) running.abort(this.#unavailable('this edge stops'));
  }

  async #run<T>(
    path: string,
    { method = 'GET', headers = {}, body }: Omit<LinkRequest, 'mostBytes'>,
    { silenceMs, answerMs, signal }: ListenOptions & { readonly answerMs?: number },
    use: (running: Running) => Promise<T>,
  ): Promise<T> {
    if (this.#closed || signal?.aborted === true) throw this.#unavailable('this edge stops');
    const running = new AbortController();
    const give = (reason: string) => (): void => running.abort(this.#unavailable(`${path}: ${reason}`));
    const silent = setTimeout(give(`nothing came for ${silenceMs} ms`), silenceMs);
    const late = answerMs === undefined ? undefined : setTimeout(give(`not done after ${answerMs} ms`), answerMs);
    const stop = (): void => running.abort(this.#unavailable('this edge stops'));
    signal?.addEventListener('abort', stop);
    this.#running.add(running);
    try {
      const response = await fetch(new URL(`.${edgeProtocol.prefix}${path}`, this.#from), {
        method,
        headers: { ...headers, Authorization: `Bearer ${this.#token}` },
        body: body ?? null,
        // The token is for this node and no other.
        redirect: 'manual',
        signal: running.signal,
      });
      silent.refresh();
      return await use({ response, heard: () => silent.refresh() });
    } catch (error) {
      throw error instanceof Problem ? error : this.#unavailable(reasonOf(error), error);
    } finally {
      clearTimeout(silent);
      clearTimeout(late);
      signal?.removeEventListener('abort', stop);
      this.#running.delete(running);
      // Of an answer that was not read to its end nothing more is wanted.
      running.abort();
    }
  }

  #unexpected(path: string, { status }: Response): Problem {
    if (status === 401) return new Problem('edge-token-needed', `${this.#from.href} does not know this edge's token`);
    const reasons: Readonly<Record<number, string>> = {
      404: ': it has no such thing, no edge.tokens, or is not an admin listener',
      429: ': it is asked too often',
    };
    const redirects = status >= 300 && status < 400 ? ': it points elsewhere, which is not followed' : '';
    return this.#unavailable(`${path} is answered with ${status}${redirects}${reasons[status] ?? ''}`);
  }

  #unavailable(reason: string, cause?: unknown): Problem {
    return new Problem('source-unavailable', `${this.#from.href}: ${reason}`, [], { cause });
  }
}

/** What fetch says lies below. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || (cause as NodeJS.ErrnoException).code || error.message;
}
