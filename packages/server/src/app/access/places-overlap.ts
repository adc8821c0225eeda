import type { Reach } from '../../reach.ts';
import { globsOverlap } from './glob.ts';

/** A product and a channel as an object names them, each a name or a glob; absent for all. */
export interface Place {
  readonly product?: string | undefined;
  readonly channel?: string | undefined;
}

/** Whether something that is said of a place concerns what reaches there. */
export function placesOverlap(place: Place, reach: Reach): boolean {
  return textsOverlap(place.product, reach.product) && channelsOverlap(place.channel, reach.channel);
}

/** Who follows a partner channel is served by the rules of the channel that it follows too. */
function channelsOverlap(channel: string | undefined, reach: string | undefined): boolean {
  return textsOverlap(channel, reach) || (reach !== undefined && textsOverlap(channel, `${reach}-cck-*`));
}

function textsOverlap(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || globsOverlap(a, b);
}
