import { z } from 'zod';
import { durationMs } from '../../kinds/duration.ts';
import type { SignalBody } from '../../kinds/signal.ts';
import { NotKnown } from '../../not-known.ts';
import type { Outside } from '../../signal.ts';
import { accessHeaders } from '../access-headers.ts';
import { jsonOfAnswer } from '../json-of-answer.ts';
import type { QueryResult } from './samples-of.ts';

const remarks = z.array(z.string()).nullish();
const success = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.string(), result: z.unknown() }),
  warnings: remarks,
  infos: remarks,
});
const failure = z.object({ status: z.literal('error'), errorType: z.string().nullish(), error: z.string().nullish() });
const envelope = z.union([success, failure]);

/** Has a query evaluated as of now. @throws NotKnown where that fails, or what comes of it is said to be doubtful. */
export async function askQuery(
  query: string,
  body: Pick<SignalBody, 'url' | 'access' | 'timeout'>,
  outside: Outside,
  nowMs: number,
): Promise<QueryResult> {
  const timeoutMs = durationMs(body.timeout) ?? 0;
  const answer = await outside.ask({
    method: 'POST',
    url: `${body.url.replace(/\/+$/, '')}/api/v1/query`,
    headers: {
      ...accessHeaders(body, outside),
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    },
    // It gives up a little sooner than we do, so that we hear why.
    body: new URLSearchParams({ query, time: `${nowMs / 1000}`, timeout: `${(timeoutMs * 0.9) / 1000}` }).toString(),
    timeoutMs,
  });
  const { success: isEnvelope, data: told } = envelope.safeParse(jsonOfAnswer(answer));
  if (!isEnvelope) throw new NotKnown(`it answered ${answer.status}, but not as Prometheus does`);
  if (told.status === 'error')
    throw new NotKnown(`it answered ${answer.status}: ${told.errorType ?? 'error'}: ${told.error ?? ''}`);
  if (answer.status !== 200) throw new NotKnown(`it answered ${answer.status}`);
  // Such as Thanos and Mimir give where a part of the data did not answer.
  if (told.warnings != null && told.warnings.length > 0) throw new NotKnown(`it warns: ${told.warnings.join('; ')}`);
  return { ...told.data, infos: told.infos ?? [] };
}
