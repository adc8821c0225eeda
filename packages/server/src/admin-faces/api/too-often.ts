import { problemResponse } from '../../http/admin-listener-problem.ts';
import { Problem } from '../../problem.ts';

/** The answer to whoever asks too often: when to ask again. */
export function tooOften(waitMs: number): Response {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const detail = `try again in ${seconds} second${seconds === 1 ? '' : 's'}`;
  const response = problemResponse(new Problem('too-many-requests', detail));
  response.headers.set('Retry-After', String(seconds));
  return response;
}
