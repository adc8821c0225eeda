import type { Importer } from '../importer.ts';
import { aus2 } from './aus2.ts';
import { balrog } from './balrog.ts';

/** Every foreign format we read. A new one is one new file and one line here. */
export const importers: readonly Importer[] = [balrog, aus2];
