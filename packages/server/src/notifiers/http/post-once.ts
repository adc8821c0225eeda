import { briefText } from '../../brief-text.ts';
import type { Delivery, Sending } from '../../notifier.ts';
import { unlessAborted } from '../../unless-aborted.ts';

export interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const timeoutMs = 15_000;
/** Nobody can put off a notice for longer. */
const longestWaitMs = 24 * 3_600_000;

/** Posts to somebody else's server, and says what its answer means. Source: Standard Webhooks 1.0.0, delivery. */
export async function postOnce(posted: Posted, { outside, nowMs, signal }: Sending): Promise<Delivery> {
  if (signal.aborted) return { kind: 'later', trouble: 'the server was stopped' };
  const { host } = new URL(posted.url);
  try {
    const asked = outside.ask({ method: 'POST', timeoutMs, ...posted });
    const { status, headers, body } = await unlessAborted(asked, signal);
    if (status >= 200 && status < 300) return { kind: 'delivered', note: `${host} answered ${status}` };
    const said = /^text\/plain|json/.test(headers['content-type'] ?? '') ? `: ${briefText(body, 160)}` : '';
    const trouble = `${host} answered ${status}${said}`;
    if (status === 410) return { kind: 'refused', trouble, disable: true };
    const retryAtMs = retryAt(headers['retry-after'], nowMs());
    return { kind: 'later', trouble, ...(retryAtMs !== undefined && { retryAtMs }) };
  } catch (error) {
    if (signal.aborted) return { kind: 'later', trouble: 'the server was stopped' };
    return { kind: 'later', trouble: error instanceof Error ? error.message : String(error) };
  }
}

/** Source: RFC 9110, section 10.2.3. */
function retryAt(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  const atMs = /^\d{1,9}$/.test(text)
    ? nowMs + Number(text) * 1000
    : /^[A-Z]/.test(text)
      ? Date.parse(text)
      : Number.NaN;
  return atMs > nowMs ? Math.min(atMs, nowMs + longestWaitMs) : undefined;
}
