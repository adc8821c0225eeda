import { figure, interleaved } from '../harness.ts';
import { openSluice, requestsPerCpuSecond } from '../peers/servers.ts';
import type { UpdatesWorld } from '../worlds/updates.ts';

/** What a request costs with two workers against one; the primary's time counts in both. */
export async function twoWorkers({ objects, urls }: UpdatesWorld): Promise<void> {
  const one = await openSluice(objects, ['--workers', '1']);
  const two = await openSluice(objects, ['--workers', '2']);
  const { ratio } = await interleaved({
    one: () => requestsPerCpuSecond(one, urls),
    two: () => requestsPerCpuSecond(two, urls),
  });
  figure('CPU time per request, two workers to one', ratio('one', 'two'), 'x', { most: 1.15 });
  await one.close();
  await two.close();
}
