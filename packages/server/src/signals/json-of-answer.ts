import { NotKnown } from '../not-known.ts';
import type { OutsideAnswer } from '../signal.ts';

/** The document that an answer holds, whatever its status says. @throws NotKnown. */
export function jsonOfAnswer({ status, headers, body, trouble }: OutsideAnswer): unknown {
  if (status >= 300 && status < 400) throw new NotKnown(`it answered ${status}, and redirects are not followed`);
  if (trouble !== undefined) throw new NotKnown(`it answered ${status}, and ${trouble}`);
  const type = headers['content-type'] ?? 'no content type';
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type))
    throw new NotKnown(`it answered ${status} with ${type} instead of JSON`);
  try {
    return JSON.parse(body);
  } catch {
    throw new NotKnown(`it answered ${status} with what is not JSON`);
  }
}
