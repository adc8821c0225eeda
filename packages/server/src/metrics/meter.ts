import type { Decision } from 'sluice';
import type { Count, MeterReading } from './meter-reading.ts';

/** The upper ends of the histogram's buckets, in seconds. */
export const durationBounds = [
  0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
] as const;

export interface MeterOptions {
  /** How many series of decisions there may be; what comes later is counted with product and channel `other`. */
  readonly maxSeries?: number;
}

/** What a label says that stands for everything nobody configured. */
export const otherLabel = 'other';

const manyReasons = 64;

/** What is told from the start as 0: Prometheus sees no increase in what begins with 1. */
const expectedProblems = ['snapshot-damaged', 'bug'] as const;
const manyStatuses = 600;

/** Counts what one process does. On the path of a request nothing is made and nothing is looked up by a text. */
export class Meter {
  readonly #maxSeries: number;
  readonly #slots = new Map<string, number>();
  readonly #labels: (readonly string[])[] = [];
  #decisions = new Float64Array(64);
  readonly #statuses = new Float64Array(manyStatuses);
  readonly #durations = new Float64Array(durationBounds.length + 1);
  readonly #refused = new Map<string, number>();
  readonly #unanswered = new Map<string, number>(expectedProblems.map((code) => [code, 0]));
  #durationSeconds = 0;
  #readyHits = 0;
  #readyMisses = 0;
  #releaseReads = 0;
  #releaseReadBytes = 0;
  #releaseReadSeconds = 0;

  constructor({ maxSeries = 20_000 }: MeterOptions = {}) {
    this.#maxSeries = maxSeries;
  }

  /**
   * Where decisions like this one are counted, found once for each answer that is kept ready. `product` and `channel`
   * must be names that somebody configured (`knownLabels`), never what a client sent.
   */
  decisionSlot(product: string, channel: string, decision: Decision): number {
    const outcome = outcomeLabel(decision);
    const reason = decision.kind === 'serve' ? '' : decision.reason;
    const found = this.#slots.get(slotKey(product, channel, outcome, reason));
    if (found !== undefined) return found;
    if (this.#labels.length < this.#maxSeries) return this.#addSlot(product, channel, outcome, reason);
    return (
      this.#slots.get(slotKey(otherLabel, otherLabel, outcome, reason)) ??
      this.#addSlot(otherLabel, otherLabel, outcome, reason)
    );
  }

  countDecision(slot: number): void {
    (this.#decisions[slot] as number) += 1;
  }

  /** Counts an answer that was given on the public listener, and how long it took to make. */
  answered(status: number, seconds: number): void {
    (this.#statuses[status < manyStatuses ? status : 0] as number) += 1;
    let bucket = 0;
    while (bucket < durationBounds.length && seconds > (durationBounds[bucket] as number)) bucket += 1;
    (this.#durations[bucket] as number) += 1;
    this.#durationSeconds += seconds;
  }

  /** Counts what the listener turned away by itself: something broken, one too many, one too slow. */
  refused(reason: string): void {
    countOne(this.#refused, reason);
  }

  /** Counts a request that ended in a failure: `code` is that of the problem, or `bug`. */
  unanswered(code: string): void {
    countOne(this.#unanswered, code);
  }

  readyHit(): void {
    this.#readyHits += 1;
  }

  readyMiss(): void {
    this.#readyMisses += 1;
  }

  /** Counts a release that was read because an answer needed it. */
  releaseRead(bytes: number, seconds: number): void {
    this.#releaseReads += 1;
    this.#releaseReadBytes += bytes;
    this.#releaseReadSeconds += seconds;
  }

  /** Everything so far. */
  read(): MeterReading {
    const counts: Count[] = [];
    const tell = (name: Count['name'], labels: readonly string[], value: number): void => {
      counts.push({ name, labels, value });
    };
    for (const [slot, labels] of this.#labels.entries()) tell('decisions', labels, this.#decisions[slot] ?? 0);
    for (const [status, value] of this.#statuses.entries()) if (value > 0) tell('requests', [String(status)], value);
    for (const [bucket, value] of this.#durations.entries())
      tell('durations', [String(durationBounds[bucket] ?? '+Inf')], value);
    tell('durationMicroseconds', [], Math.floor(this.#durationSeconds * 1e6));
    for (const [reason, value] of this.#refused) tell('refused', [reason], value);
    for (const [code, value] of this.#unanswered) tell('unanswered', [code], value);
    tell('readyAnswers', ['hit'], this.#readyHits);
    tell('readyAnswers', ['miss'], this.#readyMisses);
    tell('releaseReads', [], this.#releaseReads);
    tell('releaseReadBytes', [], this.#releaseReadBytes);
    tell('releaseReadMicroseconds', [], Math.floor(this.#releaseReadSeconds * 1e6));
    return counts;
  }

  #addSlot(...labels: readonly [string, string, string, string]): number {
    const slot = this.#labels.length;
    if (slot === this.#decisions.length) {
      const grown = new Float64Array(slot * 2);
      grown.set(this.#decisions);
      this.#decisions = grown;
    }
    this.#labels.push(labels);
    this.#slots.set(slotKey(...labels), slot);
    return slot;
  }
}

/** Counts under a name, of which there are not too many. */
function countOne(counts: Map<string, number>, name: string): void {
  const counted = counts.has(name) || counts.size < manyReasons ? name : otherLabel;
  counts.set(counted, (counts.get(counted) ?? 0) + 1);
}

function outcomeLabel(decision: Decision): string {
  if (decision.kind === 'serve') return decision.admitted;
  return decision.kind === 'hold' ? 'held' : 'invalid';
}

function slotKey(...labels: readonly [string, string, string, string]): string {
  return labels.join('\0');
}
