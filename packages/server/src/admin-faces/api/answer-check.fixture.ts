import { z } from '@hono/zod-openapi';

/** Says what of an answer does not fit, or nothing. */
export type AnswerCheck = (answer: unknown) => string | undefined;

/** Makes a check of a schema of the document. Patterns are left out: what is made of them here does not know the flag `u`. */
export function answerCheck(schema: object, document: object): AnswerCheck {
  const { components } = document as { readonly components: { readonly schemas: object } };
  const whole = { ...schema, $defs: components.schemas };
  const text = JSON.stringify(whole, (name, value) => (name === 'pattern' ? undefined : value));
  const read = z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
  return (answer) => read.safeParse(answer).error?.message;
}
