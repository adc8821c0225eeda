import type { Request } from 'sluice';

/** The fields that an update URL carries in its path, decoded. A field that the version of the URL lacks is absent. */
export type PathFields = {
  -readonly [F in Extract<
    keyof Request,
    'product' | 'version' | 'buildId' | 'platform' | 'locale' | 'channel' | 'osVersion' | 'distribution'
  >]?: string;
} & { distributionVersion?: string; systemCapabilities?: string; ignored?: string };

type FieldName = keyof PathFields;

export interface Route {
  readonly format: 'xml' | 'json';
  readonly number: number;
  readonly fields: readonly FieldName[];
  /** The query parameters it knows. */
  readonly parameters: ReadonlySet<string>;
}

const client: readonly FieldName[] = ['product', 'version', 'buildId', 'platform', 'locale', 'channel'];
const withPin = new Set(['force', 'mig64', 'avast', 'pin']);
const withoutPin = new Set(['force', 'mig64', 'avast']);
const forceOnly = new Set(['force']);

function xml(number: number, fields: readonly FieldName[], parameters = withPin): Route {
  return { format: 'xml', number, fields: [...client, ...fields], parameters };
}

const xmlRoutes: readonly (Route | undefined)[] = [
  undefined,
  xml(1, []),
  xml(2, ['osVersion'], withoutPin),
  xml(3, ['osVersion', 'distribution', 'distributionVersion']),
  // Platform version and IMEI, which no rule asks for.
  xml(4, ['osVersion', 'distribution', 'distributionVersion', 'ignored']),
  xml(5, ['osVersion', 'distribution', 'distributionVersion', 'ignored']),
  xml(6, ['osVersion', 'systemCapabilities', 'distribution', 'distributionVersion']),
];

const jsonRoutes: readonly (Route | undefined)[] = [
  undefined,
  { format: 'json', number: 1, fields: ['product', 'version', 'platform', 'channel'], parameters: forceOnly },
  {
    format: 'json',
    number: 2,
    fields: ['product', 'version', 'platform', 'channel', 'osVersion'],
    parameters: forceOnly,
  },
];

/**
 * Finds the route of a path and its fields, or `undefined` where the path is none of ours.
 * Segments are told apart before they are decoded, so that a `%2F` belongs to its field.
 */
export function matchRoute(path: string): { readonly route: Route; readonly fields: PathFields } | undefined {
  const segments = path.split('/');
  const routes = segments[1] === 'update' ? xmlRoutes : segments[1] === 'json' ? jsonRoutes : undefined;
  const number = segments[2] ?? '';
  const route = number.length === 1 ? routes?.[Number(number)] : undefined;
  if (route === undefined || segments.length !== route.fields.length + 4) return undefined;
  if (segments[segments.length - 1] !== (route.format === 'xml' ? 'update.xml' : 'update.json')) return undefined;
  const fields: PathFields = {};
  for (let at = 0; at < route.fields.length; at += 1) {
    const segment = segments[at + 3];
    const name = route.fields[at];
    if (segment === undefined || segment === '' || name === undefined) return undefined;
    fields[name] = toAscii(decodePercent(segment));
  }
  // Firefox encodes the system's version twice.
  if (fields.osVersion?.includes('%') === true) fields.osVersion = toAscii(decodePercent(fields.osVersion));
  return { route, fields };
}

/** Decodes what is well encoded and leaves the rest as it stands. Bytes that are no UTF-8 become U+FFFD. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
  }
}

/** Rules are written in ASCII; each character outside it becomes a question mark, as in Balrog. */
export function toAscii(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : text.replace(/[^\x00-\x7f]/gu, '?');
}
