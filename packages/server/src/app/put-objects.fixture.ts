import type { Store } from '../store.ts';
import { followCurrent } from './changes/current.ts';
import { atDesk, type Desk } from './changes/desk.ts';
import { type ObjectsProposal, type ProposedObjects, proposeObjects } from './changes/propose-objects.ts';
import type { Edit } from './prepare-edits.ts';

/** Who puts, and when. */
interface Putting {
  readonly atMs?: number;
  /** A local user. */
  readonly author?: string;
}

let salts = 0;

/** Works at a desk as somebody who runs a command; every salt that is made there is another one. */
export function atLocalDesk<T>(
  store: Store,
  work: (desk: Desk) => Promise<T>,
  { atMs = 1_790_000_000_000, author = 'ada' }: Putting = {},
): Promise<T> {
  const makeSalt = (): string => `salt${String(salts++).padStart(12, '0')}`;
  const changing = { store, current: followCurrent(), nowMs: () => atMs, makeSalt };
  return atDesk(changing, { principal: { kind: 'local', name: author } }, work);
}

/** Writes objects as `sluice put` does. */
export function putObjects(
  store: Store,
  edits: readonly Edit[],
  { atMs, author, ...more }: Partial<ObjectsProposal> & Putting = {},
): Promise<ProposedObjects> {
  const proposal = { reason: 'because', doubts: 'refuse', code: 'invalid-object', ...more, edits } as const;
  return atLocalDesk(store, (desk) => proposeObjects(desk, proposal), {
    ...(atMs !== undefined && { atMs }),
    ...(author !== undefined && { author }),
  });
}
