import type { Context } from 'hono';
import type { AdminEnv } from '../admin-face.ts';
import { Problem } from '../problem.ts';

const longestForm = 16 * 1024;

/** The fields of a form that was sent. @throws Problem `usage` for what is no form. */
export async function formFields(c: Context<AdminEnv>): Promise<URLSearchParams> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  const length = Number(c.req.header('content-length') ?? 0);
  if (length === 0) return new URLSearchParams();
  if (type !== 'application/x-www-form-urlencoded' || !(length <= longestForm))
    throw new Problem('usage', `this takes a form of at most ${longestForm} bytes`);
  return new URLSearchParams(await c.req.text());
}
