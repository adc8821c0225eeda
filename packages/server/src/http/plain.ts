import type { Reply } from '../face.ts';

/** A short text of the listener's own. */
export function plain(status: number, body: string, headers: readonly string[] = []): Reply {
  return { status, headers: ['Content-Type', 'text/plain; charset=utf-8', ...headers], body };
}
