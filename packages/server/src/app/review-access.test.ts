import { describe, expect, test } from 'vitest';
import type { StoredObject } from '../store.ts';
import { type Edit, prepareEdits } from './prepare-edits.ts';

const options = { makeSalt: () => 'a1b2c3d4e5f6g7h8', doubts: 'accept', code: 'invalid-object' } as const;

function put(kind: Edit['kind'], name: string, body?: object): Edit {
  return { kind, name, body, at: `${kind} ${name}` };
}

function stored(...edits: readonly Edit[]): readonly StoredObject[] {
  return prepareEdits([], edits, options).edits.map(({ kind, name, body }) => ({
    kind,
    name,
    body,
    version: 1,
    revision: 1,
  }));
}

/** What is said of edits, as `CODE PLACE: MESSAGE`. */
function doubtsOf(current: readonly StoredObject[], ...edits: readonly Edit[]): readonly string[] {
  return prepareEdits(current, edits, options).warnings.map(
    ({ at, message, ...rest }) => `${'code' in rest ? rest.code : 'note'} ${at}: ${message}`,
  );
}

const ada = put('user', 'ada@x', { roles: ['qa', 'relman'] });
const bob = put('user', 'bob@x', { roles: ['qa'] });
const bot = put('service-account', 'bot', { roles: ['qa'] });
const twoOfQa = put('policy', 'p', { role: 'qa', signOffs: 2 });

describe('a grant', () => {
  const grant = (to: object) => put('grant', 'g', { ...to, actions: ['read'] });

  test('is doubtful when whom it names is not there', () => {
    expect(doubtsOf(stored(ada), grant({ user: 'ada@x' }))).toEqual([]);
    expect(doubtsOf([], ada, grant({ user: 'ada@x' }))).toEqual([]);
    expect(doubtsOf(stored(ada), grant({ user: 'bob@x' }))).toEqual([
      'object-not-found grant g.user: there is no user bob@x',
    ]);
    expect(doubtsOf(stored(bot), grant({ serviceAccount: 'bot' }))).toEqual([]);
    expect(doubtsOf(stored(ada), grant({ serviceAccount: 'ada@x' }))).toEqual([
      'object-not-found grant g.serviceAccount: there is no service-account ada@x',
    ]);
  });

  test('may be for a role that nobody holds yet, but not for one that is built in', () => {
    expect(doubtsOf([], grant({ role: 'new' }))).toEqual([]);
    for (const role of ['admin', 'agent', 'viewer']) {
      expect(doubtsOf([], grant({ role }))).toEqual([
        `invalid-object grant g.role: what ${role} may do is fixed: grant to a role of another name`,
      ]);
    }
  });

  test('keeps whom it names', () => {
    const current = stored(
      ada,
      bot,
      grant({ user: 'ada@x' }),
      put('grant', 'h', { serviceAccount: 'bot', actions: ['read'] }),
    );
    expect(doubtsOf(current, put('user', 'ada@x'))).toEqual(['object-in-use user ada@x: grant g needs it']);
    expect(doubtsOf(current, put('service-account', 'bot'))).toEqual([
      'object-in-use service-account bot: grant h needs it',
    ]);
    expect(doubtsOf(current, put('user', 'ada@x'), put('grant', 'g'))).toEqual([]);
  });
});

test('what is nested too deep is a mistake at its place', () => {
  const blob = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as object;
  expect(() => doubtsOf([], put('release', 'r', { product: 'P', blob }))).toThrow('release r: lists and mappings');
});

describe('a policy', () => {
  const short = (people: number) =>
    `invalid-object policy p.signOffs: a policy cannot ask for more sign-offs than people hold the role: ${people} hold qa`;

  test('asks for no more than there are people, who are enabled', () => {
    expect(doubtsOf(stored(ada, bob), twoOfQa)).toEqual([]);
    expect(doubtsOf(stored(ada), twoOfQa)).toEqual([short(1)]);
    expect(doubtsOf(stored(ada, bot), twoOfQa)).toEqual([short(1)]);
    expect(doubtsOf(stored(ada, put('user', 'bob@x', { roles: ['qa'], disabled: true })), twoOfQa)).toEqual([short(1)]);
    expect(doubtsOf([], twoOfQa)).toEqual([short(0)]);
    expect(doubtsOf([], twoOfQa, ada, bob)).toEqual([]);
  });

  test('keeps as many in its role', () => {
    const current = stored(ada, bob, twoOfQa);
    const left = (at: string) =>
      `invalid-object ${at}: policy p asks for more sign-offs than people would hold the role: 1 hold qa`;
    expect(doubtsOf(current, put('user', 'bob@x', {}))).toEqual([left('user bob@x.roles')]);
    expect(doubtsOf(current, put('user', 'bob@x', { roles: ['qa'], disabled: true }))).toEqual([
      left('user bob@x.roles'),
    ]);
    expect(doubtsOf(current, put('user', 'bob@x'))).toEqual([left('user bob@x')]);
    expect(doubtsOf(current, put('user', 'ada@x', { roles: ['qa'] }))).toEqual([]);
    expect(doubtsOf(current, put('user', 'bob@x'), put('user', 'cid@x', { roles: ['qa'] }))).toEqual([]);
    expect(doubtsOf(current, put('user', 'bob@x'), put('policy', 'p'))).toEqual([]);
  });

  test('that is short already is no reason against other people', () => {
    const current = stored(ada, twoOfQa);
    expect(doubtsOf(current, put('user', 'cid@x', {}))).toEqual([]);
    expect(doubtsOf(current, put('user', 'ada@x', { roles: ['qa'] }))).toEqual([]);
    expect(doubtsOf(current, put('policy', 'p'))).toEqual([]);
  });
});
