/** Where something lies: a product and a channel, each a name or a glob with `*`; absent for all of them. */
export interface Reach {
  readonly product?: string;
  readonly channel?: string;
}

/** A reach from fields that may be absent, each of which then stands for all. */
export function reachAt(product: string | undefined, channel: string | undefined): Reach {
  return { ...(product !== undefined && { product }), ...(channel !== undefined && { channel }) };
}
