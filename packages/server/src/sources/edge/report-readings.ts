import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type EdgeReport, edgeProtocol } from '../../edge-protocol.ts';
import type { ReportOptions } from '../../edge-source.ts';
import type { MeterReading } from '../../metrics/meter-reading.ts';
import type { Link } from './link.ts';
import { readingSince } from './reading-since.ts';

/** An edge that tells the node what it counts. */
export interface Reporting {
  /** Tells once more, and no more. */
  stop(): Promise<void>;
}

const mostAnswerBytes = 64 * 1024;
/** How long a report may take, in milliseconds. */
const mostMs = 10_000;
/** How long the last report may hold up an edge that stops, in milliseconds. */
const lastMs = 2000;

/**
 * Reports all that was counted, again and again, so that nothing is lost with one report. When the node has started
 * anew, its counts begin at nothing; it is then told only what no start of it has taken yet.
 */
export function reportReadings(
  link: Pick<Link, 'ask'>,
  { reading, onTrouble, everyMs = 5000 }: ReportOptions,
): Reporting {
  let instance = randomUUID();
  let sequence = 0;
  let node: string | undefined;
  let base: MeterReading = [];
  let taken: MeterReading = [];
  let inTrouble = false;

  const post = async (answerMs: number): Promise<number> => {
    const now = await reading();
    sequence += 1;
    const report: EdgeReport = { instance, node, sequence, reading: readingSince(base, now) };
    const answer = await link.ask('/readings', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(report),
      mostBytes: mostAnswerBytes,
      statuses: [204, 409],
      answerMs,
    });
    node = answer.headers.get(edgeProtocol.nodeHeader) ?? undefined;
    if (answer.status === 204) taken = now;
    return answer.status;
  };
  const report = async (answerMs: number): Promise<void> => {
    try {
      if ((await post(answerMs)) === 409) {
        base = taken;
        // The same name could be known to this start of the node, with other counts.
        instance = randomUUID();
        sequence = 0;
        await post(answerMs);
      }
      inTrouble = false;
    } catch (error) {
      if (!inTrouble) onTrouble(error);
      inTrouble = true;
    }
  };

  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= report(mostMs).finally(() => {
      running = undefined;
    });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.race([running, pause(lastMs, undefined, { ref: false })]);
      await report(lastMs);
    },
  };
}
