/** A request line that is kept for previews: as much of it as decides about its answer. */
export interface SampledLine {
  /** Path and query. */
  readonly url: string;
  readonly userAgent: string | undefined;
}

/** The same text for the same line, and only for it. */
export function lineText({ url, userAgent }: SampledLine): string {
  return userAgent === undefined ? url : `${url}\n${userAgent}`;
}
