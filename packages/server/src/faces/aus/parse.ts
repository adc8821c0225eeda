import type { Forced, Request } from 'sluice';
import { decodeForm, decodeSegment, toAscii } from './decode.ts';
import { matchRoute, type PathField, type Route } from './routes.ts';
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

type Parameters = ReadonlyMap<string, string>;
const noParameters: Parameters = new Map();

/** Reads an update URL. Total: any text gives one of the four answers. */
export function parse(url: string, userAgent: string | undefined, { strictQuery }: ParseOptions): Question {
  // The query is cut off first: what is outside ASCII becomes a question mark too.
  const mark = url.indexOf('?');
  const path = toAscii(mark < 0 ? url : url.slice(0, mark));
  const segments = path.split('/');
  const route = matchRoute(segments);
  if (route === undefined) return path.startsWith('/update') ? { kind: 'no-route' } : { kind: 'foreign' };
  if (mark < 0) return { kind: 'question', route, request: toRequest(route, segments, noParameters, userAgent) };

  const parameters = readParameters(toAscii(url.slice(mark + 1)));
  const unknown = strictQuery ? [...parameters.keys()].find((name) => !route.parameters.has(name)) : undefined;
  if (unknown !== undefined) return { kind: 'bad', message: `The query parameter ${unknown} is not known.` };
  if (route.parameters.has('pin') && parameters.get('pin') === '') {
    return { kind: 'bad', message: 'The query parameter pin must not be empty.' };
  }
  return { kind: 'question', route, request: toRequest(route, segments, parameters, userAgent) };
}

function readParameters(query: string): Parameters {
  const parameters = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = at < 0 ? part : part.slice(0, at);
    parameters.set(decodeForm(name), at < 0 ? '' : decodeForm(part.slice(at + 1)));
  }
  return parameters;
}

function toRequest(
  route: Route,
  segments: readonly string[],
  parameters: Parameters,
  userAgent: string | undefined,
): Request {
  const field = (name: PathField): string | undefined => {
    const at = route.at[name];
    return at === undefined ? undefined : decodeSegment(segments[at] ?? '');
  };
  const parameter = (name: string): string | undefined =>
    route.parameters.has(name) ? parameters.get(name) : undefined;
  const xml = route.format === 'xml';
  const version = field('version') ?? '';
  const platform = field('platform') ?? '';
  const locale = field('locale') ?? '';
  const mig64 = parameter('mig64');
  const { instructionSet, memoryMb, jaws } = readSystemCapabilities(field('systemCapabilities'));
  return {
    product: field('product') ?? '',
    version: xml && route.number === 3 && version.endsWith('esrpre') ? version.slice(0, -'esrpre'.length) : version,
    buildId: field('buildId') ?? '',
    platform,
    // Some versions of Avast put this in front of the locale.
    locale: locale.includes('x86 ') ? locale.replaceAll('x86 ', '') : locale,
    channel: field('channel') ?? '',
    // Firefox encodes the system's version twice.
    osVersion: decodeSegment(field('osVersion') ?? ''),
    instructionSet,
    memoryMb,
    jaws,
    mig64: mig64 === undefined ? undefined : mig64 === '1',
    distribution: field('distribution') ?? '',
    distributionVersion: field('distributionVersion'),
    architecture: xml ? headerArchitecture(platform, userAgent) : undefined,
    pin: parameter('pin'),
    forced: readForce(parameter('force')),
    unit: noUnit,
  };
}

const noUnit = { kind: 'none' } as const;

function headerArchitecture(platform: string, userAgent: string | undefined): string {
  return platform.startsWith('Darwin') && userAgent?.includes('PPC') === true ? 'PPC' : 'Intel';
}

/** Some versions of Avast append `?avast=1` to a URL that has a query already; what stands before it counts. */
function readForce(value: string | undefined): Forced {
  if (value === undefined) return 'no';
  const force = value.includes('avast') ? value.split(/\?|%3F/, 1)[0] : value;
  return force === '1' ? 'main' : force === '-1' ? 'fallback' : 'no';
}
