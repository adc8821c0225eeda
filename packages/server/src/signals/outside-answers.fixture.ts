import { NotKnown } from '../not-known.ts';
import type { Outside, OutsideAnswer, OutsideRequest } from '../signal.ts';

/** What a question comes to. */
export type Given = Partial<OutsideAnswer> | NotKnown;

/** A way out that leads to these answers, one after the other, and then to the last of them again. */
export interface FakeOutside extends Outside {
  readonly asked: readonly OutsideRequest[];
}

/** The hosts for which a secret was asked stand in what it is. */
export function outsideAnswering(...answers: readonly Given[]): FakeOutside {
  const asked: OutsideRequest[] = [];
  return {
    asked,
    async ask(request) {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push(request);
      if (answer instanceof NotKnown) throw answer;
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '', ...answer };
    },
    secret(name, host) {
      if (name === 'broken') return 'two\nlines';
      if (name !== 'token') throw new NotKnown(`no secret is called ${name} here`);
      return `word for ${host}`;
    },
  };
}

/** An answer of JSON. */
export function json(document: unknown, rest: Partial<OutsideAnswer> = {}): Partial<OutsideAnswer> {
  return { body: JSON.stringify(document), ...rest };
}
