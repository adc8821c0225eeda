import { parseDocument } from 'yaml';
import { type ProblemCode, problemOf } from './problem.ts';

/**
 * Parses JSON or YAML.
 *
 * @param file is put before each place, where there is more than one file that it could be in
 * @throws Problem with every mistake and its line and column
 */
export function parseStructured(source: string, code: ProblemCode, file?: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    // Not JSON: YAML, which JSON is a part of, and whose parser says where it stumbles.
  }
  const document = parseDocument(source, { prettyErrors: true });
  const before = file === undefined ? '' : `${file}:`;
  const mistakes = document.errors.map(({ message, linePos }) => ({
    at: before + (linePos === undefined ? '1:1' : `${linePos[0].line}:${linePos[0].col}`),
    message: message.split(' at line ', 1)[0] ?? message,
  }));
  if (mistakes.length > 0) throw problemOf(code, mistakes);
  return document.toJS();
}
