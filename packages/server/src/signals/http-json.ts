import type { Reading } from 'sluice';
import { durationMs } from '../kinds/duration.ts';
import type { SignalBody } from '../kinds/signal.ts';
import { NotKnown } from '../not-known.ts';
import type { Outside, OutsideAnswer, OutsideSignal } from '../signal.ts';
import { accessHeaders } from './access-headers.ts';
import { atPointer } from './http-json/at-pointer.ts';
import { timeIn } from './http-json/time-in.ts';
import { jsonOfAnswer } from './json-of-answer.ts';
import { knownOrWhy } from './known-or-why.ts';
import { plausibleTime } from './plausible-time.ts';

type HttpJsonBody = Extract<SignalBody, { readonly source: 'http-json' }>;

/** A number in a JSON document that a server answers with. */
export const httpJson: OutsideSignal<'http-json'> = {
  source: 'http-json',
  summary: 'a number at a place in a JSON document',
  read(body, outside, nowMs) {
    const { host } = new URL(body.url);
    return knownOrWhy(host, nowMs, () => readDocument(body, outside, nowMs));
  },
};

async function readDocument(body: HttpJsonBody, outside: Outside, nowMs: number): Promise<Reading> {
  const answer = await ask(body, outside);
  const document = jsonOfAnswer(answer);
  if (answer.status < 200 || answer.status > 299) throw new NotKnown(`it answered ${answer.status}`);
  const value = numberIn(atPointer(document, body.value), body.value);
  const asOfMs = body.asOf === undefined ? nowMs : timeIn(atPointer(document, body.asOf), body.asOf);
  return { asOfMs: plausibleTime(asOfMs, nowMs), value, note: `what stands at ${body.value || 'its root'}` };
}

function ask(body: HttpJsonBody, outside: Outside): Promise<OutsideAnswer> {
  const sent = body.body === undefined ? undefined : JSON.stringify(body.body);
  return outside.ask({
    method: body.method,
    url: body.url,
    headers: {
      ...accessHeaders(body, outside),
      accept: 'application/json',
      ...(sent !== undefined && { 'content-type': 'application/json' }),
    },
    ...(sent !== undefined && { body: sent }),
    timeoutMs: durationMs(body.timeout) ?? 0,
  });
}

/** A text that looks like a number is a text: whoever wrote it so may mean anything by it. */
function numberIn(found: unknown, pointer: string): number {
  const value = typeof found === 'boolean' ? Number(found) : found;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new NotKnown(`what stands at ${pointer || 'its root'} is no number`);
}
