import type { IncomingMessage } from 'node:http';
import type { OutsideAnswer } from '../signal.ts';

const mostBytes = 1_048_576;

/** What an answer says, as UTF-8, or why that is not known, once its status is. */
export async function readBody(
  reply: IncomingMessage,
  signal: AbortSignal,
): Promise<Pick<OutsideAnswer, 'body' | 'trouble'>> {
  const encoding = reply.headers['content-encoding'] ?? 'identity';
  if (!/^identity$/i.test(encoding.trim())) {
    reply.destroy();
    return { body: '', trouble: 'its answer is compressed' };
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // To leave the loop ends the connection.
      if (bytes > mostBytes) return { body: '', trouble: 'its answer is longer than 1 MiB' };
      chunks.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { body: '', trouble: signal.aborted ? 'its answer did not come to an end in time' : 'its answer broke off' };
  }
  if (!reply.complete) return { body: '', trouble: 'its answer broke off' };
  return { body: new TextDecoder().decode(Buffer.concat(chunks)) };
}
