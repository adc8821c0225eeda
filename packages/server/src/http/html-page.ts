import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

/** A piece of a page in which everything from outside is escaped. */
export type Piece = ReturnType<typeof html>;

const style = `:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}body{max-width:26rem;margin:12vh auto;padding:0 1rem}h1{font-size:1.4rem}form{margin:1.5rem 0}label{display:block;margin:.75rem 0 .25rem}input,button{font:inherit;padding:.5rem .75rem;box-sizing:border-box;width:100%}button{margin-top:.75rem;cursor:pointer}table{border-collapse:collapse;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0;overflow-wrap:break-word}th{color:gray}form{max-width:24rem}main{overflow-x:auto}body:has(table){max-width:46rem;margin-top:4vh}h2{font-size:1rem;margin:1.5rem 0 .25rem}`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** What a page may do: look as it does, and send its own forms here. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** A page that is ready to be sent. */
export interface HtmlPage {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole page without script. `to` is where the browser goes on to by itself. */
export function htmlPage(status: number, title: string, body: Piece, to?: string): HtmlPage {
  const refresh = to === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${to}">`;
  const text = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${title} · Sluice</title>
${refresh}<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return {
    status,
    text: String(text),
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy,
      // With no-referrer a browser would send its own forms with "Origin: null".
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    },
  };
}
