import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

const lastAnswers = new WeakMap<Duplex, ServerResponse | undefined>();

/** Makes an answer the last of its connection, unless an earlier one is; without one there was none. */
export function makeLast(socket: Duplex, response?: ServerResponse): void {
  if (lastAnswers.has(socket)) return;
  lastAnswers.set(socket, response);
  if (response !== undefined) response.shouldKeepAlive = false;
}

export function hasLast(socket: Duplex): boolean {
  return lastAnswers.has(socket);
}

/** Whether a request came in one piece with one whose answer is the last, so that its own would never go out. */
export function isTooLate(socket: Duplex, response: ServerResponse): boolean {
  // Only an answer that has to wait for another has no connection yet.
  return response.socket === null && lastAnswers.has(socket) && lastAnswers.get(socket) !== response;
}
