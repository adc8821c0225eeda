/**
 * How fast update checks are decided and answered, and what that takes.
 *
 * - cold decisions: an update URL is read and decided in process, nothing is remembered between two of them
 * - requests per server CPU second, against a bare node:http server that sends the same bytes
 * - what a second worker costs, and what a thousand times as many rules do
 * - the large world: memory of a worker, the time to the first answer, and until a change is served
 */
import { calibrate, finish } from './harness.ts';
import { coldDecisions } from './updates/cold-decisions.ts';
import { largeWorldFigures } from './updates/large-world-figures.ts';
import { manyRules } from './updates/many-rules.ts';
import { throughput } from './updates/throughput.ts';
import { twoWorkers } from './updates/two-workers.ts';
import { updatesWorld } from './worlds/updates.ts';

const speed = await calibrate();
const world = updatesWorld();
await coldDecisions(world, speed);
await throughput(world);
await twoWorkers(world);
await manyRules();
await largeWorldFigures();
finish();
