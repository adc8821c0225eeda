import { html } from 'hono/html';
import { type HtmlPage, htmlPage } from '../../http/html-page.ts';
import { type ProblemCode, problems } from '../../problem.ts';

/** Where people begin. `provider` is what the provider is called, where there is one. */
export function beginPage({
  provider,
  next,
}: {
  readonly provider: string | undefined;
  readonly next: string;
}): HtmlPage {
  const oidc =
    provider === undefined
      ? ''
      : html`<form method="post" action="/sign-in/oidc">
<input type="hidden" name="next" value="${next}">
<button>Sign in with ${provider}</button>
</form>`;
  const link = html`<form method="post" action="/sign-in/link">
<input type="hidden" name="next" value="${next}">
<label for="secret">${provider === undefined ? 'The secret of your sign-in link' : 'Or the secret of a sign-in link'}</label>
<input id="secret" name="secret" required maxlength="200" autocomplete="off" spellcheck="false">
<button>Use the link</button>
</form>`;
  return htmlPage(200, 'Sign in', html`${oidc}${link}`);
}

/** What a one-time link leads to. Looking at it does not use the link up, because programs look at links too. */
export function linkPage({ secret, next }: { readonly secret: string; readonly next: string }): HtmlPage {
  const name = html`<p>This link makes the first administrator.</p>
<label for="user">Your name here, as you will sign in later: an e-mail address</label>
<input id="user" name="user" required maxlength="200" autocomplete="username" spellcheck="false">`;
  return htmlPage(
    200,
    'Sign in',
    html`<form method="post" action="/sign-in/link">
<input type="hidden" name="secret" value="${secret}">
<input type="hidden" name="next" value="${next}">
${secret.startsWith('sluice_first_') ? name : html`<p>This link works once.</p>`}
<button>Sign in</button>
</form>`,
  );
}

/** What somebody sees who is signed in. */
export function signedInPage({ user, csrf }: { readonly user: string; readonly csrf: string }): HtmlPage {
  return htmlPage(
    200,
    'Signed in',
    html`<p>You are signed in as ${user}.</p>
<form method="post" action="/sign-in/out">
<input type="hidden" name="csrf" value="${csrf}">
<button>Sign out</button>
</form>`,
  );
}

/**
 * Sends a browser to the provider. It is a page and no redirect, because browsers hold a redirect after a form against
 * `form-action` too, and the provider may pass people on to anywhere.
 */
export function departPage(url: string): HtmlPage {
  return htmlPage(200, 'One moment', html`<p><a href="${url}">Go on to sign in</a></p>`, url);
}

/** What went wrong, in no more words than everybody may know. */
export function problemPage(code: ProblemCode, detail?: string): HtmlPage {
  const { status, title } = problems[code];
  const more = detail === undefined ? '' : html`<p>${detail}</p>`;
  return htmlPage(status, title, html`${more}<p><a href="/sign-in">Begin again</a></p>`);
}
