/** A page as a browser came to see it. */
export interface Seen {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Every address on the way here, the first that was asked for included. */
  readonly way: readonly string[];
}

export interface BrowserOptions {
  /** Stops at an address that this says yes to, without asking for it. */
  readonly stopAt?: (url: string) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const mostSteps = 20;

/** Just enough of a browser: cookies for each origin, redirects, and pages that lead on by themselves. */
export class Browser {
  readonly #jars = new Map<string, Map<string, string>>();
  /** Every `Set-Cookie` that came, oldest first. */
  readonly setCookies: string[] = [];

  get(url: string, options: BrowserOptions = {}): Promise<Seen> {
    return this.#go('GET', url, undefined, options);
  }

  /** Sends a form as a page of the same origin does. */
  post(url: string, fields: Readonly<Record<string, string>>, options: BrowserOptions = {}): Promise<Seen> {
    return this.#go('POST', url, new URLSearchParams(fields).toString(), options);
  }

  cookie(url: string, name: string): string | undefined {
    return this.#jars.get(new URL(url).origin)?.get(name);
  }

  keep(url: string, name: string, value: string): void {
    this.#jar(new URL(url).origin).set(name, value);
  }

  #jar(origin: string): Map<string, string> {
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }

  async #go(method: string, url: string, body: string | undefined, options: BrowserOptions): Promise<Seen> {
    const way: string[] = [];
    let next: string | undefined = url;
    let seen: Seen | undefined;
    for (let asked = { method, body }; next !== undefined; asked = { method: 'GET', body: undefined }) {
      if (way.length === mostSteps) throw new Error(`this leads nowhere: ${way.join(' ')}`);
      way.push(next);
      if (way.length > 1 && options.stopAt?.(next) === true) break;
      seen = await this.#ask(asked.method, next, asked.body, way, options);
      next = onwards(seen);
    }
    if (seen === undefined) throw new Error('nothing was asked');
    return seen;
  }

  async #ask(
    method: string,
    url: string,
    body: string | undefined,
    way: readonly string[],
    { headers = {} }: BrowserOptions,
  ): Promise<Seen> {
    const { origin } = new URL(url);
    const jar = this.#jar(origin);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const ofForm = {
      Origin: origin,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/x-www-form-urlencoded',
    };
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...(cookie === '' ? {} : { Cookie: cookie }), ...(method === 'POST' ? ofForm : {}), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const text of response.headers.getSetCookie()) {
      this.setCookies.push(text);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      const isOver =
        /;\s*max-age=0/i.test(text) || Date.parse(/;\s*expires=([^;]+)/i.exec(text)?.[1] ?? '') < Date.now();
      if (isOver) jar.delete(name);
      else jar.set(name, value);
    }
    return { url, status: response.status, headers: response.headers, text: await response.text(), way };
  }
}

function onwards({ url, headers, text }: Seen): string | undefined {
  const location = headers.get('location');
  if (location !== null) return new URL(location, url).href;
  const refresh = /<meta http-equiv="refresh" content="0; url=([^"]+)">/.exec(text)?.[1];
  return refresh?.replaceAll('&amp;', '&');
}

/** The value of a hidden field of a page. */
export function fieldIn({ text }: Seen, name: string): string | undefined {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1];
}
