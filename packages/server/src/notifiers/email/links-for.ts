import type { Message } from '../../notifier.ts';

/** The links of a message for one recipient: their own where there are any, else those for everybody. */
export function linksFor(
  { links }: Message,
  recipient: string,
): readonly { readonly label: string; readonly url: string }[] {
  const own = links.filter((link) => link.recipient === recipient);
  return own.length > 0 ? own : links.filter((link) => link.recipient === undefined);
}
