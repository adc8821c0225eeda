/** Every expected failure, in one table. Each has a page in `docs/problems/`; a test holds the two together. */
export const problems = {
  usage: { status: 400, title: 'The command or request was not understood' },
  'invalid-config': { status: 400, title: 'The configuration of this node is not valid' },
  'invalid-object': { status: 400, title: 'An object does not fit its kind' },
  'invalid-import': { status: 400, title: 'A file to import has mistakes' },
  'unreadable-file': { status: 400, title: 'A file could not be read' },
  'unwritable-file': { status: 500, title: 'A file could not be written' },
  'file-host-not-allowed': { status: 400, title: 'A release names a host that its product may not use' },
  'object-not-found': { status: 404, title: 'No such object' },
  'version-conflict': { status: 409, title: 'Someone else changed this first' },
  'object-in-use': { status: 409, title: 'Another object needs this one' },
  'store-not-empty': { status: 409, title: 'The database already holds something' },
  'data-folder-in-use': { status: 409, title: 'Another server owns this data folder' },
  'store-corrupt': { status: 500, title: 'The database is damaged' },
  'snapshot-damaged': { status: 503, title: 'Something of the snapshot on the disk is damaged' },
  'store-busy': { status: 503, title: 'The database is busy' },
  'store-unavailable': { status: 503, title: 'The database cannot be reached' },
  'source-unavailable': { status: 503, title: 'The node that this edge follows cannot be reached' },
  'source-not-trusted': { status: 502, title: 'What the node sent that this edge follows cannot be trusted' },
  'edge-token-needed': { status: 401, title: 'The node wants an edge token' },
  'too-many-edges': { status: 503, title: 'More edges follow this node than it serves' },
  'node-restarted': { status: 409, title: 'The node has started anew' },
  'admin-token-needed': { status: 401, title: 'The admin listener wants a token' },
  'host-not-allowed': { status: 403, title: 'The admin listener was asked under a name that is not its own' },
  'sign-in-needed': { status: 401, title: 'Nobody is signed in' },
  'not-allowed': { status: 403, title: 'Whoever asks may not do this' },
  'too-many-requests': { status: 429, title: 'Someone asks too often' },
  'csrf-check-failed': { status: 403, title: 'A request did not show that it comes from a page of this server' },
  'sign-in-refused': { status: 403, title: 'Signing in did not work' },
  'sign-in-unavailable': { status: 502, title: 'The provider of sign-in cannot be reached' },
  'credential-not-found': { status: 404, title: 'No such token, session or link' },
  'change-not-found': { status: 404, title: 'No such change' },
  'change-not-open': { status: 409, title: 'A change is in another state than that asks for' },
  'change-in-conflict': { status: 409, title: 'Someone else altered the same since' },
  'change-not-due': { status: 409, title: 'The condition of a change is not true' },
  'change-claimed': { status: 409, title: 'Another agent is about to enact a change' },
  'notice-missing': { status: 409, title: 'A change has not been announced for long enough' },
  frozen: { status: 409, title: 'A freeze holds what is scheduled' },
  'client-key-refused': { status: 403, title: 'A client key does not let this be reported' },
  'notice-link-spent': { status: 410, title: 'A link of a notice does nothing any more' },
  'sign-offs-missing': { status: 409, title: 'A change is not signed off' },
  'sign-offs-at-stake': { status: 409, title: 'An edit would void sign-offs' },
  'sign-off-refused': { status: 403, title: 'A sign-off cannot be taken' },
  'version-needed': { status: 428, title: 'A request must say which version it is about' },
  'idempotency-key-reused': { status: 422, title: 'An idempotency key was used for something else' },
  'api-unavailable': { status: 502, title: 'The admin API did not answer as it should' },
  'address-in-use': { status: 500, title: 'The address to listen on is taken' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** One mistake and where it stands: a JSON path (`rules[3].priority`) or a line and column (`12:5`). */
export interface Mistake {
  readonly at: string;
  readonly message: string;
}

export interface ProblemOptions extends ErrorOptions {
  /** When asking again may come to something else, in milliseconds since 1970, where that is known. */
  readonly retryAtMs?: number | undefined;
}

/** An expected failure. `detail` is one sentence for a person; `mistakes` lists every place when there are several. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly mistakes: readonly Mistake[];
  readonly retryAtMs: number | undefined;

  constructor(code: ProblemCode, detail: string, mistakes: readonly Mistake[] = [], options?: ProblemOptions) {
    super(`${problems[code].title}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
    this.mistakes = mistakes;
    this.retryAtMs = options?.retryAtMs;
  }
}

/** A problem that lists mistakes: one is told in the sentence itself, several are counted there. */
export function problemOf(code: ProblemCode, mistakes: readonly Mistake[]): Problem {
  const [first] = mistakes;
  const single = mistakes.length === 1 && first !== undefined;
  const place = single && first.at !== '' ? `${first.at}: ` : '';
  return new Problem(code, single ? `${place}${first.message}` : `${mistakes.length} mistakes`, mistakes);
}
