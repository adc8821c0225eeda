import type { ObjectName, StoreView, VersionHeader } from '../../store.ts';
import type { Sight } from './sight.ts';

/** Whether a version of an object may be seen. A deletion may be seen by whoever may see what was deleted. */
export async function seesVersion(
  tx: StoreView,
  sight: Sight,
  { kind, name }: ObjectName,
  { version, deleted }: VersionHeader,
): Promise<boolean> {
  if (sight.seesAll(kind)) return true;
  if (!sight.kinds.includes(kind)) return false;
  const shown = deleted ? version - 1 : version;
  const body = kind === 'release' ? null : await tx.bodyOf(kind, name, shown);
  return sight.sees({ kind, name, version: shown, body });
}
