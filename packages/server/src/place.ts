/** Where something stands in a file: the object's place and the path below it, in the file's own words. */
export function placeOf(
  { at, fieldNames = {} }: { readonly at: string; readonly fieldNames?: Readonly<Record<string, string>> },
  path: readonly PropertyKey[],
): string {
  const [field, ...rest] = path;
  if (field === undefined) return at === '' ? '1:1' : at;
  const first = typeof field === 'string' && Object.hasOwn(fieldNames, field) ? (fieldNames[field] ?? field) : field;
  return [first, ...rest].reduce<string>(step, at);
}

function step(place: string, part: PropertyKey): string {
  if (typeof part === 'number') return `${place}[${part}]`;
  const text = String(part);
  if (!/^[A-Za-z_][\w-]*$/.test(text)) return `${place}[${JSON.stringify(text)}]`;
  return place === '' ? text : `${place}.${text}`;
}
