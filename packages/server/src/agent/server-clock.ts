/** The clock of the server, as far as an agent can tell it from the dates of answers, which are whole seconds. */
export interface ServerClock {
  nowMs(): number;
  /** How far the server's clock is ahead of ours. */
  offsetMs(): number;
  /** Learns from an answer: when it was asked for and came, by our clock, and its date by the server's. */
  hear(answer: { readonly askedAtMs: number; readonly answeredAtMs: number; readonly dateMs: number }): void;
}

const secondMs = 1000;

/** Begins by trusting our own clock, and departs from it by no more than the dates demand. */
export function openServerClock(nowMs: () => number): ServerClock {
  let offsetMs = 0;
  return {
    nowMs: () => nowMs() + offsetMs,
    offsetMs: () => offsetMs,
    hear({ askedAtMs, answeredAtMs, dateMs }) {
      // The date was cut to the second, and was written at some moment between asking and answer.
      const least = dateMs - answeredAtMs;
      const most = dateMs + secondMs - askedAtMs;
      if (Number.isFinite(least) && least <= most) offsetMs = Math.min(most, Math.max(least, offsetMs));
    },
  };
}
