/** The channel that a partner build follows besides its own: `release` for `release-cck-acme`, else the channel itself. */
export function fallbackChannel(channel: string): string {
  const at = channel.indexOf('-cck-');
  return at < 0 ? channel : channel.slice(0, at);
}

/**
 * Whether a rule's channel covers a channel: the same text, or, ending in `*`, a prefix of it.
 * A glob of fewer than three characters covers nothing, so that a slip of the finger does not serve the world.
 */
export function coversChannel(pattern: string, channel: string): boolean {
  if (!pattern.endsWith('*')) return pattern === channel;
  return pattern.length >= 3 && channel.startsWith(pattern.slice(0, -1));
}
