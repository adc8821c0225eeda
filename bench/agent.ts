/**
 * What it takes an agent to keep watch: 10 000 pending changes that compare 200 signals, all of which have a new reading at
 * each look, beside the bare comparison of each.
 */
import { passFigures } from './agent/pass-figures.ts';
import { calibrate, finish } from './harness.ts';

const speed = await calibrate();
await passFigures(speed);
finish();
