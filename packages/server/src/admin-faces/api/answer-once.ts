import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ApiApp } from '../../api-app.ts';
import { atDesk, type Desk } from '../../app/changes/desk.ts';
import { Problem } from '../../problem.ts';
import type { ApiEnv } from './api-env.ts';
import { textOf } from './schemas.ts';

/** What an act is answered with. */
export interface Answer<Body> {
  readonly status: 200 | 201 | 202;
  readonly body: Body;
  /** The version of what was answered, for the `ETag`. */
  readonly version?: number;
}

const longestKey = 200;

/**
 * Does `work` in one transaction for whoever asks. A request that names itself with an `Idempotency-Key` is done once:
 * sent again by the same caller it gets the same answer, which is written in the same transaction.
 *
 * @throws Problem `idempotency-key-reused`, `usage`
 */
export async function answerOnce<Body>(
  c: Context<ApiEnv>,
  app: ApiApp,
  work: (desk: Desk) => Promise<Answer<Body>>,
  options: { readonly urgent?: boolean } = {},
): Promise<Answer<Body>> {
  const key = c.req.header('idempotency-key');
  const caller = c.get('caller');
  if (key === undefined) return atDesk(app.changing, caller, work, options);
  if (key.length === 0 || key.length > longestKey || !/^[\x21-\x7e]+$/.test(key)) {
    throw new Problem('usage', `an Idempotency-Key is 1 to ${longestKey} visible ASCII characters`);
  }
  const request = await digestOfRequest(c);
  const principal = textOf(caller);
  return atDesk(
    app.changing,
    caller,
    async (desk) => {
      const before = await desk.tx.replay(principal, key);
      if (before !== undefined) {
        if (before.request !== request)
          throw new Problem('idempotency-key-reused', `the key ${key} was used for another request`);
        return JSON.parse(before.body) as Answer<Body>;
      }
      const answer = await work(desk);
      const body = JSON.stringify(answer);
      await desk.tx.putReplay({ principal, key, request, atMs: desk.nowMs, status: answer.status, body });
      return answer;
    },
    options,
  );
}

async function digestOfRequest(c: Context<ApiEnv>): Promise<string> {
  const { method, path } = c.req;
  const hash = createHash('sha256').update(JSON.stringify([method, path, c.req.header('if-match') ?? '']));
  return hash.update(await c.req.text()).digest('hex');
}

/** Whether an act must be asked of the version that was seen, or only heeds it when it is told. */
export type NeedsVersion = 'needed' | 'heeded';

/**
 * The version in the `If-Match` header.
 * @throws Problem `version-needed` where it is missing; `usage` for one that is no version of ours
 */
export function expectedVersionOf(c: Context<ApiEnv>, needs: NeedsVersion): number | undefined {
  const header = c.req.header('if-match');
  if (header === undefined && needs === 'needed') {
    throw new Problem('version-needed', 'send the ETag of what you saw as If-Match');
  }
  if (header === undefined || header === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version === undefined) throw new Problem('usage', 'If-Match is the ETag of an answer, such as "3"');
  return Number(version);
}
