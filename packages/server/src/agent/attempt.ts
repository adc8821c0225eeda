import { Problem, type ProblemCode } from '../problem.ts';
import type { AgentApi, EnactResult } from './agent-api.ts';
import type { Candidate } from './look-out.ts';

/** What came of an attempt to have a change enacted. */
export type Outcome =
  | { readonly kind: 'enacted' }
  /** The server found something wrong with the change, which is over. */
  | { readonly kind: 'failed'; readonly problem: string }
  /** Something is not there yet, and that is no failure. */
  | { readonly kind: 'waits'; readonly problem: ProblemCode; readonly untilMs: number | undefined }
  /** The server, or its database, is away: nothing is wrong with the change. */
  | { readonly kind: 'away' }
  | { readonly kind: 'trouble'; readonly problem: string; readonly detail: string };

/** What does not speak against a change. */
const waiting: readonly ProblemCode[] = [
  'sign-offs-missing',
  'change-in-conflict',
  'change-not-due',
  'change-not-open',
  'change-not-found',
  'change-claimed',
  'notice-missing',
  'frozen',
  'not-allowed',
  'sign-in-needed',
];
const away: readonly ProblemCode[] = ['store-unavailable', 'store-busy', 'too-many-requests'];

/** How long one attempt may take. */
const mostMs = 10_000;
/** How often it is asked whether a notice could be delivered by now. */
const heldMs = 30_000;

/** Attempts once to have a change enacted. Never fails, and ends in time. */
export async function attempt(
  api: Pick<AgentApi, 'announce' | 'enact'>,
  candidate: Candidate,
  nowMs: () => number,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    const detail = `no answer within ${mostMs / 1000} s`;
    timer = setTimeout(() => resolve({ kind: 'trouble', problem: 'api-unavailable', detail }), mostMs);
  });
  try {
    return await Promise.race([tryIt(api, candidate, nowMs).catch(outcomeOf), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function tryIt(
  api: Pick<AgentApi, 'announce' | 'enact'>,
  { change, isWatched }: Candidate,
  nowMs: () => number,
): Promise<Outcome> {
  if (isWatched) {
    const { state, enactableAtMs } = await api.announce(change.id);
    const isWaiting = state === 'waiting' || (enactableAtMs ?? 0) > nowMs();
    if (isWaiting) return { kind: 'waits', problem: 'notice-missing', untilMs: enactableAtMs };
    if (state === 'held') return { kind: 'waits', problem: 'notice-missing', untilMs: nowMs() + heldMs };
  }
  const { state, problem } = await enact(api, change.id, isWatched);
  if (state === 'enacted') return { kind: 'enacted' };
  if (state === 'failed') return { kind: 'failed', problem: problem?.code ?? 'unknown' };
  return { kind: 'trouble', problem: 'unknown', detail: `it was to be enacted and is ${state}` };
}

/** What waits for a time was announced when it was proposed; where that is there no more, it is announced anew. */
async function enact(
  api: Pick<AgentApi, 'announce' | 'enact'>,
  id: number,
  isAnnounced: boolean,
): Promise<EnactResult> {
  try {
    return await api.enact(id);
  } catch (error) {
    if (!isAnnounced && error instanceof Problem && error.code === 'notice-missing') await api.announce(id);
    throw error;
  }
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof Problem)) return { kind: 'trouble', problem: 'unknown', detail: String(error) };
  const { code, detail, retryAtMs } = error;
  if (away.includes(code)) return { kind: 'away' };
  if (waiting.includes(code)) return { kind: 'waits', problem: code, untilMs: retryAtMs };
  return { kind: 'trouble', problem: code, detail };
}
