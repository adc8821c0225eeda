import { type Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AdminEnv, AdminFace, AdminRoutes } from '../admin-face.ts';
import { formFields } from '../http/form-fields.ts';
import type { HtmlPage } from '../http/html-page.ts';
import { checkSameOrigin, guardSession, presentedBy, sessionCookie } from '../http/session-guard.ts';
import { Problem, type ProblemCode } from '../problem.ts';
import type { Browser, SignInApp, StartedSession } from '../sign-in-app.ts';
import { openAttempts } from './sign-in/attempts.ts';
import { withClientSecret } from './sign-in/client-secret.ts';
import { localPath } from './sign-in/local-path.ts';
import { openOidcSteps } from './sign-in/oidc-steps.ts';
import { beginPage, departPage, linkPage, problemPage, signedInPage } from './sign-in/pages.ts';
import { userName } from './sign-in/user-name.ts';

/** Where people sign in and out, with a browser. */
export const signIn: AdminFace<'sign-in', SignInApp> = {
  name: 'sign-in',
  summary: 'where people sign in',
  authorisation: 'own',
  open: openSignInFace,
};

type Asked = Context<AdminEnv>;

/**
 * Problems whose sentence is about what the person sent, and says nothing of what is here; but of missing sign-offs, which
 * only whoever holds the link of the first administrator hears of.
 */
const told: readonly ProblemCode[] = [
  'usage',
  'invalid-object',
  'csrf-check-failed',
  'too-many-requests',
  'sign-offs-missing',
];

function openSignInFace(app: SignInApp): AdminRoutes {
  const routes: AdminRoutes = new Hono<AdminEnv>();
  const { origins } = app;
  const attempts = openAttempts();
  const cookieName = sessionCookie(origins);
  const cookie = { path: '/', httpOnly: true, sameSite: 'Lax', secure: origins.isSecure } as const;
  const oidc = app.oidc === undefined ? undefined : openOidcSteps(withClientSecret(app.oidc), app);
  const flowCookie = origins.isSecure ? '__Host-sluice-sign-in' : 'sluice-sign-in';

  const headerOf = (c: Asked) => (name: string) => c.req.header(name);
  const sessionOf = (c: Asked) => app.authenticate({ cookie: presentedBy(headerOf(c), origins).cookie });
  async function browserOf(c: Asked): Promise<Browser> {
    return { agent: c.req.header('user-agent'), replaces: (await sessionOf(c))?.credentialId };
  }
  function limit(waitMs: number): void {
    if (waitMs > 0) throw new TooOften(Math.ceil(waitMs / 1000));
  }
  const attempt = (c: Asked): void => limit(attempts.from(app.addressOf(c.env.incoming), app.nowMs()));
  const attemptAs = (user: string): void => limit(attempts.as(user, app.nowMs()));
  function enter(c: Asked, session: StartedSession | undefined, next: string): Response {
    if (session === undefined) return show(c, problemPage('sign-in-refused'));
    const maxAge = Math.max(1, Math.floor((session.expiresAtMs - app.nowMs()) / 1000));
    setCookie(c, cookieName, session.secret, { ...cookie, maxAge });
    return c.redirect(next, 303);
  }

  routes.onError((error, c) => {
    if (!(error instanceof Problem)) throw error;
    const answer = problemPage(error.code, told.includes(error.code) ? sentenceOf(error) : undefined);
    if (error instanceof TooOften) c.header('Retry-After', String(error.seconds));
    return show(c, answer);
  });

  routes.get('/sign-in', async (c) => {
    const session = await sessionOf(c);
    if (session?.csrf !== undefined) return show(c, signedInPage({ user: session.principal.name, csrf: session.csrf }));
    return show(c, beginPage({ provider: oidc?.provider, next: localPath(c.req.query('next')) }));
  });

  routes.get('/sign-in/link', (c) =>
    show(c, linkPage({ secret: (c.req.query('secret') ?? '').slice(0, 200), next: localPath(c.req.query('next')) })),
  );

  routes.post('/sign-in/link', async (c) => {
    // First, so that the page of somebody else cannot use up the attempts of whoever looks at it.
    checkSameOrigin(headerOf(c), origins);
    attempt(c);
    const fields = await formFields(c);
    const user = userName(fields.get('user') ?? '');
    const session = await app.useLink((fields.get('secret') ?? '').trim(), user, await browserOf(c));
    return enter(c, session, localPath(fields.get('next') ?? undefined));
  });

  routes.post('/sign-in/oidc', async (c) => {
    if (oidc === undefined) return c.notFound();
    // First, so that the page of somebody else cannot use up the attempts of whoever looks at it.
    checkSameOrigin(headerOf(c), origins);
    attempt(c);
    const next = localPath((await formFields(c)).get('next') ?? undefined);
    const departure = await oidc.depart(c.req.header('origin') ?? origins.main, next);
    if (departure === undefined) return show(c, problemPage('sign-in-unavailable'));
    const { url, sealed, lifeSeconds } = departure;
    setCookie(c, flowCookie, sealed, { ...cookie, maxAge: lifeSeconds });
    return show(c, departPage(url));
  });

  routes.get('/sign-in/callback', async (c) => {
    if (oidc === undefined) return c.notFound();
    const sealed = getCookie(c, flowCookie) ?? '';
    if (sealed === '') limit(attempts.astray(app.addressOf(c.env.incoming), app.nowMs()));
    else attempt(c);
    setCookie(c, flowCookie, '', { ...cookie, maxAge: 0 });
    const arrival = await oidc.arrive(new URL(c.req.url).search, sealed);
    if (arrival.kind === 'refused') return show(c, problemPage('sign-in-refused'));
    if (arrival.kind === 'unavailable') return show(c, problemPage('sign-in-unavailable'));
    attemptAs(arrival.user);
    return enter(c, await app.signIn(arrival.user, await browserOf(c)), arrival.next);
  });

  routes.post('/sign-in/out', async (c) => {
    const session = await sessionOf(c);
    if (session !== undefined) {
      const csrfField = (await formFields(c)).get('csrf') ?? undefined;
      guardSession({ method: 'POST', header: headerOf(c), csrfField }, session, origins);
      await app.endSession(session);
    }
    setCookie(c, cookieName, '', { ...cookie, maxAge: 0 });
    return c.redirect('/sign-in', 303);
  });

  // Whoever asks for something else here is not sent on to where the admin token is wanted.
  routes.all('/sign-in/*', (c) => c.notFound());
  return routes;
}

function show(c: Asked, { status, text, headers }: HtmlPage): Response {
  return c.body(text, status as ContentfulStatusCode, headers);
}

/** Without the place that a mistake has in an edit, of which whoever filled in a form knows nothing. */
function sentenceOf({ detail, mistakes: [first] }: Problem): string {
  return first?.message ?? detail;
}

/** Somebody tries too often. */
class TooOften extends Problem {
  readonly seconds: number;

  constructor(seconds: number) {
    super('too-many-requests', `try again in ${seconds} second${seconds === 1 ? '' : 's'}`);
    this.seconds = seconds;
  }
}
