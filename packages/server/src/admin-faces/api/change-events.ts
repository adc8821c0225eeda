import type { ApiApp } from '../../api-app.ts';
import { atMoment, type Caller } from '../../app/changes/desk.ts';
import { type FollowAudit, followAudit } from '../../app/history/follow-audit.ts';
import type { AuditEntry } from '../../audit.ts';
import type { ChangeSummary } from '../../change.ts';
import { principalText } from '../../principal.ts';
import { Problem, type ProblemCode } from '../../problem.ts';
import type { StoreView } from '../../store.ts';
import { instantOf } from './schemas.ts';
import { isVisible } from './visible-change.ts';

export interface ChangeEventsOptions {
  /** How many may listen at once, and how many of one caller. */
  readonly most?: number;
  readonly mostEach?: number;
  /** How often something is sent to whoever listens, and whoever listens is asked for anew, in milliseconds. */
  readonly keepAliveMs?: number;
}

/** Who listens. */
export interface Listener {
  readonly caller: Caller;
  /** The last entry that was heard of before; absent to begin with what comes. */
  readonly lastSeq: number | undefined;
  /** @throws Problem when the caller is not let in any more */
  readonly identify: () => Promise<unknown>;
}

const pageSize = 200;
const encoder = new TextEncoder();

/**
 * Answers each listener with a stream of server-sent events, one for each entry of the audit log about a change that they
 * may see. It is read no faster than they read it. Source: the HTML Standard, section 9.2.
 */
export function changeEvents(
  app: Pick<ApiApp, 'changing' | 'watch' | 'stopping'>,
  { most = 100, mostEach = 10, keepAliveMs = 15_000 }: ChangeEventsOptions = {},
): (listener: Listener) => Promise<Response> {
  const listening = new Map<symbol, string>();
  let follow: FollowAudit | undefined;

  const refuse = (who: string): void => {
    const mine = [...listening.values()].filter((one) => one === who).length;
    if (app.stopping.aborted) throw new Problem('too-many-requests', 'this node stops');
    if (listening.size >= most) throw new Problem('too-many-requests', `${most} listen already`);
    if (mine >= mostEach) throw new Problem('too-many-requests', `${mine} of yours listen already`);
  };

  return async ({ caller, lastSeq, identify }) => {
    const who = principalText(caller.principal);
    refuse(who);
    const me = Symbol(who);
    listening.set(me, who);
    let wake = (): void => {};
    let hasMore = true;
    let isOver = false;
    follow ??= followAudit({ store: app.changing.store, watch: app.watch });
    const unfollow = follow(() => {
      hasMore = true;
      wake();
    });
    const leave = (): void => {
      isOver = true;
      listening.delete(me);
      unfollow();
      app.stopping.removeEventListener('abort', leave);
      wake();
    };
    app.stopping.addEventListener('abort', leave);

    let position: number;
    let greeting: string;
    try {
      ({ position, greeting } = await beginning(app, lastSeq));
    } catch (error) {
      leave();
      throw error;
    }
    let saidAtMs = performance.now();
    const rest = async (): Promise<void> => {
      const dueMs = keepAliveMs - (performance.now() - saidAtMs);
      if (hasMore || isOver || dueMs <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, dueMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    };
    /** The next text to be sent; `undefined` when it is over. */
    const next = async (): Promise<string | undefined> => {
      while (!isOver) {
        await rest();
        if (isOver) break;
        if (performance.now() - saidAtMs >= keepAliveMs) {
          // Who was signed out or lost a token does not go on listening.
          if (!(await mayStay(identify))) break;
          saidAtMs = performance.now();
          // Where the last look failed, nothing else may bring about another.
          hasMore = true;
          return `: ${position}\n\n`;
        }
        hasMore = false;
        const read = await readOn(app, caller, position).catch(heldUp);
        // A database that is away is asked again after the next hint, or when something has to be said.
        if (read === undefined) continue;
        hasMore ||= read.hasMore;
        position = read.position;
        if (read.text !== '') return read.text;
      }
      return undefined;
    };
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(encoder.encode(greeting)),
      async pull(controller) {
        const text = await next();
        if (text !== undefined) return controller.enqueue(encoder.encode(text));
        leave();
        controller.close();
      },
      cancel: leave,
    });
    return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
  };
}

const passing: readonly ProblemCode[] = ['store-unavailable', 'store-busy'];

/** A database that is away says nothing of who listens, and there is nothing to be heard from it. */
async function mayStay(identify: Listener['identify']): Promise<boolean> {
  try {
    await identify();
    return true;
  } catch (error) {
    return error instanceof Problem && passing.includes(error.code);
  }
}

function heldUp(error: unknown): undefined {
  if (!(error instanceof Problem)) throw error;
}

/** Where a listener begins, and what they are told first: the place itself, so that they can come back to it. */
async function beginning({ changing }: Pick<ApiApp, 'changing'>, lastSeq: number | undefined) {
  const head = await changing.store.read((view) => view.auditHead());
  if (lastSeq === undefined) return { position: head.seq, greeting: `id: ${head.seq}\n\n` };
  const isThere = lastSeq >= head.removedSeq && lastSeq <= head.seq;
  if (isThere) return { position: lastSeq, greeting: `id: ${lastSeq}\n\n` };
  // Retention has removed what came next, or the database was put back to before it.
  const position = lastSeq > head.seq ? head.seq : head.removedSeq;
  return { position, greeting: `id: ${position}\nevent: missed\ndata: {}\n\n` };
}

interface ReadOn {
  readonly text: string;
  readonly position: number;
  readonly hasMore: boolean;
}

async function readOn({ changing }: Pick<ApiApp, 'changing'>, caller: Caller, position: number): Promise<ReadOn> {
  return atMoment(changing, async ({ tx, current }) => {
    const entries = await tx.audit({ after: position, limit: pageSize });
    const changes = new Map<number, ChangeSummary | undefined>();
    let text = '';
    for (const entry of entries) {
      const id = entry.change;
      if (id === undefined) continue;
      if (!changes.has(id)) changes.set(id, await summaryOf(tx, id));
      const change = changes.get(id);
      if (change !== undefined && isVisible(current, caller, change)) text += eventOf(entry, change);
    }
    return { text, position: entries.at(-1)?.seq ?? position, hasMore: entries.length === pageSize };
  });
}

/** Without its edits, which may be megabytes. */
async function summaryOf(tx: StoreView, id: number): Promise<ChangeSummary | undefined> {
  const [change] = await tx.changes({ before: id + 1, limit: 1 });
  return change?.id === id ? change : undefined;
}

function eventOf({ seq, action, actor, atMs }: AuditEntry, { id, state }: ChangeSummary): string {
  const data = JSON.stringify({ change: id, action, at: instantOf(atMs), actor, state });
  return `id: ${seq}\nevent: ${action}\ndata: ${data}\n\n`;
}
