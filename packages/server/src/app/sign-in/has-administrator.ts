import type { KindName } from '../../kind.ts';
import type { StoreView } from '../../store.ts';

const others: Readonly<Record<Exclude<KindName, 'user'>, true>> = {
  rule: true,
  release: true,
  throttle: true,
  'throttle-exception': true,
  'global-throttle': true,
  'emergency-stop': true,
  pin: true,
  'file-host': true,
  settings: true,
  policy: true,
  'service-account': true,
  grant: true,
  'regression-line': true,
  population: true,
  'client-key': true,
  signal: true,
  notifier: true,
  freeze: true,
};

/** Whether any enabled user holds the role `admin`. */
export async function hasAdministrator(view: Pick<StoreView, 'load'>): Promise<boolean> {
  const { objects } = await view.load(Object.keys(others) as KindName[]);
  return objects.some(({ kind, body }) => kind === 'user' && isAdministrator(body));
}

function isAdministrator(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  const { roles, disabled = false } = body as { readonly roles?: unknown; readonly disabled?: unknown };
  return disabled === false && Array.isArray(roles) && roles.includes('admin');
}
