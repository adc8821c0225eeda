import type { Permission } from '../../permission.ts';
import { type Reach, reachAt } from '../../reach.ts';

/** Where a permission holds: each of its products with each of its channels. */
export function reachesOfPermission({ products, channels }: Permission): readonly Reach[] {
  return (products ?? [undefined]).flatMap((product) =>
    (channels ?? [undefined]).map((channel) => reachAt(product, channel)),
  );
}
