import type { Asked } from '../../face.ts';
import type { SampledLine } from '../../sample/sampled-line.ts';
import type { Asking } from './answer.ts';
import type { Route } from './routes.ts';

/** Whether a client says that its Mac has a PowerPC: all that this face reads of a user agent. */
export function hasPowerPc({ url, userAgent }: Asked): boolean {
  return userAgent?.includes('PPC') === true && url.includes('Darwin');
}

/**
 * What previews may keep of a line: what its answer hangs on. What this face ignores may tell who asks, such as the IMEI
 * in some paths.
 */
export function sampledLine(asked: Asked, { route }: Asking): SampledLine {
  const { url } = asked;
  const mark = url.indexOf('?');
  const path = withoutIgnored(mark < 0 ? url : url.slice(0, mark), route.at.ignored);
  const query = mark < 0 ? '' : knownParameters(url.slice(mark + 1), route);
  return { url: query === '' ? path : `${path}?${query}`, userAgent: hasPowerPc(asked) ? 'PPC' : undefined };
}

function withoutIgnored(path: string, ignored: number | undefined): string {
  return ignored === undefined
    ? path
    : path
        .split('/')
        .map((segment, at) => (at === ignored ? '-' : segment))
        .join('/');
}

function knownParameters(query: string, { parameters }: Route): string {
  return query
    .split('&')
    .filter((part) => parameters.has(part.split('=', 1)[0] ?? ''))
    .join('&');
}
