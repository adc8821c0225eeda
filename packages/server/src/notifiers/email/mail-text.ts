import type { Message, MessageSection } from '../../notifier.ts';
import { linksFor } from './links-for.ts';

/** How wide a column gets at most by what stands below it. */
const widest = 40;

/** Messages of one thread as plain text. */
export function mailText(messages: readonly Message[], recipient: string): string {
  const parts = messages.map((message) =>
    [
      ...(messages.length > 1 ? [message.subject] : []),
      message.summary,
      ...linksFor(message, recipient).map(({ label, url }) => `${label}:\n${url}`),
      ...message.sections.map(sectionText),
    ].join('\n\n'),
  );
  const [first] = messages;
  // The line by which mail programs know that a signature follows: RFC 3676, section 4.3.
  return `${parts.join('\n\n\n')}\n\n-- \nSluice, ${first?.origin ?? ''}\n`;
}

function sectionText({ title, rows }: MessageSection): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.min(widest, Math.max(widths[at] ?? 0, cell.length));
  }
  const lines = rows.filter(isSaid).map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [title.toUpperCase(), ...lines.map((line) => `  ${line}`)].join('\n');
}

/** A table may have no head. */
function isSaid(row: readonly string[]): boolean {
  return row.some((cell) => cell !== '');
}
