import { Argument } from 'commander';
import { isKindName, kinds } from '../kinds/index.ts';
import { Problem } from '../problem.ts';

/** An argument that is the name of a kind. */
export function kindArgument(): Argument {
  return new Argument('<kind>', kinds.map(({ name }) => name).join(', ')).argParser((text) => {
    if (isKindName(text)) return text;
    throw new Problem('usage', `there is no kind ${text}`);
  });
}
