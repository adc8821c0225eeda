import { readFile } from 'node:fs/promises';
import { Problem } from '../problem.ts';

/** Reads a file that a person named. @throws Problem `unreadable-file`. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Problem('unreadable-file', error instanceof Error ? error.message : String(error), [], { cause: error });
  }
}
