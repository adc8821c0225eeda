import type { Message, MessageSection } from '../../notifier.ts';

/** Slack refuses a message with longer texts, or more blocks. */
const [longestHeader, longestText, mostBlocks] = [150, 2900, 40];

/**
 * A message as Slack takes it, as JSON. What people wrote stands in plain texts only, which nothing is read into; `text` is for
 * whoever shows no blocks. Source: Slack, Block Kit reference.
 */
export function slackPayload({ subject, summary, sections, links }: Message): string {
  const open = links.filter(({ recipient }) => recipient === undefined);
  const blocks = [
    { type: 'header', text: plain(subject, longestHeader) },
    { type: 'section', text: plain(summary, longestText) },
    ...open.map(({ label, url }) => ({
      type: 'section',
      text: { type: 'mrkdwn', text: `<${escaped(url)}|${escaped(label)}>` },
    })),
    ...sections.map((section) => ({ type: 'section', text: plain(sectionText(section), longestText) })),
  ];
  const lines = [subject, summary, ...open.map(({ url }) => url)].map(inert);
  return JSON.stringify({ text: lines.join('\n'), blocks: blocks.slice(0, mostBlocks), unfurl_links: false });
}

function plain(text: string, longest: number): object {
  return { type: 'plain_text', text: cut(text, longest), emoji: false };
}

function sectionText({ title, rows: [, ...rows] }: MessageSection): string {
  return [title, ...rows.map((row) => `• ${row.filter((cell) => cell !== '').join(' · ')}`)].join('\n');
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Source: Slack, "Formatting text for app surfaces". */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Mentions nobody and links to nothing, also where Markdown is read: a mark that nobody sees stands after what would. */
function inert(text: string): string {
  return escaped(text).replaceAll(/(^|[^\p{L}\p{N}._%+-])@|[`*~[\]]/gu, '$&\u200b');
}
