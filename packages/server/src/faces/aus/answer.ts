import type { Decision, Request, Snapshot } from 'sluice';
import type { Reply } from '../../face.ts';
import type { ContentSigner } from './content-signature.ts';
import { renderJson } from './guardian-json.ts';
import type { Question } from './parse.ts';
import { emptyUpdates, renderXml } from './render.ts';

/** A request line that asks for an update. */
export type Asking = Extract<Question, { readonly kind: 'question' }>;

/** What an answer needs to know besides what was asked and decided. */
export interface AnswerOptions {
  readonly maxAgeSeconds: number;
  readonly signer: ContentSigner | undefined;
}

/** Answers what asks for no update. */
export function answerWithoutRequest(question: Exclude<Question, Asking>, options: AnswerOptions): Reply {
  const headers = replyHeaders(undefined, { ...options, mayKeep: true });
  if (question.kind !== 'bad') return xmlReply(emptyUpdates, headers);
  return badRequest(question.message, headers);
}

/** Writes a decision as the reply that a client reads. */
export function answer(
  { route, request }: Asking,
  decision: Decision,
  snapshot: Snapshot,
  options: AnswerOptions,
): Reply {
  const { signer } = options;
  // Whoever counts installs by their checks must hear of each.
  const headers = replyHeaders(decision, { ...options, mayKeep: !snapshot.populations.has(request.product) });
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
function replyHeaders(
  decision: Decision | undefined,
  { maxAgeSeconds, mayKeep }: AnswerOptions & { readonly mayKeep: boolean },
): readonly string[] {
  return [
    'Rule-ID',
    String(decision?.rule?.id ?? 'unknown'),
    'Rule-Data-Version',
    String(decision?.rule?.version ?? 'unknown'),
    'Cache-Control',
    decision?.drawn === true || !mayKeep ? 'no-store' : `public, max-age=${maxAgeSeconds}`,
  ];
}

function invalidMessage(decision: Decision & { readonly kind: 'invalid' }, request: Request): string {
  switch (decision.reason) {
    case 'invalid-pin':
      return `Version Pin String '${shortened(request.pin ?? '')}' is invalid.`;
    case 'invalid-version':
      return `Version '${shortened(request.version)}' is invalid.`;
    case 'unknown-platform':
      return `Platform '${shortened(request.platform)}' is unknown.`;
    case 'unknown-locale':
      return `Locale '${shortened(request.locale)}' is unknown for platform '${shortened(request.platform)}'.`;
  }
}

/** As much of what a client said as a person needs to know it again. */
function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
