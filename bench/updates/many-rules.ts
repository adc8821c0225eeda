import { figure, interleaved } from '../harness.ts';
import { openSluice, requestsPerCpuSecond } from '../peers/servers.ts';
import { updatesWorld } from '../worlds/updates.ts';

/** What a request costs among 10 000 rules over 500 pairs of product and channel, against 10 rules in one pair. */
export async function manyRules(): Promise<void> {
  const few = updatesWorld({ products: 1, channels: 1, rulesPerPair: 10 });
  const many = updatesWorld({ rulesPerPair: 20 });
  const small = await openSluice(few.objects);
  const large = await openSluice(many.objects);
  const known = await interleaved({
    small: () => requestsPerCpuSecond(small, few.urls),
    large: () => requestsPerCpuSecond(large, many.urls),
  });
  figure('CPU time per request, 10 000 rules to 10', known.ratio('small', 'large'), 'x', { most: 1.2 });
  const fresh = await interleaved({
    small: () => requestsPerCpuSecond(small, few.urls, { everyUrlNew: true }),
    large: () => requestsPerCpuSecond(large, many.urls, { everyUrlNew: true }),
  });
  figure('CPU time per request, 10 000 rules to 10, every URL new', fresh.ratio('small', 'large'), 'x', { most: 1.2 });
  await small.close();
  await large.close();
}
