import { NotKnown } from '../../not-known.ts';

/** What stands at a JSON Pointer. Source: RFC 6901. @throws NotKnown where nothing stands there. */
export function atPointer(document: unknown, pointer: string): unknown {
  const tokens = pointer.split('/').slice(1);
  return tokens.reduce<unknown>((value, token) => {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value) ? /^(?:0|[1-9]\d*)$/.test(key) && Number(key) < value.length : isObjectWith(value, key))
      return (value as Readonly<Record<string, unknown>>)[key];
    throw new NotKnown(`nothing stands at ${pointer}`);
  }, document);
}

function isObjectWith(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}
