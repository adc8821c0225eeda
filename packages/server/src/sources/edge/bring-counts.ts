import type { CountBatch } from '../../count.ts';
import type { Link } from './link.ts';

const mostAnswerBytes = 64 * 1024;
/** How long a batch may take, in milliseconds: the node answers when its store has it. */
const mostMs = 15_000;

/** Brings a batch to the node, and answers once it is there for good. @throws Problem. */
export async function bringCounts(link: Pick<Link, 'ask'>, batch: CountBatch): Promise<void> {
  await link.ask('/counts', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(batch),
    mostBytes: mostAnswerBytes,
    statuses: [204],
    answerMs: mostMs,
  });
}
