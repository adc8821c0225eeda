import { ownQuery } from '../conditions/signal-schema.ts';
import type { OwnQuery } from './read-own.ts';

/** The question that a key of one of our own counters stands for; `undefined` for a text that is none. */
export function ownQueryIn(key: string): OwnQuery | undefined {
  const [, name, text] = /^([a-z]+) (\{.*\})$/s.exec(key) ?? [];
  if (name === undefined || text === undefined) return undefined;
  return ownQuery.safeParse({ [name]: parsed(text) }).data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
