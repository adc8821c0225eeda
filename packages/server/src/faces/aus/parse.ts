import type { Forced, Request } from 'sluice';
import { decodePercent, matchRoute, type PathFields, type Route, toAscii } from './routes.ts';
import { readSystemCapabilities } from './system-capabilities.ts';

/** What a request line asks of this face. */
export type Question =
  | { readonly kind: 'question'; readonly route: Route; readonly request: Request }
  /** A path below `/update` that is no update URL: clients get the empty answer, never an error. */
  | { readonly kind: 'no-route' }
  | { readonly kind: 'bad'; readonly message: string }
  /** Not for this face. */
  | { readonly kind: 'foreign' };

export interface ParseOptions {
  /** Whether a query parameter that the route does not know is an error, as in Balrog, or is ignored. */
  readonly strictQuery: boolean;
}

/** Reads an update URL. Total: any text gives one of the four answers. */
export function parse(url: string, userAgent: string | undefined, { strictQuery }: ParseOptions): Question {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const found = matchRoute(path);
  if (found === undefined) return path.startsWith('/update') ? { kind: 'no-route' } : { kind: 'foreign' };
  const { route, fields } = found;
  const query = new Map<string, string>();
  for (const [name, value] of mark < 0 ? [] : queryParameters(url.slice(mark + 1))) {
    if (route.parameters.has(name)) query.set(name, value);
    else if (strictQuery) return { kind: 'bad', message: `Extra query parameter ${name} not in spec` };
  }
  const pin = query.get('pin');
  if (pin === '') return { kind: 'bad', message: 'The pin parameter must not be empty.' };
  return { kind: 'question', route, request: toRequest(route, fields, query, userAgent) };
}

function* queryParameters(text: string): Generator<readonly [name: string, value: string]> {
  for (const part of text.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = at < 0 ? part : part.slice(0, at);
    const value = at < 0 ? '' : part.slice(at + 1);
    yield [decodeForm(name), decodeForm(value)];
  }
}

function decodeForm(text: string): string {
  return toAscii(decodePercent(text.replaceAll('+', ' ')));
}

function toRequest(
  route: Route,
  fields: PathFields,
  query: ReadonlyMap<string, string>,
  userAgent: string | undefined,
): Request {
  const { platform = '', version = '' } = fields;
  const xml = route.format === 'xml';
  const mig64 = query.get('mig64');
  return {
    product: fields.product ?? '',
    version: route.number === 3 && xml ? version.replace(/esrpre$/, '') : version,
    buildId: fields.buildId ?? '',
    platform,
    // Some versions of Avast put this in front of the locale.
    locale: (fields.locale ?? '').replaceAll('x86 ', ''),
    channel: fields.channel ?? '',
    osVersion: fields.osVersion ?? '',
    ...readSystemCapabilities(fields.systemCapabilities),
    mig64: mig64 === undefined ? undefined : mig64 === '1',
    distribution: fields.distribution ?? '',
    distributionVersion: fields.distributionVersion,
    architecture: xml ? headerArchitecture(platform, userAgent) : undefined,
    pin: query.get('pin'),
    forced: readForce(query.get('force')),
    unit: { kind: 'none' },
  };
}

function headerArchitecture(platform: string, userAgent: string | undefined): string {
  return platform.startsWith('Darwin') && userAgent?.includes('PPC') === true ? 'PPC' : 'Intel';
}

/** Some versions of Avast append `?avast=1` to a URL that has a query already; what stands before it counts. */
function readForce(value: string | undefined): Forced {
  const force = value?.includes('avast') === true ? value.split(/\?|%3F/, 1)[0] : value;
  return force === '1' ? 'main' : force === '-1' ? 'fallback' : 'no';
}
