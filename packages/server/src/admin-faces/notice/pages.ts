import { html } from 'hono/html';
import { type HtmlPage, htmlPage, type Piece } from '../../http/html-page.ts';
import type { ActedView, ChangeView } from '../../notice-app.ts';
import type { MessageSection } from '../../notifier.ts';
import { type ProblemCode, problems } from '../../problem.ts';

export interface ViewPage {
  readonly view: ChangeView;
  /** Where the forms go: the path of the page itself. */
  readonly action: string;
  /** Of a session; a link needs none. */
  readonly csrf: string | undefined;
}

/** What a change does, and what its reader can do about it. Looking does nothing. */
export function viewPage({ view, action, csrf }: ViewPage): HtmlPage {
  const { seen, mayVeto, roles, user, summary, sections, title } = view;
  const hidden = html`<input type="hidden" name="seen" value="${seen}">${csrf === undefined ? '' : html`<input type="hidden" name="csrf" value="${csrf}">`}`;
  const veto = html`<form method="post" action="${action}">${hidden}
<input type="hidden" name="act" value="veto">
<label for="reason">Why it is to be stopped</label>
<input id="reason" name="reason" required maxlength="500" autocomplete="off">
<button>Veto: stop it for good</button>
</form>`;
  const sign = roles.map(
    (role) => html`<form method="post" action="${action}">${hidden}
<input type="hidden" name="act" value="sign"><input type="hidden" name="role" value="${role}">
<button>Sign off as ${role}</button>
</form>`,
  );
  return htmlPage(
    200,
    title,
    html`<p>${summary}</p>
${mayVeto || roles.length > 0 ? html`<p><a href="#act">Stop or sign it</a>, below what it does.</p>` : ''}
${sections.map(table)}<div id="act">${sign}${mayVeto ? veto : ''}</div><p>You are ${user}.</p>`,
  );
}

function table({ title, rows: [head = [], ...rows] }: MessageSection): Piece {
  const heads = head.some((cell) => cell !== '') ? html`<tr>${head.map((cell) => html`<th>${cell}</th>`)}</tr>` : '';
  const body = rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`);
  return html`<h2>${title}</h2>
<table>${heads}${body}</table>
`;
}

export function actedPage({ change, state }: ActedView, act: 'veto' | 'sign'): HtmlPage {
  const said =
    act === 'veto' ? 'It is stopped for good.' : `Your sign-off is written down; the change is ${state} now.`;
  return htmlPage(200, `Change ${change}`, html`<p>${said}</p>`);
}

/** For whoever is not signed in. */
export function strangerPage(path: string): HtmlPage {
  const next = encodeURIComponent(path);
  return htmlPage(
    401,
    problems['sign-in-needed'].title,
    html`<p><a href="/sign-in?next=${next}">Sign in</a> to see this change.</p>`,
  );
}

/** What went wrong. */
export function noticeProblemPage(code: ProblemCode, detail: string): HtmlPage {
  const { status, title } = problems[code];
  return htmlPage(status, title, html`<p>${detail}</p>`);
}
