import type { NotifierBody } from '../../kinds/notifier.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** How long after each failed attempt the next one comes. Source: Standard Webhooks, "Deliverability and reliability". */
const ofWebhooks = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** A mail server that greylists wants to be asked again soon. */
const ofMail = [5 * second, 30 * second, 2 * minute, ...ofWebhooks.slice(1)];

/** The longest that the other side can have us wait. */
const longestWaitMs = 24 * hour;

/**
 * When a notice is attempted again that has failed so often; `undefined` when it is given up.
 * @param askedMs the moment before which the other side does not want to be asked
 */
export function nextAttemptMs(
  transport: NotifierBody['transport'],
  attempts: number,
  nowMs: number,
  askedMs: number | undefined,
): number | undefined {
  const waitMs = (transport === 'email' ? ofMail : ofWebhooks)[attempts - 1];
  if (waitMs === undefined) return undefined;
  return Math.max(nowMs + waitMs, Math.min(askedMs ?? 0, nowMs + longestWaitMs));
}
