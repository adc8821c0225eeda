import type { Decision, Request } from 'sluice';
import type { CountSeries } from '../../count.ts';
import { countedVersion } from '../../counting/counted-version.ts';
import type { Reply } from '../../face.ts';
import type { KnownLabels } from '../../metrics/known-labels.ts';
import { otherLabel } from '../../metrics/meter.ts';
import { emptyJson } from './guardian-json.ts';
import { emptyUpdates } from './render.ts';

/** As which series a check is counted; `undefined` for a product that nobody configured. */
export function countedSeries(
  request: Request,
  { product, channel }: KnownLabels,
  decision: Decision,
  reply: Reply,
): CountSeries | undefined {
  if (product === otherLabel) return undefined;
  const offer = offered(decision, reply);
  return {
    event: request.forced === 'no' ? 'check' : 'forced-check',
    product,
    channel,
    version: countedVersion(request.version),
    release: offer?.release.name ?? '',
    rule: offer?.rule?.id ?? 0,
  };
}

/** What was offered: a release may serve a client and yet have nothing for it. A superblob is offered as a whole. */
function offered(decision: Decision, { status, body }: Reply): (Decision & { readonly kind: 'serve' }) | undefined {
  if (decision.kind !== 'serve' || decision.parts.length === 0 || status !== 200) return undefined;
  return body === emptyUpdates || body === emptyJson ? undefined : decision;
}
