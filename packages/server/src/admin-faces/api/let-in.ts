import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import type { ApiApp, Identified } from '../../api-app.ts';
import { addressGroup } from '../../http/address-group.ts';
import { RateLimit } from '../../http/rate-limit.ts';
import { Problem } from '../../problem.ts';
import type { ApiEnv } from './api-env.ts';
import { textOf } from './schemas.ts';
import { tooOften } from './too-often.ts';

/** How often somebody may ask whom nothing vouches for, by address. */
const ofStrangers = { perSecond: 1, burst: 30, mostKeys: 20_000 } as const;
const mostRemembered = 10_000;

/**
 * Finds out who asks before anything else is read, and answers 429 to those who ask too often. An address from which many
 * were not let in is answered without a look at the store, but for what was let in before: one who does not get in must not
 * keep out those who do. A call to stop is never turned away for coming too often.
 */
export function letIn(app: ApiApp): MiddlewareHandler<ApiEnv> {
  const callers = app.rate.perSecond === 0 ? undefined : new RateLimit(app.rate);
  const strangers = new RateLimit(ofStrangers);
  const wasLetIn = new LRUCache<string, true>({ max: mostRemembered });

  async function identify(c: Context<ApiEnv>, isUrgent: boolean): Promise<Identified | number> {
    const address = addressGroup(app.addressOf(c.env.incoming));
    const shown = digestOfShown(c);
    const isBarred = !isUrgent && !wasLetIn.has(shown);
    const waitMs = isBarred ? strangers.waitMs(address, performance.now()) : 0;
    if (waitMs > 0) return waitMs;
    try {
      const caller = await app.identify(c.req.raw);
      wasLetIn.set(shown, true);
      return caller;
    } catch (error) {
      if (error instanceof Problem && error.code === 'sign-in-needed') {
        strangers.take(address, performance.now());
        wasLetIn.delete(shown);
      }
      throw forStrangers(error);
    }
  }

  return async (c, next) => {
    const isUrgent = c.req.method === 'POST' && c.req.path === '/api/v1/stops';
    const caller = await identify(c, isUrgent);
    if (typeof caller === 'number') return tooOften(caller);
    const waitMs = isUrgent ? 0 : (callers?.take(textOf(caller), performance.now()) ?? 0);
    if (waitMs > 0) return tooOften(waitMs);
    c.set('caller', caller);
    return next();
  };
}

/** Nobody knows yet who asks, so nothing is said of where the database is. */
function forStrangers(error: unknown): unknown {
  const isOfStore = error instanceof Problem && error.code.startsWith('store-');
  return isOfStore ? new Problem(error.code, 'who asks cannot be looked up now', [], { cause: error }) : error;
}

/** What a request shows to be let in, unreadable. */
function digestOfShown(c: Context<ApiEnv>): string {
  const shown = [c.req.header('authorization'), c.req.header('cookie')];
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64');
}
