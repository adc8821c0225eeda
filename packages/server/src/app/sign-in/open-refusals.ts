import type { SignInRefusal } from '../../sign-in-app.ts';
import type { Transactions } from '../../store.ts';

/** How many refusals of a minute are written down each; those beyond are only counted, so that nobody can fill the log. */
const mostAMinute = 60;
const minuteMs = 60_000;

/** Gives a function that writes refusals into the audit log. */
export function openRefusals(store: Transactions): (refusal: SignInRefusal, nowMs: number) => Promise<void> {
  let minute = 0;
  let written = 0;
  let unwritten = 0;
  return async ({ via, why, user }, nowMs) => {
    const current = Math.floor(nowMs / minuteMs);
    if (current !== minute) {
      minute = current;
      written = 0;
    }
    if (written >= mostAMinute) {
      unwritten += 1;
      return;
    }
    written += 1;
    const missing = unwritten;
    unwritten = 0;
    await store.write((transaction) =>
      transaction.append({
        atMs: nowMs,
        actor: 'system',
        action: 'sign-in.refused',
        ...(user === undefined ? {} : { subject: `user ${user}` }),
        detail: { via, why: readable(why), ...(missing === 0 ? {} : { notWrittenBefore: missing }) },
      }),
    );
  };
}

/** What a provider says is not ours: it is shortened, and nothing in it moves a terminal. */
function readable(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').slice(0, 300);
}
