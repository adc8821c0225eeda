/** A JSON Schema as the document has it. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** One method of one path of an OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, Content>>;
  /** The schema of the body that it takes, if any; one that has a name is looked up. */
  readonly body: Schema | undefined;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Omit<Operation, 'method' | 'path'>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Every operation of a document, in its order. */
export function operationsOf(document: object): readonly Operation[] {
  const { paths } = document as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { requestBody } = operation as { readonly requestBody?: Content };
      const schema = requestBody?.content?.['application/json']?.schema;
      const body = schema === undefined ? undefined : lookUp(document, schema);
      return { ...operation, parameters: operation.parameters ?? [], method: method.toUpperCase(), path, body };
    }),
  );
}

/** A schema, by its name where it has one. */
export function lookUp(document: object, schema: Schema): Schema {
  const { $ref } = schema;
  if (typeof $ref !== 'string') return schema;
  const found = (document as Document).components.schemas[$ref.replace('#/components/schemas/', '')];
  if (found === undefined) throw new Error(`The document lacks ${$ref}.`);
  return found;
}
