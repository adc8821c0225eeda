import type { EdgeApp } from '../../edge-app.ts';
import { edgeProtocol } from '../../edge-protocol.ts';
import { Problem } from '../../problem.ts';

export interface CommitEventsOptions {
  /** How many may listen at once. */
  readonly most?: number;
  /** How often something is sent to whoever listens, so that the connection is known to live, in milliseconds. */
  readonly keepAliveMs?: number;
}

/** How many events may wait for a listener that does not read, before it is sent away. */
const mostWaiting = 16;
const encoder = new TextEncoder();

/**
 * Answers each listener with a stream of server-sent events: one at once, and one with each new snapshot.
 * Source: the HTML Standard, section 9.2. @throws Problem `too-many-edges`.
 */
export function commitEvents(
  app: Pick<EdgeApp, 'mark' | 'watch' | 'stopping'>,
  { most = 200, keepAliveMs = 15_000 }: CommitEventsOptions = {},
): () => Response {
  const listeners = new Set<() => void>();
  app.stopping.addEventListener('abort', () => {
    for (const end of listeners) end();
  });
  const stream = (): ReadableStream<Uint8Array> => {
    let leave = (): void => {};
    return new ReadableStream({
      start(controller) {
        const send = (text: string): void => {
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) > -mostWaiting) return;
          leave();
          controller.error(new Error('the listener does not read'));
        };
        const tell = (): void =>
          send(`event: ${edgeProtocol.commitEvent}\ndata: {"revision":${app.mark().revision}}\n\n`);
        const end = (): void => {
          leave();
          controller.close();
        };
        const unwatch = app.watch(tell);
        const keepAlive = setInterval(send, keepAliveMs, ':\n\n');
        listeners.add(end);
        leave = () => {
          unwatch();
          clearInterval(keepAlive);
          listeners.delete(end);
        };
        tell();
      },
      cancel: () => leave(),
    });
  };
  return () => {
    if (app.stopping.aborted || listeners.size >= most) {
      throw new Problem('too-many-edges', app.stopping.aborted ? 'this node stops' : `${most} listen already`);
    }
    return new Response(stream(), { headers: { 'Content-Type': 'text/event-stream' } });
  };
}
