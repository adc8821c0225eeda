import { z } from 'zod';

/**
 * What is counted, and which labels its numbers carry. Durations are counted in whole microseconds, so that sums are
 * exact in whatever order they are made.
 */
export const counterLabels = {
  decisions: ['product', 'channel', 'outcome', 'reason'],
  requests: ['status'],
  /** Each bucket by itself: what took no longer than `le` seconds, and longer than the next smaller. */
  durations: ['le'],
  durationMicroseconds: [],
  /** Whom the listener sent away by itself. */
  refused: ['reason'],
  /** Requests that no answer could be given to, by the problem or as `bug`. */
  unanswered: ['problem'],
  /** `hit` or `miss`. */
  readyAnswers: ['result'],
  releaseReads: [],
  releaseReadBytes: [],
  releaseReadMicroseconds: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CounterName = keyof typeof counterLabels;

/** One whole number that only grows, with the values of its labels in their order. */
export interface Count {
  readonly name: CounterName;
  readonly labels: readonly string[];
  readonly value: number;
}

/** All that was counted since the start, in plain JSON. */
export type MeterReading = readonly Count[];

const names = Object.keys(counterLabels) as CounterName[];
const count = z
  .strictObject({ name: z.enum(names), labels: z.array(z.string().max(256)), value: z.int().min(0) })
  .refine(({ name, labels }) => labels.length === counterLabels[name].length, 'labels are not those of the counter');

/** The shape of a reading that comes from another process or node. */
export const meterReadingSchema = z.array(count).max(50_000);
