import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Mistake } from '../../problem.ts';

/** A YAML file that could be read, and where everything stands in it. */
export interface PlacedYaml {
  readonly value: unknown;
  /** `FILE:LINE:COLUMN` of what is at a path, or of the nearest thing around it that is there. */
  at(path: readonly PropertyKey[]): string;
}

/** Reads a YAML or JSON file as plain JSON values, or says everything that is wrong with its form. */
export function readPlacedYaml(source: string, file: string): PlacedYaml | readonly Mistake[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) return faults.map(({ pos, message }) => ({ at: place(pos[0]), message }));
  const at = (path: readonly PropertyKey[]): string => place(offsetOf(document, path));
  try {
    const value: unknown = document.toJS();
    const odd = oddNumbers(value).map((path) => ({ at: at(path), message: 'this is no number that JSON has' }));
    return odd.length > 0 ? odd : { value, at };
  } catch (error) {
    return [{ at: `${file}:1:1`, message: error instanceof Error ? error.message : String(error) }];
  }
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    // Of a field it is its name that people look for.
    const pair = isMap(parent) ? parent.items.find(({ key }) => keyText(key) === String(last)) : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range != null) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyText(key: unknown): string {
  return String(typeof key === 'object' && key !== null && 'value' in key ? key.value : key);
}

function oddNumbers(value: unknown): readonly (readonly PropertyKey[])[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => oddNumbers(inner).map((path) => [key, ...path]));
}
