import { type Mistake, Problem, type ProblemCode, problems } from '../problem.ts';
import { plainLine } from './plain-line.ts';

/** What a refusal of the API says, as the problem that it is; what another program in between answered is `api-unavailable`. */
export function problemOfAnswer(response: Response, text: string, url: string): Problem {
  const { status, statusText, headers } = response;
  const body = recordIn(text);
  const code = /^\/problems\/([a-z-]+)$/.exec(textIn(body, 'type'))?.[1] ?? '';
  const detail = textIn(body, 'detail');
  const retryAtMs = Date.parse(textIn(body, 'retryAt'));
  const options = Number.isNaN(retryAtMs) ? {} : { retryAtMs };
  if (isCode(code)) return new Problem(code, detail, mistakesIn(body['errors']), options);
  const location = headers.get('location');
  const said = [
    textIn(body, 'title') || statusText,
    ...(detail === '' ? [] : [detail]),
    ...(location === null ? [] : [`it sends elsewhere, to ${location}, which is not followed`]),
    ...(textIn(body, 'instance') === '' ? [] : [`the server's log has more under ${textIn(body, 'instance')}`]),
  ];
  return new Problem('api-unavailable', `${url} answered ${status} ${said.filter((part) => part !== '').join('; ')}`);
}

function isCode(text: string): text is ProblemCode {
  return Object.hasOwn(problems, text);
}

function mistakesIn(errors: unknown): readonly Mistake[] {
  if (!Array.isArray(errors)) return [];
  return errors.filter(isRecord).map((one) => ({ at: textIn(one, 'at'), message: textIn(one, 'detail') }));
}

function recordIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    return isRecord(body) ? body : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(record: Readonly<Record<string, unknown>>, key: string): string {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return typeof value === 'string' ? plainLine(value) : '';
}
