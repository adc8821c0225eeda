import { expect } from 'vitest';
import { offerIn } from './balrog-bundle.ts';
import { markOf } from './known-world.ts';
import {
  ask,
  type ExportedObject,
  makeFile,
  revisionIn,
  run,
  type Server,
  type StartOptions,
} from './sluice-process.ts';
import { becomes } from './workers-of.ts';

/** Where the commands find the database. */
export interface Place {
  readonly args: readonly string[];
  readonly options?: StartOptions;
}

/** Somebody who commits one mark after the other with `sluice put`. */
export interface Marker {
  /** Ends after the commit that is on its way. */
  stop(): Promise<void>;
  /** Commits one more, which must be acknowledged, and answers with its number and its revision. */
  commit(): Promise<{ readonly number: number; readonly revision: number }>;
  /** Checks that all that was acknowledged is kept and served. */
  check(server: Server): Promise<void>;
  /** How many commits were acknowledged, and how many were not. */
  tally(): { readonly acknowledged: number; readonly refused: number };
}

/** Begins to commit marks, one after the other, whether or not that succeeds. */
export function startMarking({ args, options }: Place): Marker {
  const acknowledged: number[] = [];
  let made = 0;
  let newest = 0;
  let stopped = false;
  const put = async (): Promise<string | undefined> => {
    made += 1;
    const number = made;
    const { code, stdout, stderr } = await run(['put', makeFile('mark.json', markOf(number).object), ...args], options);
    if (code !== 0) return stderr;
    acknowledged.push(number);
    newest = revisionIn(stdout);
    return undefined;
  };
  const marking = (async () => {
    while (!stopped) await put();
  })();

  return {
    async stop() {
      stopped = true;
      await marking;
    },
    async commit() {
      expect(await put()).toBeUndefined();
      return { number: made, revision: newest };
    },
    async check(server) {
      const { code, stdout, stderr } = await run(['export', ...args], options);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { objects } = JSON.parse(stdout) as { readonly objects: readonly ExportedObject[] };
      const kept = new Set(objects.filter(({ kind }) => kind === 'throttle').map(nameOf));
      expect(acknowledged.map((number) => markOf(number).name).filter((name) => !kept.has(name))).toEqual([]);
      await server.serves(newest);
      // Each worker hears of the newest in its own time. Connections go to them in turns.
      await becomes('all workers serve the newest', async () => {
        return (await offersTo(server, acknowledged.at(-1) ?? Number.NaN)).every((offer) => offer === '-');
      });
      for (const number of acknowledged) {
        expect(new Set(await offersTo(server, number)), `mark ${number}`).toEqual(new Set(['-']));
      }
      expect(offerIn(await server.ask(markOf(made + 1).path))).toBe('2.0.0 minor');
    },
    tally: () => ({ acknowledged: acknowledged.length, refused: made - acknowledged.length }),
  };
}

function nameOf({ product, version }: ExportedObject): string {
  return `${product}/${version}`;
}

/** What those are offered who ask the question that a mark is about, over connections of their own. */
function offersTo(server: Server, mark: number): Promise<readonly string[]> {
  const { path } = markOf(mark);
  return Promise.all(Array.from({ length: 6 }, async () => offerIn(await ask(server.port, path))));
}
