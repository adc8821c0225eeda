import type { Reach } from '../../reach.ts';
import { globsOverlap } from '../access/glob.ts';

/** Whether one of `reaches` lies where something is looked for. What reaches all products is found under each. */
export function liesAt(reaches: readonly Reach[], { product, channel }: Reach): boolean {
  return reaches.some((reach) => overlaps(reach.product, product) && overlaps(reach.channel, channel));
}

function overlaps(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || globsOverlap(a, b);
}
