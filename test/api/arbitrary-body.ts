import fc from 'fast-check';
import { anything, conditions, edits, numbers, objectBodies, texts } from './hostile-values.ts';
import { lookUp, type Schema } from './operations.ts';

/** Values of which most fit a schema of the document, and the others nearly do. */
export function fitting(document: object, schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fitted(document, schema), weight: 40 }, { arbitrary: anything, weight: 1 });
}

function fitted(document: object, named: Schema): fc.Arbitrary<unknown> {
  if (named['$ref'] === '#/components/schemas/Condition') return conditions;
  const schema = lookUp(document, named);
  if (named['$ref'] === '#/components/schemas/Edit') {
    return fc.oneof(
      { arbitrary: edits, weight: 5 },
      ...(schema['oneOf'] as Schema[]).map((one) => fitted(document, one)),
    );
  }
  const { type, oneOf, anyOf, enum: values } = schema;
  if (Array.isArray(values)) return fc.constantFrom(...values);
  const choices = oneOf ?? anyOf;
  if (Array.isArray(choices)) return fc.oneof(...choices.map((one: Schema) => fitted(document, one)));
  switch (Array.isArray(type) ? type[0] : type) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(fitting(document, (schema['items'] ?? {}) as Schema), { minLength: 1, maxLength: 3 });
    case 'object':
      return objectOf(document, schema);
    default:
      return anything;
  }
}

function textOf({ format, maxLength }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') {
    const moments = fc.constantFrom('2026-11-21T11:59:00Z', '2026-11-21T12:01:00+00:00', '2026-11-25T00:00:00Z');
    return fc.oneof({ arbitrary: moments, weight: 10 }, { arbitrary: texts, weight: 1 });
  }
  const most = typeof maxLength === 'number' ? maxLength : 200;
  return fc.oneof({ arbitrary: texts.map((text) => text.slice(0, most)), weight: 20 }, { arbitrary: texts, weight: 1 });
}

function numberOf({ minimum = 0, maximum = 100 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Number(minimum), Number(maximum)];
  return fc.oneof(
    { arbitrary: fc.integer({ min, max: Math.min(max, min + 20) }), weight: 15 },
    { arbitrary: numbers, weight: 1 },
  );
}

function objectOf(
  document: object,
  { properties, required = [], additionalProperties }: Schema,
): fc.Arbitrary<unknown> {
  // What holds anything is an object's body, or a patch of one.
  if (properties === undefined) return additionalProperties === undefined ? anything : objectBodies;
  const fields = Object.entries(properties as Readonly<Record<string, Schema>>);
  const record = fc.record(Object.fromEntries(fields.map(([name, one]) => [name, fitting(document, one)])), {
    requiredKeys: [...(required as readonly string[])],
  });
  return fc.oneof(
    { arbitrary: record, weight: 30 },
    {
      arbitrary: fc.tuple(record, texts, anything).map(([whole, name, value]) => ({ ...whole, [name]: value })),
      weight: 1,
    },
    { arbitrary: fc.tuple(record, fc.nat(20)).map(([whole, at]) => without(whole, at)), weight: 1 },
  );
}

function without(whole: object, at: number): object {
  return Object.fromEntries(Object.entries(whole).filter((_, i) => i !== at));
}
