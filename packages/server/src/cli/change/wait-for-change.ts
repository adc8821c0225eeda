import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../problem.ts';
import type { ApiClient } from '../api-client.ts';
import type { ShownChange } from '../shown-change.ts';

export interface WaitOptions {
  /** How long to wait at most, in milliseconds; for ever unless said. */
  readonly mostMs?: number | undefined;
  /** How long to wait between two looks, in milliseconds. */
  readonly everyMs?: number;
  /** Called with each version of the change that is new. */
  readonly onNews: (change: ShownChange) => void;
}

const over = ['enacted', 'vetoed', 'failed'];
/** So many looks in a row may fail, as they do while a server is started anew. */
const mostFailures = 60;

/** Waits until a change is over, or for as long as it may, and answers how it is then. */
export async function waitForChange(
  api: Pick<ApiClient, 'get'>,
  first: ShownChange,
  { mostMs = Number.POSITIVE_INFINITY, everyMs = 1000, onNews }: WaitOptions,
): Promise<ShownChange> {
  let change = first;
  let failures = 0;
  for (const began = performance.now(); !over.includes(change.state) && performance.now() - began < mostMs; ) {
    await pause(everyMs);
    try {
      const { body } = await api.get<ShownChange>(`/changes/${change.id}`);
      if (body.version !== change.version) onNews(body);
      change = body;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!isPassing(error) || failures > mostFailures) throw error;
    }
  }
  return change;
}

function isPassing(error: unknown): boolean {
  const passing = ['api-unavailable', 'store-unavailable', 'store-busy', 'too-many-requests'];
  return error instanceof Problem && passing.includes(error.code);
}
