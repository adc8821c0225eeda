import { createReadStream } from 'node:fs';
import { Problem } from '../problem.ts';

/**
 * The lines of a file, without their ends. Only LF ends a line: JSON has others in its texts.
 * @throws Problem `unreadable-file`.
 */
export async function* readLines(file: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(file, 'utf8')) {
      const [first = '', ...others] = String(chunk).split('\n');
      rest += first;
      for (const other of others) {
        yield rest;
        rest = other;
      }
    }
  } catch (error) {
    throw new Problem('unreadable-file', error instanceof Error ? error.message : String(error), [], { cause: error });
  }
  if (rest !== '') yield rest;
}
