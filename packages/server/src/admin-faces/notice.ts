import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AdminEnv, AdminFace, AdminRoutes } from '../admin-face.ts';
import { addressGroup } from '../http/address-group.ts';
import { formFields } from '../http/form-fields.ts';
import type { HtmlPage } from '../http/html-page.ts';
import { RateLimit } from '../http/rate-limit.ts';
import { checkSameOrigin, guardSession, presentedBy } from '../http/session-guard.ts';
import type { NoticeAct, NoticeApp } from '../notice-app.ts';
import { Problem } from '../problem.ts';
import { actedPage, noticeProblemPage, strangerPage, viewPage } from './notice/pages.ts';

/** Where the links of notices lead: a page that shows what will happen, with forms to stop it or to sign it off. */
export const notice: AdminFace<'notice', NoticeApp> = {
  name: 'notice',
  summary: 'where the links of notices lead',
  authorisation: 'own',
  open: openNoticeFace,
};

type Asked = Context<AdminEnv>;

/** Programs that look at mail look at each link, some of them often. */
const looks = { perSecond: 5, burst: 300, mostKeys: 20_000 };
const acts = { perSecond: 1 / 6, burst: 10, mostKeys: 20_000 };
const spent = 'This link was used, has expired, or the change is over or not what it was.';

function openNoticeFace(app: NoticeApp): AdminRoutes {
  const routes: AdminRoutes = new Hono<AdminEnv>();
  const { origins } = app;
  const [looking, acting] = [new RateLimit(looks), new RateLimit(acts)];
  const headerOf = (c: Asked) => (name: string) => c.req.header(name);
  const sessionOf = (c: Asked) => app.authenticate({ cookie: presentedBy(headerOf(c), origins).cookie });

  function limit(c: Asked, rate: RateLimit): void {
    const waitMs = rate.take(addressGroup(app.addressOf(c.env.incoming)), app.nowMs());
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    c.header('Retry-After', String(seconds));
    throw new Problem('too-many-requests', `Try again in ${seconds} seconds.`);
  }

  routes.onError((error, c) => {
    if (!(error instanceof Problem)) throw error;
    const { code, detail } = error;
    return show(c, noticeProblemPage(code, code === 'notice-link-spent' ? spent : detail));
  });

  routes.get('/notice/change/:id', async (c) => {
    limit(c, looking);
    const session = await sessionOf(c);
    if (session?.csrf === undefined) return show(c, strangerPage(c.req.path));
    const id = idIn(c);
    const view = await app.byCaller(id, session);
    if (view === undefined) throw new Problem('change-not-found', `There is no change ${id}.`);
    return show(c, viewPage({ view, action: c.req.path, csrf: session.csrf }));
  });

  routes.post('/notice/change/:id', async (c) => {
    checkSameOrigin(headerOf(c), origins);
    limit(c, acting);
    const session = await sessionOf(c);
    if (session === undefined) return show(c, strangerPage(c.req.path));
    const fields = await formFields(c);
    guardSession({ method: 'POST', header: headerOf(c), csrfField: fields.get('csrf') ?? undefined }, session, origins);
    const act = actIn(fields);
    return show(c, actedPage(await app.actAsCaller(idIn(c), fields.get('seen') ?? '', session, act), act.kind));
  });

  routes.get('/notice/:secret', async (c) => {
    limit(c, looking);
    const view = await app.byLink(c.req.param('secret').slice(0, 200));
    if (view === undefined) throw new Problem('notice-link-spent', spent);
    return show(c, viewPage({ view, action: c.req.path, csrf: undefined }));
  });

  routes.post('/notice/:secret', async (c) => {
    // First, so that the page of somebody else cannot use up the attempts of whoever looks at it.
    checkSameOrigin(headerOf(c), origins);
    limit(c, acting);
    const act = actIn(await formFields(c));
    return show(c, actedPage(await app.actByLink(c.req.param('secret').slice(0, 200), act), act.kind));
  });

  routes.all('/notice/*', (c) => c.notFound());
  return routes;
}

function idIn(c: Asked): number {
  const text = c.req.param('id') ?? '';
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('change-not-found', 'There is no such change.');
  return Number(text);
}

/** @throws Problem `usage` for what is no act. */
function actIn(fields: URLSearchParams): NoticeAct {
  const act = fields.get('act');
  if (act === 'sign') return { kind: 'sign', role: fields.get('role') ?? undefined };
  const reason = (fields.get('reason') ?? '').trim();
  if (act !== 'veto' || reason === '' || reason.length > 500)
    throw new Problem('usage', 'Say what is to be done; to stop a change takes a reason of up to 500 characters.');
  return { kind: 'veto', reason };
}

function show(c: Asked, { status, text, headers }: HtmlPage): Response {
  return c.body(text, status as ContentfulStatusCode, headers);
}
