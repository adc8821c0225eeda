import { figure, interleaved } from '../harness.ts';
import { openSluice, requestsPerCpuSecond } from '../peers/servers.ts';
import type { UpdatesWorld } from '../worlds/updates.ts';

/** Few enough that one worker is not busy all the time. */
const sameRate = 6000;

/**
 * What a request costs with two workers against one; the primary's time counts in both. At the same rate both do the same
 * work. As fast as the load comes, two share what one has alone, and each finds fewer requests when it looks: that costs
 * a little more, and says as much of the load as of the server.
 */
export async function twoWorkers({ objects, urls }: UpdatesWorld): Promise<void> {
  const one = await openSluice(objects, ['--workers', '1']);
  const two = await openSluice(objects, ['--workers', '2']);
  const steady = await interleaved({
    one: () => requestsPerCpuSecond(one, urls, { perSecond: sameRate }),
    two: () => requestsPerCpuSecond(two, urls, { perSecond: sameRate }),
  });
  figure('CPU time per request, two workers to one, at the same rate', steady.ratio('one', 'two'), 'x', { most: 1.15 });
  const busy = await interleaved({
    one: () => requestsPerCpuSecond(one, urls),
    two: () => requestsPerCpuSecond(two, urls),
  });
  figure('CPU time per request, two workers to one, as fast as the load comes', busy.ratio('one', 'two'), 'x');
  await one.close();
  await two.close();
}
