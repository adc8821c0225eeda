import type { Part, Request, Snapshot } from 'sluice';

/** What a release needs to write its part of an answer. */
export interface Rendering {
  readonly request: Request;
  readonly snapshot: Snapshot;
  readonly part: Part;
}

/** Where the patches of one kind stand in a blob, and under which key their file names do. */
export type PatchKey = 'complete' | 'partial' | 'completes' | 'partials';

/** Fills in a client's locale, written `%LOCALE%` or `%locale%`. */
export function withLocale(template: string, locale: string): string {
  return template.includes('%') ? template.replace(/%LOCALE%|%locale%/g, () => locale) : template;
}
