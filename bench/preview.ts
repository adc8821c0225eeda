/**
 * How long a preview takes: 10 000 request lines, 1000 rules, against the bare decisions that it cannot do without, one
 * with what is served and one with what would be for each line.
 *
 * - one rule is changed: most lines meet what has not changed
 * - one release is changed: every line is worked out
 */
import { calibrate, finish } from './harness.ts';
import { previewFigures } from './preview/preview-figures.ts';

const speed = await calibrate();
await previewFigures(speed);
finish();
