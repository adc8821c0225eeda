import type { EdgeApp } from '../../edge-app.ts';
import { countBatchSchema } from '../../edge-protocol.ts';
import { mistakesOf } from '../../place.ts';
import { problemOf } from '../../problem.ts';

/** How many mistakes of a batch are told. */
const mostMistakes = 20;

/** Takes a batch that an edge has counted, and answers when it is kept. @throws Problem `usage`, `store-unavailable`. */
export async function takeCounts({ bringCounts }: Pick<EdgeApp, 'bringCounts'>, body: unknown): Promise<Response> {
  const parsed = countBatchSchema.safeParse(body);
  if (!parsed.success) throw problemOf('usage', mistakesOf(parsed.error, { at: '' }).slice(0, mostMistakes));
  await bringCounts(parsed.data);
  return new Response(null, { status: 204 });
}
