import { type Decision, decide, type Request, type Snapshot } from 'sluice';
import { z } from 'zod';
import type { App, Asked, Explanation, Face, OpenFace, Reply } from '../../face.ts';
import { type ContentSigner, openContentSigner } from './content-signature.ts';
import { renderJson } from './guardian-json.ts';
import { parse, type Question } from './parse.ts';
import { emptyUpdates, renderXml } from './render.ts';

const settings = z.strictObject({
  strictQuery: z
    .boolean()
    .default(false)
    .describe('Answer 400 to a query parameter that the route does not know, as Balrog does, instead of ignoring it.'),
  maxAgeSeconds: z
    .int()
    .min(0)
    .max(31_536_000)
    .default(90)
    .describe('How long caches may keep an answer that no draw had a say in.'),
  contentSignature: z
    .strictObject({
      keyFile: z.string().min(1).describe('A P-384 private key in PEM.'),
      x5u: z.url().describe('Where clients find the certificate chain of that key.'),
    })
    .optional()
    .describe('Sign the XML of the signed products, and all JSON. Without it no signature is sent.'),
});

export type AusSettings = z.output<typeof settings>;

/** Mozilla's update protocol: `/update/1…6/…/update.xml` and `/json/1…2/…/update.json`. */
export const aus: Face<'aus', typeof settings> = {
  name: 'aus',
  summary: "Mozilla's update protocol, XML and JSON, as AUS and Balrog speak it",
  settings,
  open: (app, options) => openAus(app, options),
};

function openAus(app: App, options: AusSettings): OpenFace {
  const signer = options.contentSignature && openContentSigner(options.contentSignature);
  const explain = (asked: Asked): Explanation | undefined => {
    const question = parse(asked.url, asked.userAgent, options);
    if (question.kind === 'foreign') return undefined;
    if (question.kind !== 'question') {
      return { request: undefined, decision: undefined, reply: answerWithoutRequest(question, options) };
    }
    const snapshot = app.snapshot();
    const decision = decide(snapshot, question.request, app.nowMs(), app.draw);
    return { request: question.request, decision, reply: answer(question, decision, snapshot, options, signer) };
  };
  return { explain, answer: (asked) => explain(asked)?.reply };
}

type Asking = Extract<Question, { readonly kind: 'question' }>;

function answerWithoutRequest(question: Exclude<Question, Asking>, options: AusSettings): Reply {
  const headers = replyHeaders(undefined, options);
  if (question.kind !== 'bad') return xmlReply(emptyUpdates, headers);
  return badRequest(question.message, headers);
}

function answer(
  { route, request }: Asking,
  decision: Decision,
  snapshot: Snapshot,
  options: AusSettings,
  signer: ContentSigner | undefined,
): Reply {
  const headers = replyHeaders(decision, options);
  if (decision.kind === 'invalid') return badRequest(invalidMessage(decision, request), headers);
  if (route.format === 'json') {
    if (decision.kind === 'hold')
      return { status: 404, headers: ['Content-Type', 'text/plain; charset=utf-8', ...headers], body: '' };
    const json = renderJson(decision, request, snapshot);
    if (json === undefined) return badRequest('This release is not served as JSON.', headers);
    return {
      status: 200,
      headers: ['Content-Type', 'application/json', ...headers, ...signature(signer, json)],
      body: json,
    };
  }
  const xml = renderXml(decision, request, snapshot);
  if (xml === undefined) return badRequest('This release is served as JSON only.', headers);
  const signed = snapshot.settings.signedProducts.includes(request.product);
  return xmlReply(xml, signed ? [...headers, ...signature(signer, xml)] : headers);
}

function signature(signer: ContentSigner | undefined, body: string): readonly string[] {
  return signer === undefined ? [] : ['Content-Signature', signer(body)];
}

function xmlReply(body: string, headers: readonly string[]): Reply {
  return { status: 200, headers: ['Content-Type', 'text/xml; charset=utf-8', ...headers], body };
}

function badRequest(message: string, headers: readonly string[]): Reply {
  const body = message.replace(/[&<>]/g, (character) =>
    character === '&' ? '&amp;' : character === '<' ? '&lt;' : '&gt;',
  );
  return { status: 400, headers: ['Content-Type', 'text/plain; charset=utf-8', ...headers], body };
}

/** Which rule gave the answer, and whether a cache may give it to others. */
function replyHeaders(decision: Decision | undefined, { maxAgeSeconds }: AusSettings): readonly string[] {
  return [
    'Rule-ID',
    String(decision?.rule?.id ?? 'unknown'),
    'Rule-Data-Version',
    String(decision?.rule?.version ?? 'unknown'),
    'Cache-Control',
    decision?.drawn === true ? 'no-store' : `public, max-age=${maxAgeSeconds}`,
  ];
}

function invalidMessage(decision: Decision & { readonly kind: 'invalid' }, request: Request): string {
  switch (decision.reason) {
    case 'invalid-pin':
      return `Version Pin String '${request.pin ?? ''}' is invalid.`;
    case 'invalid-version':
      return `Version '${request.version}' is invalid.`;
    case 'unknown-platform':
      return `Platform '${request.platform}' is unknown.`;
    case 'unknown-locale':
      return `Locale '${request.locale}' is unknown for platform '${request.platform}'.`;
  }
}
