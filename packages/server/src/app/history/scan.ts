/** A list that is looked through for some of what it holds. */
export interface Scan<T, Place> {
  /** The next `limit` things after a place, or the first. */
  readonly page: (after: Place | undefined, limit: number) => Promise<readonly T[]>;
  readonly placeOf: (thing: T) => Place;
  readonly isWanted: (thing: T) => boolean | Promise<boolean>;
  /** What it costs to look at something; 1 unless said. */
  readonly costOf?: (thing: T) => number;
  readonly after: Place | undefined;
  readonly limit: number;
}

/** What was found, and the place to go on from; absent at the end. */
export interface Scanned<T, Place> {
  readonly found: readonly T[];
  readonly next?: Place;
}

/** What one scan may cost at most: whoever may see little of a long list gets short pages, or empty ones, instead of waiting. */
const mostCost = 1000;
const longestPage = 500;

/** Looks for `limit` things that are wanted, from a place on, as far as one page may cost. */
export async function scan<T, Place>(options: Scan<T, Place>): Promise<Scanned<T, Place>> {
  const { page, placeOf, isWanted, costOf = () => 1, limit } = options;
  const found: T[] = [];
  let { after } = options;
  let cost = 0;
  for (let size = Math.min(limit + 1, longestPage); ; size = longestPage) {
    const things = await page(after, size);
    for (const thing of things) {
      if (cost >= mostCost) return { found, ...(after !== undefined && { next: after }) };
      cost += costOf(thing);
      if (await isWanted(thing)) {
        const last = found.at(-1);
        if (found.length === limit && last !== undefined) return { found, next: placeOf(last) };
        found.push(thing);
      }
      after = placeOf(thing);
    }
    if (things.length < size) return { found };
  }
}
