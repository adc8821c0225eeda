import { Document, Scalar, visit } from 'yaml';
import { kindNamed } from '../../kinds/index.ts';

/**
 * A body as YAML that people read: the fields of its kind in the order of the kind, all below in alphabetical order, so
 * that equal bodies are equal texts.
 */
export function bodyYaml(kind: string, body: unknown, head: Readonly<Record<string, unknown>> = {}): string {
  const document = new Document(inOrder(kind, head, body), { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && needsQuotes(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** What only a quoted text can hold: halves of surrogate pairs, and what a terminal or an editor would take for something else. */
function needsQuotes(text: string): boolean {
  return /[\p{Cs}\p{Cc}\p{Cf}\u2028\u2029]/u.test(text.replaceAll('\n', ''));
}

function inOrder(kind: string, head: Readonly<Record<string, unknown>>, body: unknown): unknown {
  if (!isRecord(body)) return { ...head, body };
  const keys = Object.keys(body).sort();
  const known = fieldsOf(kind).filter((field) => Object.hasOwn(body, field));
  const ordered = [...known, ...keys.filter((key) => !known.includes(key))];
  // `fromEntries` defines members where an assignment would lose one called `__proto__`.
  return Object.fromEntries([...Object.entries(head), ...ordered.map((key) => [key, sorted(body[key])])]);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

function fieldsOf(kind: string): readonly string[] {
  const schema: unknown = kindNamed(kind)?.schema;
  return isRecord(schema) && isRecord(schema['shape']) ? Object.keys(schema['shape']) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
