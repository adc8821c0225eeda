import type { Condition, Reading } from 'sluice';
import { signalKey } from '../app/conditions/signal-key.ts';
import type { ChangeState } from '../change.ts';
import { Problem } from '../problem.ts';
import type {
  AgentApi,
  ClaimResult,
  EnactResult,
  NoticeResult,
  OutsideReading,
  SignalDefinition,
  StateOfChange,
  WatchedChange,
} from './agent-api.ts';

/** A server in memory, as agents see one, which writes down what it is asked. */
export interface FakeServer {
  /** The API as one of its agents has it. */
  api(holder?: string): AgentApi;
  put(change: Partial<WatchedChange> & { readonly condition: Condition }): number;
  end(id: number, state: ChangeState): void;
  define(...signals: readonly SignalDefinition[]): void;
  /** What reading one of its own counters gives. */
  own: (key: string) => Reading | undefined;
  /** What an enactment comes to: it is enacted unless this says otherwise or throws. */
  onEnact: (id: number) => Promise<EnactResult | undefined>;
  onAnnounce: (id: number) => Promise<NoticeResult>;
  /** Of which signals nothing is said and nothing taken, by their keys. */
  refused: (key: string) => boolean;
  /** Thrown by whatever is asked, while it is there. */
  trouble: Error | undefined;
  /** The operation at which it is away. */
  goesAwayAt: keyof AgentApi | undefined;
  readonly enacted: readonly { readonly id: number; readonly atMs: number; readonly by: string }[];
  readonly announced: readonly number[];
  readonly attempts: readonly { readonly id: number; readonly problem: string }[];
  readonly reported: readonly OutsideReading[];
  /** How often each operation was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  readonly claims: ReadonlyMap<number, { readonly holder: string; readonly untilMs: number }>;
}

const leaseMs = 500;
const restMs = 300;

export function fakeServer(nowMs: () => number = Date.now): FakeServer {
  const changes = new Map<number, WatchedChange>();
  const states = new Map<number, StateOfChange>();
  const claims = new Map<number, { holder: string; untilMs: number }>();
  const resting = new Map<number, number>();
  const histories = new Map<string, Reading[]>();
  const signals = new Map<string, SignalDefinition>();
  const asked = new Map<string, number>();
  const enacted: { id: number; atMs: number; by: string }[] = [];
  const announced: number[] = [];
  const attempts: { id: number; problem: string }[] = [];
  const reported: OutsideReading[] = [];
  let newest = 0;

  function note(change: WatchedChange, state: ChangeState): void {
    changes.set(change.id, change);
    states.set(change.id, { id: change.id, version: change.version, state, sinceMs: nowMs() });
  }

  const server: FakeServer = {
    api: (holder = 'one') => apiFor(holder),
    put(wish) {
      newest = Math.max(newest + 1, wish.id ?? 0);
      const id = wish.id ?? newest;
      const version = (changes.get(id)?.version ?? 0) + 1;
      const updatedAtMs = nowMs();
      note({ priority: 0, sinceMs: updatedAtMs, updatedAtMs, isInConflict: false, ...wish, id, version }, 'pending');
      return id;
    },
    end(id, state) {
      const change = changes.get(id);
      if (change !== undefined) note({ ...change, version: change.version + 1, updatedAtMs: nowMs() }, state);
    },
    define(...found) {
      for (const one of found) signals.set(one.name, one);
    },
    own: () => undefined,
    refused: () => false,
    onEnact: async () => undefined,
    onAnnounce: async () => ({ state: 'announced', enactableAtMs: 0 }),
    trouble: undefined,
    goesAwayAt: undefined,
    enacted,
    announced,
    attempts,
    reported,
    asked,
    claims,
  };

  function apiFor(holder: string): AgentApi {
    const counted =
      <Args extends readonly unknown[], T>(name: string, work: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        asked.set(name, (asked.get(name) ?? 0) + 1);
        if (server.trouble !== undefined) throw server.trouble;
        if (server.goesAwayAt === name) throw new Problem('api-unavailable', 'it is away');
        return work(...args);
      };
    const refuse = (keys: readonly string[], code: 'object-not-found' | 'not-allowed'): void => {
      if (keys.some((key) => server.refused(key))) throw new Problem(code, `nothing is said of ${keys.join(', ')}`);
    };
    const isPending = ({ id }: WatchedChange) => states.get(id)?.state === 'pending';
    return {
      pending: counted('pending', async (fromMs?: number) =>
        [...changes.values()].filter((change) => isPending(change) && change.updatedAtMs >= (fromMs ?? 0)),
      ),
      statesSince: counted('statesSince', async (fromMs: number) =>
        [...states.values()].filter(({ id }) => (changes.get(id)?.updatedAtMs ?? 0) >= fromMs),
      ),
      statesOf: counted('statesOf', async (ids: readonly number[]) =>
        ids.map((id) => states.get(id)).filter((one) => one !== undefined),
      ),
      signals: counted('signals', async () => [...signals.values()]),
      history: counted('history', async (key: string) => {
        refuse([key], 'object-not-found');
        return [...(histories.get(key) ?? [])];
      }),
      report: counted('report', async (readings) => {
        // One that may be reported has the others left out, and nothing more.
        if (readings.every((one) => server.refused(signalKey(one)))) throw new Problem('not-allowed', 'no such signal');
        for (const one of readings) {
          reported.push(one);
          histories.set(signalKey(one), [...(histories.get(signalKey(one)) ?? []), one]);
        }
      }),
      readOwn: counted('readOwn', async (questions) => {
        refuse(questions.map(signalKey), 'not-allowed');
        const found = questions.map((one) => [signalKey(one), server.own(signalKey(one))] as const);
        return new Map(found.filter((one): one is readonly [string, Reading] => one[1] !== undefined));
      }),
      claim: counted('claim', async (ids: readonly number[], { inOrder }) => {
        const results: ClaimResult[] = [];
        for (const id of ids) {
          const claim = claims.get(id);
          const restsUntilMs = resting.get(id) ?? 0;
          if (inOrder && results.some(({ result }) => result === 'claimed')) results.push({ id, result: 'behind' });
          else if (states.get(id)?.state !== 'pending') results.push({ id, result: 'gone' });
          else if (claim !== undefined && claim.holder !== holder && nowMs() < claim.untilMs)
            results.push({ id, result: 'claimed', untilMs: claim.untilMs });
          else if (nowMs() < restsUntilMs) results.push({ id, result: 'resting', untilMs: restsUntilMs });
          else {
            claims.set(id, { holder, untilMs: nowMs() + leaseMs });
            results.push({ id, result: 'granted' });
          }
        }
        return results;
      }),
      release: counted('release', async (ids: readonly number[]) => {
        for (const id of ids) if (claims.get(id)?.holder === holder) claims.delete(id);
      }),
      announce: counted('announce', async (id: number) => {
        announced.push(id);
        return server.onAnnounce(id);
      }),
      enact: counted('enact', async (id: number): Promise<EnactResult> => {
        const outcome = await server.onEnact(id);
        if (outcome !== undefined) return outcome;
        if (states.get(id)?.state === 'pending') enacted.push({ id, atMs: nowMs(), by: holder });
        server.end(id, 'enacted');
        return { state: 'enacted' };
      }),
      reportAttempt: counted('reportAttempt', async (id: number, { problem }) => {
        attempts.push({ id, problem });
        resting.set(id, nowMs() + restMs);
        claims.delete(id);
        return nowMs() + restMs;
      }),
    };
  }

  return server;
}
