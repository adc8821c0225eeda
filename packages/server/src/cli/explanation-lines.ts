import type { Admission, Decision, HoldReason, Invalid, Request } from 'sluice';
import type { Explanation } from '../face.ts';

/** Writes an explanation for a person, a line for each thing that had a say, in the order in which it had it. */
export function explanationLines(
  face: string,
  url: string,
  { request, decision, reply }: Explanation,
): readonly string[] {
  const status = `${reply.status}, ${headerOf(reply.headers, 'Cache-Control') ?? 'no Cache-Control'}`;
  if (request === undefined || decision === undefined) {
    return [
      line('asked', `${face}: ${url}`),
      line('answer', `no request of this face: ${reply.body.split('\n', 1)[0]}`),
      line('http', status),
    ];
  }
  return [
    line('asked', `${face}, at revision ${decision.revision}`),
    line('request', requestText(request)),
    ...decisionLines(decision, ''),
    line('http', status),
  ];
}

function line(label: string, text: string): string {
  return `${label.padEnd(10)}${text}`;
}

function headerOf(headers: readonly string[], name: string): string | undefined {
  const at = headers.indexOf(name);
  return at < 0 ? undefined : headers[at + 1];
}

function requestText(request: Request): string {
  const { unit, forced, ...fields } = request;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  const texts = given.map(([name, value]) => `${name} ${String(value)}`);
  if (forced !== 'no') texts.push(forced === 'main' ? 'forced' : 'forced to the fallback');
  if (unit.kind === 'id') texts.push(`unit ${unit.id}`);
  return texts.join(', ');
}

function decisionLines(decision: Decision, indent: string): readonly string[] {
  const lines: string[] = [];
  const add = (label: string, text: string): number => lines.push(line(`${indent}${label}`, text));
  if (decision.stop !== undefined) add('stop', decision.stop);
  if (decision.throttle !== undefined) {
    add('throttle', `${decision.throttle.name} at ${decision.throttle.percent} %: ${admissionText(decision.throttle)}`);
  }
  if (decision.rule !== undefined) {
    add('rule', `${decision.rule.id}, version ${decision.rule.version}, priority ${decision.rule.priority}`);
  }
  if (decision.share !== undefined) add('share', admissionText(decision.share));
  if (decision.pin !== undefined) {
    add('pin', `${decision.pin.line} → ${decision.pin.release ?? 'not known, so without effect'}`);
  }
  if (decision.candidate !== undefined) add('release', decision.candidate);
  add('answer', answerText(decision));
  if (decision.kind === 'serve') {
    for (const { product, decision: inner } of decision.products ?? []) {
      add('product', product);
      lines.push(...decisionLines(inner, `${indent}  `));
    }
  }
  return lines;
}

function admissionText({ ticket, nowServing, admitted }: Admission): string {
  const verdict = admitted ? 'admitted' : 'not admitted';
  if (ticket === undefined) return `now serving ${nowServing}, ${admitted ? 'everybody' : 'nobody'}: ${verdict}`;
  return `ticket ${ticket} against now serving ${nowServing}: ${verdict}`;
}

function answerText(decision: Decision): string {
  if (decision.kind === 'serve')
    return `${decision.release.name}, ${decision.updateType}, by the ${decision.admitted} mapping`;
  return decision.kind === 'hold'
    ? `nothing: ${holdTexts[decision.reason]}`
    : `an error: ${invalidTexts[decision.reason]}`;
}

const holdTexts: Readonly<Record<HoldReason, string>> = {
  stopped: 'an emergency stop holds it',
  throttled: 'the throttle holds it',
  'no-rule': 'no rule matches',
  'no-release': 'the rule names no release',
  'outside-share': 'it lost the draw and the rule has no fallback',
  'unit-missing': 'it carries no unit id',
  'release-missing': 'the release does not exist',
  'no-version': 'the release says no version that can be read',
  'not-newer': 'the client has this version or a newer one',
  'platform-missing': "the release is not made for the client's platform",
};

const invalidTexts: Readonly<Record<Invalid['reason'], string>> = {
  'invalid-version': "the client's version cannot be read",
  'invalid-pin': 'the pin cannot be read',
  'unknown-platform': "the release does not know the client's platform",
  'unknown-locale': "the release does not know the client's locale",
};
