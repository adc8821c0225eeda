import type { Importer } from '../importer.ts';
import { Problem } from '../problem.ts';
import { Findings } from './aus2/findings.ts';
import { readConfig } from './aus2/read-config.ts';
import { constants, variables } from './aus2/reading.ts';
import { throttleObjects } from './aus2/throttle-objects.ts';

/**
 * Reads the throttling of Mozilla's AUS2 from its `config-dist.php`.
 *
 * It is data to us, and nothing in it is ever run. Read are `$productThrottling` and `$throttleExceptions`, set as a
 * whole or by keys (`$productThrottling['Firefox']['3.6.17'] = 0;`), and `define` of `THROTTLE_GLOBAL` and
 * `THROTTLE_LEVEL`, all with values that are written out. A later key or assignment counts, as does the first `define`:
 * so does PHP, and a warning says so. A fractional key (`3.6 =>`) is a mistake because PHP would make it 3.
 *
 * Other statements are skipped. Where they could change what we read, that is a mistake, because we cannot know: one of
 * the four names inside an `if`, a function or any other code (asking `defined('THROTTLE_LEVEL')` is harmless), text of
 * that kind outside of `<?php … ?>`, or a `return` or `exit` between the statements. An included file earns a warning.
 *
 * Without `THROTTLE_GLOBAL` the global throttle is off, and without `THROTTLE_LEVEL` it lets everything pass. AUS2 takes
 * a `*` in an excepted channel for any text; here channels are compared as they are, and a warning says so. Places are
 * `LINE:COLUMN`, from 1.
 *
 * Source: https://wiki.mozilla.org/User:NThomas:AUS_throttling
 */
export const aus2: Importer = {
  name: 'aus2',
  summary: "Throttles, their exceptions and the global throttle from Mozilla AUS2's config-dist.php",
  read(text) {
    const source = text.replace(/^\uFEFF/, '');
    const findings = new Findings(source);
    const config = readConfig(source, findings);
    const objects = throttleObjects(config, findings);
    if (config.variables.size + config.constants.size === 0) refuseOther(source, findings);
    if (findings.mistakeCount > 0) throw problemOf(findings);
    return { carries: ['throttle', 'throttle-exception', 'global-throttle'], objects, warnings: findings.warnings() };
  },
};

/** Mistakes that a file of another kind makes as PHP are of no interest, and of no use. */
function refuseOther(source: string, findings: Findings): void {
  const names = [...variables.map((name) => `$${name}`), ...constants];
  if (findings.mistakeCount > 0 && names.some((name) => source.includes(name))) return;
  const message = `this is not an AUS2 configuration: it sets none of ${names.join(', ')}`;
  throw new Problem('invalid-import', '1 mistake in the AUS2 configuration', [{ at: '1:1', message }]);
}

function problemOf(findings: Findings): Problem {
  const mistakes = findings.mistakes();
  const count = findings.mistakeCount;
  const listed = mistakes.length < count ? `, the first ${mistakes.length} are listed` : '';
  const detail = `${count} ${count === 1 ? 'mistake' : 'mistakes'} in the AUS2 configuration${listed}`;
  return new Problem('invalid-import', detail, mistakes);
}
