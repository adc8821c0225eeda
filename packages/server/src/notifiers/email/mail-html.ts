import { html } from 'hono/html';
import type { Message, MessageSection } from '../../notifier.ts';
import { linksFor } from './links-for.ts';

/** A piece of HTML in which everything from outside is escaped. */
type Piece = ReturnType<typeof html>;

const cell = 'padding:4px 12px 4px 0;text-align:left;vertical-align:top';

/** Messages of one thread as a page that loads nothing. */
export function mailHtml(messages: readonly Message[], recipient: string): string {
  const [first] = messages;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${first?.subject ?? ''}</title></head>
<body style="font-family:sans-serif;font-size:15px;line-height:1.45">
${messages.map((message) => messageHtml(message, recipient))}<p style="color:#666666;font-size:13px">Sluice, ${first?.origin ?? ''}</p>
</body></html>
`;
  return String(page);
}

function messageHtml(message: Message, recipient: string): Piece {
  return html`<h1 style="font-size:18px">${message.subject}</h1>
<p>${message.summary}</p>
${linksFor(message, recipient).map(({ label, url }) => html`<p><a href="${url}">${label}</a></p>\n`)}${message.sections.map(sectionHtml)}`;
}

function sectionHtml({ title, rows: [head = [], ...rows] }: MessageSection): Piece {
  const hasHead = head.some((text) => text !== '');
  return html`<h2 style="font-size:15px;margin:20px 0 4px">${title}</h2>
<table style="border-collapse:collapse;font-size:14px">${hasHead ? html`<thead><tr>${head.map((text) => html`<th style="${cell};color:#666666">${text}</th>`)}</tr></thead>` : ''}<tbody>
${rows.map((row) => html`<tr>${row.map((text) => html`<td style="${cell}">${text}</td>`)}</tr>\n`)}</tbody></table>
`;
}
