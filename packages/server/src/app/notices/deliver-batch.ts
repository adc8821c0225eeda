import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, Notifier, Sending } from '../../notifier.ts';
import type { Batch } from './take-batch.ts';

export interface Delivering {
  readonly notifiers: readonly Notifier[];
  readonly sending: Sending;
  /** How long it may take, whatever the other side does. */
  readonly longestMs: number;
  readonly onBug: (error: unknown) => void;
}

/** Hands a batch to its way of sending, and does not wait for it for ever. */
export async function deliverBatch({ notifier, messages }: Batch, delivering: Delivering): Promise<Delivery> {
  const { notifiers, sending, longestMs, onBug } = delivering;
  const { body } = notifier;
  const way = notifiers.find(({ transport }) => transport === body.transport);
  if (way === undefined) return { kind: 'later', trouble: `this server cannot send by ${body.transport}` };
  const end = new AbortController();
  const ends = { signal: end.signal, ref: false };
  const tooLong = pause(longestMs, later('it took too long'), ends).catch(() => later(''));
  const broken = brokenOff(sending.signal, end.signal);
  try {
    return await Promise.race([way.deliver(messages, body as never, sending), tooLong, broken]);
  } catch (error) {
    onBug(error);
    return { kind: 'later', trouble: 'it could not be sent, and nobody expected that' };
  } finally {
    end.abort();
  }
}

/** How long a way of sending may take to end when the server stops. */
const graceMs = 2000;

async function brokenOff(stopping: AbortSignal, end: AbortSignal): Promise<Delivery> {
  if (!stopping.aborted) await once(stopping, 'abort', { signal: end }).catch(() => undefined);
  await pause(graceMs, undefined, { signal: end, ref: false }).catch(() => undefined);
  return later('the server stops');
}

function later(trouble: string): Delivery {
  return { kind: 'later', trouble };
}
