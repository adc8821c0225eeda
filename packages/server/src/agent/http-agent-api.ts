import type { Condition, Reading } from 'sluice';
import type { ChangeState } from '../change.ts';
import type { ApiClient, ApiQuery } from '../cli/api-client.ts';
import { pagesOf } from '../cli/pages-of.ts';
import type { AgentApi, ClaimResult, SignalDefinition, StateOfChange, WatchedChange } from './agent-api.ts';

export interface HttpAgentApiOptions {
  readonly client: Pick<ApiClient, 'get' | 'send'>;
  /** By which the agent is known to other agents. */
  readonly holder: string;
  readonly leaseSeconds: number;
}

/** A pending change, as the API lists it. */
interface ListedChange {
  readonly id: number;
  readonly version: number;
  readonly priority: number;
  readonly condition: Condition;
  readonly conflicts: readonly unknown[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly conditionSince?: string;
}

interface ListedState {
  readonly id: number;
  readonly version: number;
  readonly state: ChangeState;
  readonly since: string;
}

interface ListedReading {
  readonly signal: string;
  readonly asOf: string;
  readonly value?: number;
  readonly note: string;
}

interface EnactedChange {
  readonly state: ChangeState;
  readonly problem?: { readonly type: string; readonly detail: string };
}

const mostIds = 200;
const mostReadings = 1000;
/** The agent asks again by itself, when it has looked anew; nothing is done twice by that, and no key need be remembered. */
const once = { onlyOnce: true, keyless: true } as const;

/** What an agent asks, over HTTP. */
export function httpAgentApi({ client, holder, leaseSeconds }: HttpAgentApiOptions): AgentApi {
  const all = async <T>(path: string, field: string, query: ApiQuery = {}): Promise<T[]> => {
    const found: T[] = [];
    for await (const one of pagesOf<T>(client, path, field, query)) found.push(one);
    return found;
  };
  const claim: AgentApi['claim'] = async (changes, { inOrder }) => {
    const body = { holder, seconds: leaseSeconds, changes, inOrder };
    const answer = await client.send<{ readonly claims: readonly ListedClaim[] }>('POST', '/claims', body, once);
    return answer.body.claims.map(readClaim);
  };
  return {
    async pending(updatedFromMs) {
      const from = updatedFromMs === undefined ? {} : { updatedFrom: instant(updatedFromMs) };
      return (await all<ListedChange>('/changes', 'changes', { state: 'pending', ...from })).map(readChange);
    },
    async statesSince(updatedFromMs) {
      const query = { updatedFrom: instant(updatedFromMs) };
      return (await all<ListedState>('/changes/states', 'states', query)).map(readState);
    },
    async statesOf(ids) {
      const found: StateOfChange[] = [];
      for (let at = 0; at < ids.length; at += mostIds) {
        const query = { id: ids.slice(at, at + mostIds).map(String) };
        const { body } = await client.get<{ readonly states: readonly ListedState[] }>('/changes/states', query);
        found.push(...body.states.map(readState));
      }
      return found;
    },
    signals: () => all<SignalDefinition>('/signals', 'signals'),
    async history(signal, fromMs) {
      const found = await all<ListedReading>('/readings', 'readings', { signal, from: instant(fromMs) });
      return found.map(readReading).reverse();
    },
    async report(readings) {
      const told = readings.map(({ name, version, asOfMs, value, note }) => ({
        signal: name,
        version,
        ...(value === undefined ? { unknown: cut(note) || 'no reason was given' } : { value, note: cut(note) }),
        asOf: instant(asOfMs),
      }));
      for (let at = 0; at < told.length; at += mostReadings)
        await client.send('POST', '/readings', { readings: told.slice(at, at + mostReadings) }, once);
    },
    async readOwn(questions) {
      const found = new Map<string, Reading>();
      for (let at = 0; at < questions.length; at += mostReadings) {
        const signals = questions.slice(at, at + mostReadings);
        const { body } = await client.send<{ readonly readings: readonly ListedReading[] }>(
          'POST',
          '/readings/own',
          { signals },
          once,
        );
        for (const one of body.readings) found.set(one.signal, readReading(one));
      }
      return found;
    },
    claim,
    release: async (changes) => void (await client.send('POST', '/claims', { holder, seconds: 0, changes }, once)),
    async announce(change) {
      const { body } = await client.send<{ readonly state: string; readonly enactableAt?: string }>(
        'POST',
        `/changes/${change}/notice`,
        {},
        once,
      );
      const { state, enactableAt } = body;
      return { state, ...(enactableAt !== undefined && { enactableAtMs: Date.parse(enactableAt) }) };
    },
    async enact(change) {
      const { body } = await client.send<EnactedChange>('POST', `/changes/${change}/enact`, { holder }, once);
      const { state, problem } = body;
      const code = problem?.type.replace('/problems/', '');
      return { state, ...(problem !== undefined && { problem: { code: code ?? '', detail: problem.detail } }) };
    },
    async reportAttempt(change, { problem, detail }) {
      const told = { holder, problem, detail: cut(detail) || problem };
      const path = `/changes/${change}/attempts`;
      const { body } = await client.send<{ readonly nextAt: string }>('POST', path, told, once);
      return Date.parse(body.nextAt);
    },
  };
}

interface ListedClaim {
  readonly id: number;
  readonly result: ClaimResult['result'];
  readonly until?: string;
}

function readClaim({ id, result, until }: ListedClaim): ClaimResult {
  return { id, result, ...(until !== undefined && { untilMs: Date.parse(until) }) };
}

function readChange(listed: ListedChange): WatchedChange {
  const { id, version, priority, condition, conflicts, createdAt, conditionSince = createdAt, updatedAt } = listed;
  const sinceMs = Date.parse(conditionSince);
  const isInConflict = conflicts.length > 0;
  return { id, version, priority, condition, sinceMs, updatedAtMs: Date.parse(updatedAt), isInConflict };
}

function readState({ id, version, state, since }: ListedState): StateOfChange {
  return { id, version, state, sinceMs: Date.parse(since) };
}

function readReading({ asOf, value, note }: ListedReading): Reading {
  return { asOfMs: Date.parse(asOf), ...(value !== undefined && { value }), note };
}

function cut(text: string): string {
  return text.slice(0, 2000).trim();
}

const latestMs = Date.UTC(9999, 0);

/** What is beyond all dates is cut to the last. */
function instant(ms: number): string {
  return new Date(Math.min(latestMs, Math.max(0, ms))).toISOString();
}
