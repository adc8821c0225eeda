import type { Message } from '../../notifier.ts';

/** How long an event may be, in bytes, for every receiver to take it: below 20 kB. */
const longest = 19_000;

type Data = Readonly<Record<string, unknown>>;

/** An event as JSON. What is too long for receivers loses the ends of its lists, and says `truncated`. */
export function cloudEvent({ notice, subject, summary, origin, data }: Message): string {
  const { id, event, change, createdAtMs } = notice;
  const write = (part: Data): string =>
    JSON.stringify({
      specversion: '1.0',
      id,
      source: origin,
      // Other characters are not allowed in it: Standard Webhooks 1.0.0, payload structure.
      type: change === undefined ? `dev.sluice.notifier.${event.replaceAll('-', '_')}` : `dev.sluice.change.${event}`,
      ...(change !== undefined && { subject: `change/${change}` }),
      time: new Date(createdAtMs).toISOString(),
      datacontenttype: 'application/json',
      data: { title: subject, summary, ...part },
    });
  let part = data;
  for (let text = write(part); ; text = write(part)) {
    if (Buffer.byteLength(text) <= longest) return text;
    const shorter = shortened(part);
    if (shorter === undefined) return write({ truncated: true });
    part = shorter;
  }
}

/** Half of the longest list, or without it; `undefined` where there is none. */
function shortened(data: Data): Data | undefined {
  const lists = Object.entries(data).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const lengthOf = ([, list]: [string, unknown[]]): number => JSON.stringify(list).length;
  const [found] = lists.filter(([, list]) => list.length > 0).sort((a, b) => lengthOf(b) - lengthOf(a));
  if (found === undefined) return undefined;
  const [name, list] = found;
  return { ...data, [name]: list.slice(0, Math.floor(list.length / 2)), truncated: true };
}
