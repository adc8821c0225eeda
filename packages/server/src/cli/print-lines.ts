import type { Context } from './context.ts';
import { plainLine } from './plain-line.ts';

/** Prints lines for a person. */
export function printLines({ print }: Pick<Context, 'print'>, lines: readonly string[]): void {
  for (const line of lines) print(plainLine(line));
}
