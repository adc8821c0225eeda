import type { ClientKey } from 'sluice';
import { z } from 'zod';
import type { App, Brought, Face, Intake, OpenFace, Reply } from '../../face.ts';
import { countBatch } from './count-batch.ts';
import { KeyBudget } from './key-budget.ts';
import { readBatch } from './read-batch.ts';
import { bare, preflight, refused, wrong } from './replies.ts';

const settings = z.strictObject({});

/** What clients report of themselves: `POST /telemetry/v1/events`. Counts only, no ids. */
export const telemetry: Face<'telemetry', typeof settings> = {
  name: 'telemetry',
  summary: 'what clients report of themselves, as counts: installed, active, crashed, failed',
  settings,
  open: openTelemetry,
};

const path = '/telemetry/v1/events';
const mostBytes = 64 * 1024;
const isJson = /^application\/json\s*(?:;|$)/i;

const notAllowed = bare(405, ['Allow', 'POST, OPTIONS']);
const tooLong = bare(413);
const wrongType = bare(415, ['Accept', 'application/json']);

/** Why reports are turned away, as the metrics tell it. */
const reasons: ReadonlyMap<number, string> = new Map([
  [400, 'telemetry-body'],
  [415, 'telemetry-body'],
  [403, 'telemetry-key'],
  [429, 'telemetry-rate'],
]);

function openTelemetry(app: App): OpenFace {
  const budgets = new WeakMap<ClientKey, KeyBudget>();
  const budgetOf = (key: ClientKey): KeyBudget => {
    const known = budgets.get(key) ?? new KeyBudget(key);
    budgets.set(key, known);
    return known;
  };
  const take = (body: Buffer, sent: string | undefined): Reply => {
    const batch = readBatch(body);
    if ('mistakes' in batch) return wrong(batch.mistakes);
    if (sent !== undefined && batch.key !== undefined && batch.key !== sent) {
      return wrong([{ at: 'key', message: 'the header says another one' }]);
    }
    const key = keyOf(app, sent ?? batch.key);
    if (key === undefined) return noSuchKey;
    return countBatch(app, { key, budget: budgetOf(key) }, batch);
  };
  const begin = ({ method, header }: Brought): Reply | Intake => {
    if (method === 'OPTIONS') return preflight;
    if (method !== 'POST') return notAllowed;
    const sent = header('sluice-client-key');
    // Where there is no key, or not this one, no body is worth reading.
    const isHopeless = sent === undefined ? app.snapshot().clientKeys.size === 0 : keyOf(app, sent) === undefined;
    if (isHopeless) return noSuchKey;
    if (!isJson.test(header('content-type') ?? '') || header('content-encoding') !== undefined) return wrongType;
    return { mostBytes, tooLong, take: (body) => tell(take(body, sent)) };
  };
  const tell = <T extends Reply | Intake>(found: T): T => {
    const reason = 'status' in found ? reasons.get(found.status) : undefined;
    if (reason !== undefined) app.meter?.refused(reason);
    return found;
  };
  return {
    answer: ({ url }) => (isOurs(url) ? notAllowed : undefined),
    explain: () => undefined,
    receive: (brought) => (isOurs(brought.url) ? tell(begin(brought)) : undefined),
  };
}

const noSuchKey = refused('client-key-refused', 'there is no such client key');

/** The key of the newest snapshot, which may have been deleted since it was asked for. */
function keyOf(app: App, text: string | undefined): ClientKey | undefined {
  return text === undefined ? undefined : app.snapshot().clientKeys.get(text);
}

function isOurs(url: string): boolean {
  return url === path || url.startsWith(`${path}?`);
}
