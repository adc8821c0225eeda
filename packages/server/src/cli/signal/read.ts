import { Command } from 'commander';
import type { Reading } from 'sluice';
import { checkEdits } from '../../app/prepare-edits.ts';
import { readOutside } from '../../app/readings/read-outside.ts';
import { type SignalBody, signal as signalKind } from '../../kinds/signal.ts';
import { Problem } from '../../problem.ts';
import type { Context } from '../context.ts';
import type { End } from '../end.ts';
import { objectAddress } from '../object-address.ts';
import { readObjectsFile } from '../objects-file.ts';
import { printLines } from '../print-lines.ts';
import { readText } from '../read-text.ts';
import { type ApiOptions, addApiOptions, openApi } from '../with-api.ts';
import { setOption } from '../with-store.ts';

interface ReadOptions extends ApiOptions {
  readonly file?: string;
  readonly json?: true;
  readonly set: readonly string[];
}

/** `sluice signal read NAME`, or `--file FILE`. */
export function readSignalCommand(context: Context, end: End): Command {
  return addApiOptions(new Command('read').summary('read a signal once, from here'))
    .description(
      'Reads a signal once with the configuration of this machine, and prints its value, the time that it is of, and where\nit comes from. Nothing is written down. Exits with 1 when the value cannot be known.',
    )
    .argument('[name]', 'a signal that the server has')
    .option('--file <file>', 'signals as sluice put takes them, instead; needs no server')
    .addOption(setOption())
    .option('--json', 'print the readings as JSON')
    .action(async (name: string | undefined, options: ReadOptions) => {
      const bodies = await bodiesOf(context, name, options);
      const readings = await readAll(context, bodies, options);
      if (options.json === true) context.print(JSON.stringify(readings.map(toJson), null, 2));
      else for (const one of readings) printLines(context, linesOf(one));
      if (readings.some(({ reading }) => reading.value === undefined)) end(1);
    });
}

interface Named {
  readonly name: string;
  readonly body: SignalBody;
}

interface NamedReading {
  readonly name: string;
  readonly reading: Reading;
}

async function bodiesOf(context: Context, name: string | undefined, options: ReadOptions): Promise<readonly Named[]> {
  if ((name === undefined) === (options.file === undefined)) throw new Problem('usage', 'say a name or --file');
  if (options.file !== undefined) return bodiesIn(await readText(options.file));
  const object = { kind: 'signal', name: name ?? '' } as const;
  const { body } = await openApi(context, options).get<{ readonly body: unknown }>(objectAddress(object));
  return [{ name: object.name, body: signalKind.schema.parse(body.body) }];
}

function bodiesIn(text: string): readonly Named[] {
  const { edits, mistakes } = readObjectsFile(text);
  const signals = edits.filter(({ kind }) => kind === 'signal');
  checkEdits(signals, { code: 'invalid-object', mistakes });
  if (signals.length === 0) throw new Problem('usage', 'the file holds no signal');
  return signals.map(({ name = '', body }) => ({ name, body: signalKind.schema.parse(body) }));
}

async function readAll(
  context: Context,
  bodies: readonly Named[],
  { config: file, url, set }: ReadOptions,
): Promise<readonly NamedReading[]> {
  const { config } = context.loadConfig({ file, options: { url }, set });
  const [{ openOutside }, signals] = await Promise.all([
    import('../../outside/open-outside.ts'),
    context.loadOutsideSignals(),
  ]);
  const onBug = (error: unknown): void => {
    throw error;
  };
  const outside = openOutside(config);
  const read = async ({ name, body }: Named): Promise<NamedReading> => {
    const reading = await readOutside(body, { signals, outside, nowMs: context.nowMs(), onBug });
    return { name, reading };
  };
  return await Promise.all(bodies.map(read));
}

function linesOf({ name, reading: { value, asOfMs, note } }: NamedReading): readonly string[] {
  const time = new Date(asOfMs).toISOString();
  return [value === undefined ? `${name}: unknown` : `${name}: ${value} as of ${time}`, `  ${note}`];
}

function toJson({ name, reading: { value, asOfMs, note } }: NamedReading): unknown {
  return { name, ...(value !== undefined && { value }), asOf: new Date(asOfMs).toISOString(), note };
}
