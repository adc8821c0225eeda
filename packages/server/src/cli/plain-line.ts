/** A text as it may be printed: what other people wrote can hold characters that would steer a terminal. */
export function plainLine(text: string): string {
  return text.replaceAll(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
