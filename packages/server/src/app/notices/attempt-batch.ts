import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery } from '../../notifier.ts';
import { Problem } from '../../problem.ts';
import { atDesk, type Changing } from '../changes/desk.ts';
import { type Delivering, deliverBatch } from './deliver-batch.ts';
import { keepLease } from './keep-lease.ts';
import { settleBatch } from './settle-batch.ts';
import type { Batch } from './take-batch.ts';

/** The principal of whom nobody has asked for anything. */
export const system = { principal: { kind: 'local', name: 'system' } } as const;

/** After a crash what was being sent is taken up again so much later; an attempt that lasts says so in time. */
export const leaseMs = 10_000;
const leaseEveryMs = 3000;
const settleEveryMs = 1000;

/** Sends a batch once and writes down what came of it, as soon as the store takes it. */
export async function attemptBatch(
  changing: Changing,
  batch: Batch,
  delivering: Delivering,
): Promise<Delivery['kind']> {
  const { sending, onBug } = delivering;
  const { nowMs } = changing;
  const notices = batch.messages.map(({ notice }) => notice);
  const extend = () => atDesk(changing, system, ({ tx }) => keepLease(tx, notices, nowMs() + leaseMs));
  const keeping = setInterval(() => extend().catch((error) => isOfStore(error) || onBug(error)), leaseEveryMs);
  keeping.unref();
  try {
    const delivery = await deliverBatch(batch, delivering);
    const isBrokenOff = sending.signal.aborted;
    const attempted = { notifier: batch.notifier, notices, delivery, isBrokenOff };
    // What was delivered must be known as such, or it is sent again: however long the store is away, and nothing can be sent then.
    for (;;) {
      try {
        await atDesk(changing, system, (desk) => settleBatch(desk, attempted));
        return delivery.kind;
      } catch (error) {
        if (sending.signal.aborted || !isOfStore(error)) throw error;
      }
      await pause(settleEveryMs);
    }
  } finally {
    clearInterval(keeping);
  }
}

/** Whether it is about the store being away, of which the node tells by itself. */
export function isOfStore(error: unknown): boolean {
  return error instanceof Problem && error.code.startsWith('store-');
}
