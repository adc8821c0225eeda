import type { Following } from '../app/follow-source.ts';
import type { Keeping } from '../app/keep-snapshot.ts';
import type { Check, Health } from '../health.ts';
import type { Checks } from './messages.ts';

/** What the looks of a node came to. */
export function checksOf(following: Following | undefined, keeping: Keeping | undefined): Health['checks'] {
  return {
    store: checkOf(following?.trouble()),
    snapshot: checkOf(following?.fault()),
    disk: checkOf(keeping?.trouble()),
  };
}

/** The same without what is for operators only. */
export function plainChecks({ store, snapshot, disk }: Health['checks']): Checks {
  return { store: store.status, snapshot: snapshot.status, disk: disk.status };
}

/** How often the looks are compared with the last ones, in milliseconds. */
const compareEveryMs = 200;

/** Tells whenever a look comes to something else, until the function that it answers with is called. */
export function tellChecks(checks: () => Checks, tell: (checks: Checks) => void): () => void {
  let told = JSON.stringify(checks());
  const timer = setInterval(() => {
    const now = checks();
    if (JSON.stringify(now) === told) return;
    told = JSON.stringify(now);
    tell(now);
  }, compareEveryMs);
  return () => clearInterval(timer);
}

function checkOf(trouble: unknown): Check {
  if (trouble === undefined) return { status: 'ok' };
  return { status: 'error', detail: trouble instanceof Error ? trouble.message : String(trouble) };
}
