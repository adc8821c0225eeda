import { Agent, type IncomingMessage, request } from 'node:http';

/** A question and the one answer that is right. */
export interface Target {
  readonly path: string;
  readonly body: string;
}

export interface LoadOptions {
  readonly port: number;
  /** Asked in turns. */
  readonly targets: readonly Target[];
  readonly perSecond: number;
  /** How many connections there are at most; they are kept. */
  readonly connections?: number;
  /** Called with each answer, right or wrong, and when it was there, by `performance.now`. */
  readonly onAnswer?: (body: string, atMs: number) => void;
}

/** What came of all questions. Each was either right, wrong or failed. */
export interface LoadReport {
  readonly asked: number;
  readonly right: number;
  /** Answers with another status or body. */
  readonly wrong: number;
  /** Questions without an answer. */
  readonly failed: number;
  /** Questions that were asked again because a kept connection had been closed, as RFC 9112 (9.3.1) wants it. */
  readonly retried: number;
  /** From the moment when it was to be asked, so that nothing is hidden by waiting for those before. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
  /** The first few things that went wrong, to be shown. */
  readonly complaints: readonly string[];
}

/** Clients that ask at their own pace, however long the answers take. */
export interface Load {
  /** Asks nothing more, waits for what is still to come, and tells. */
  stop(): Promise<LoadReport>;
}

const tickMs = 1;
const patienceMs = 20_000;

/** What came of one question: `stale` where its connection had been closed before it was heard. */
type Fate = 'right' | 'stale' | { readonly kind: 'wrong' | 'failed'; readonly complaint: string };

/** Begins to ask so many times a second, until it is stopped. */
export function startLoad({ port, targets, perSecond, connections = 64, onAnswer }: LoadOptions): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
  const startedMs = performance.now();
  const latencies: number[] = [];
  const complaints: string[] = [];
  const running = new Set<Promise<void>>();
  const count = { asked: 0, right: 0, wrong: 0, failed: 0, retried: 0 };

  const askInTurn = async (dueMs: number, target: Target): Promise<void> => {
    let fate = await askOnce(port, agent, target, onAnswer);
    for (let again = 0; fate === 'stale' && again < 3; again += 1) {
      count.retried += 1;
      fate = await askOnce(port, agent, target, onAnswer);
    }
    latencies.push(performance.now() - dueMs);
    if (fate === 'right') {
      count.right += 1;
      return;
    }
    const { kind, complaint } = fate === 'stale' ? { kind: 'failed' as const, complaint: 'stale thrice' } : fate;
    count[kind] += 1;
    if (complaints.length < 5) complaints.push(`${target.path}: ${complaint}`);
  };
  const askWhatIsDue = (): void => {
    const due = Math.floor(((performance.now() - startedMs) * perSecond) / 1000);
    for (; count.asked < due; count.asked += 1) {
      const target = targets[count.asked % targets.length];
      if (target === undefined) throw new Error('There is nothing to ask.');
      const asking = askInTurn(startedMs + (count.asked * 1000) / perSecond, target);
      running.add(asking);
      void asking.then(() => running.delete(asking));
    }
  };
  const timer = setInterval(askWhatIsDue, tickMs);

  return {
    async stop() {
      clearInterval(timer);
      askWhatIsDue();
      await Promise.all(running);
      agent.destroy();
      latencies.sort((a, b) => a - b);
      const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN;
      return { ...count, p50Ms: at(0.5), p99Ms: at(0.99), slowestMs: at(1), complaints };
    },
  };
}

function askOnce(port: number, agent: Agent, { path, body }: Target, onAnswer: LoadOptions['onAnswer']): Promise<Fate> {
  return new Promise((resolve) => {
    const asking = request({ host: '127.0.0.1', port, path, agent, timeout: patienceMs }, (reply: IncomingMessage) => {
      let said = '';
      const fail = (error: Error) => resolve({ kind: 'failed', complaint: `broken off: ${error.message}` });
      reply.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      reply.on('error', fail).on('aborted', () => fail(new Error('aborted')));
      reply.on('end', () => {
        onAnswer?.(said, performance.now());
        const isRight = reply.statusCode === 200 && said === body;
        resolve(isRight ? 'right' : { kind: 'wrong', complaint: `${reply.statusCode} ${said.slice(0, 200)}` });
      });
    });
    asking.on('timeout', () => asking.destroy(new Error(`no answer within ${patienceMs} ms`)));
    asking.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = asking.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      resolve(isStale ? 'stale' : { kind: 'failed', complaint: error.message });
    });
    asking.end();
  });
}

/** The report as a line for people. */
export function reportLine({ asked, wrong, failed, retried, p50Ms, p99Ms, slowestMs }: LoadReport): string {
  const times = [`p50 ${p50Ms.toFixed(1)} ms`, `p99 ${p99Ms.toFixed(1)} ms`, `slowest ${slowestMs.toFixed(0)} ms`];
  const again = retried > 0 ? `, ${retried} asked again` : '';
  return `${asked} asked, ${wrong} wrong, ${failed} failed${again}, ${times.join(', ')}`;
}
