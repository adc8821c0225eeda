import { LRUCache } from 'lru-cache';
import type { EdgeApp } from '../../edge-app.ts';
import { edgeProtocol, edgeReportSchema } from '../../edge-protocol.ts';
import { problemResponse } from '../../http/admin-listener-problem.ts';
import { mistakesOf } from '../../place.ts';
import { Problem, problemOf } from '../../problem.ts';

/** How many mistakes of a report are told. */
const mostMistakes = 20;
/** How many instances of edges are remembered: many more than are counted apart, so that no report comes late unseen. */
const mostInstances = 20_000;

/**
 * Takes what edges have counted. Whoever reports to an earlier start of the node is told so, before anything is counted
 * twice. @throws Problem `usage`, `too-many-edges`.
 */
export function takeReport({ putReading }: Pick<EdgeApp, 'putReading'>, node: string): (report: unknown) => Response {
  const sequences = new LRUCache<string, number>({ max: mostInstances });
  return (report) => {
    const parsed = edgeReportSchema.safeParse(report);
    if (!parsed.success) throw problemOf('usage', mistakesOf(parsed.error, { at: '' }).slice(0, mostMistakes));
    const { instance, node: meant, sequence, reading } = parsed.data;
    const isMeant = meant === undefined || meant === node;
    if (isMeant && sequence > (sequences.get(instance) ?? 0)) {
      if (!putReading(`edge ${instance}`, reading))
        throw new Problem('too-many-edges', 'this node counts for no more of them');
      sequences.set(instance, sequence);
    }
    const response = isMeant
      ? new Response(null, { status: 204 })
      : problemResponse(new Problem('node-restarted', 'report what was not reported to another start of it'));
    response.headers.set(edgeProtocol.nodeHeader, node);
    return response;
  };
}
