import { type Delivery, longestAttemptMs, type Message, type Reached, type Sending } from '../../notifier.ts';

/** When no other is begun, so that the last one ends in time. */
const lastBeginsMs = longestAttemptMs / 2;

/** Posts each message by itself, the oldest first, and none after one that did not come through. `to` is who has it then. */
export async function postEach(
  messages: readonly Message[],
  to: string,
  { nowMs }: Sending,
  post: (message: Message) => Promise<Delivery>,
): Promise<Delivery> {
  const beganMs = nowMs();
  const reached: Reached[] = [];
  let last: Delivery = { kind: 'delivered', note: 'it was there before' };
  for (const message of messages) {
    if (message.notice.reached?.includes(to) === true) continue;
    if (reached.length > 0 && nowMs() - beganMs > lastBeginsMs) last = { kind: 'later', trouble: 'it took too long' };
    else last = await post(message);
    if (last.kind === 'refused') return last;
    if (last.kind === 'later') return { ...last, ...(reached.length > 0 && { reached }) };
    reached.push({ notice: message.notice.id, recipient: to });
  }
  return last;
}
