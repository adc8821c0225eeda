/** The parts of an update URL's path that a request is made from. */
export type PathField =
  | 'product'
  | 'version'
  | 'buildId'
  | 'platform'
  | 'locale'
  | 'channel'
  | 'osVersion'
  | 'systemCapabilities'
  | 'distribution'
  | 'distributionVersion'
  | 'ignored';

/** One version of the update URL. */
export interface Route {
  readonly format: 'xml' | 'json';
  readonly number: number;
  /** How many segments its path has, counting the empty one before the first slash. */
  readonly length: number;
  /** Which segment holds a field; a field that this version of the URL lacks is absent. */
  readonly at: { readonly [F in PathField]?: number };
  /** The query parameters it knows. */
  readonly parameters: ReadonlySet<string>;
}

const client: readonly PathField[] = ['product', 'version', 'buildId', 'platform', 'locale', 'channel'];
const withPin = new Set(['force', 'mig64', 'avast', 'pin']);
const withoutPin = new Set(['force', 'mig64', 'avast']);
const forceOnly = new Set(['force']);

/** `/update/3/` and `/json/1/` come before the fields, a file name after them. */
const before = 3;

function route(
  format: Route['format'],
  number: number,
  fields: readonly PathField[],
  parameters: ReadonlySet<string>,
): Route {
  const at = Object.fromEntries(fields.map((field, index) => [field, index + before]));
  return { format, number, length: before + fields.length + 1, at, parameters };
}

const xmlRoutes: readonly (Route | undefined)[] = [
  undefined,
  route('xml', 1, client, withPin),
  route('xml', 2, [...client, 'osVersion'], withoutPin),
  route('xml', 3, [...client, 'osVersion', 'distribution', 'distributionVersion'], withPin),
  // What is ignored is the platform's version and the IMEI, which no rule asks for.
  route('xml', 4, [...client, 'osVersion', 'distribution', 'distributionVersion', 'ignored'], withPin),
  route('xml', 5, [...client, 'osVersion', 'distribution', 'distributionVersion', 'ignored'], withPin),
  route('xml', 6, [...client, 'osVersion', 'systemCapabilities', 'distribution', 'distributionVersion'], withPin),
];

const jsonRoutes: readonly (Route | undefined)[] = [
  undefined,
  route('json', 1, ['product', 'version', 'platform', 'channel'], forceOnly),
  route('json', 2, ['product', 'version', 'platform', 'channel', 'osVersion'], forceOnly),
];

/**
 * Finds the route of a path that was cut at its slashes, or `undefined` where it is none of ours.
 * It is cut before it is decoded, so that a `%2F` belongs to its field.
 */
export function matchRoute(segments: readonly string[]): Route | undefined {
  const routes = segments[1] === 'update' ? xmlRoutes : segments[1] === 'json' ? jsonRoutes : undefined;
  const number = segments[2] ?? '';
  const found = number.length === 1 ? routes?.[Number(number)] : undefined;
  if (found === undefined || segments.length !== found.length) return undefined;
  if (segments[found.length - 1] !== (found.format === 'xml' ? 'update.xml' : 'update.json')) return undefined;
  for (let at = before; at < found.length; at += 1) if (segments[at] === '') return undefined;
  return found;
}
