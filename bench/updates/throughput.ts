import { figure, interleaved } from '../harness.ts';
import { openBareServer, openSluice, requestsPerCpuSecond } from '../peers/servers.ts';
import type { UpdatesWorld } from '../worlds/updates.ts';

/** Requests over real sockets against the ceiling: a bare server that sends the same bytes. */
export async function throughput(world: UpdatesWorld): Promise<void> {
  const sluice = await openSluice(world.objects);
  const bare = await openBareServer(sluice, world.urls);
  const { medians, ratio } = await interleaved({
    sluice: () => requestsPerCpuSecond(sluice, world.urls),
    bare: () => requestsPerCpuSecond(bare, world.urls),
  });
  figure('requests per server CPU second', medians.sluice, 'per CPU second');
  figure('requests per server CPU second, bare node:http', medians.bare, 'per CPU second');
  figure('requests per server CPU second, sluice to bare node:http', ratio('sluice', 'bare'), 'x', { least: 0.85 });
  await sluice.close();
  await bare.close();
}
