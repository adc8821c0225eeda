import type { ImportedObject } from '../../importer.ts';
import type { PermissionSignOffRow, ProductSignOffRow } from './rows.ts';

/** Whoever schedules a change in Balrog may be one of those who sign it. */
const ownSignOff = true;
const fieldNames = { signOffs: 'signoffs_required' };

/** Which sign-offs a product and channel needs. */
export function toPolicy(row: ProductSignOffRow, at: string): ImportedObject {
  const { product, channel, role, signoffs_required: signOffs } = row;
  return {
    kind: 'policy',
    name: policyName(row),
    body: { product, channel, role, signOffs, ownSignOff },
    at,
    fieldNames,
  };
}

/** Which sign-offs it needs to alter who may do what to a product. */
export function toPermissionPolicy(row: PermissionSignOffRow, at: string): ImportedObject {
  const { product, role, signoffs_required: signOffs } = row;
  const kinds = ['policy', 'user', 'service-account', 'grant'];
  return {
    kind: 'policy',
    name: permissionPolicyName(row),
    body: { product, role, signOffs, ownSignOff, kinds },
    at,
    fieldNames,
  };
}

export function policyName({
  product,
  channel,
  role,
}: Pick<ProductSignOffRow, 'product' | 'channel' | 'role'>): string {
  return `${product}/${channel}/${role}`;
}

export function permissionPolicyName({ product, role }: Pick<PermissionSignOffRow, 'product' | 'role'>): string {
  return `permissions:${product}/${role}`;
}
