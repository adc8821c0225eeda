import type { z } from 'zod';
import type { ImportedObject, Importer } from '../importer.ts';
import type { KindName } from '../kind.ts';
import { mistakesOf, placeOf } from '../place.ts';
import { type Mistake, Problem, problemOf } from '../problem.ts';
import { toFileHosts, toPin, toRelease, toRule, toSettings, toStop } from './balrog/objects.ts';
import { bundle, type ConfigRow, configRow, pinRow, releaseRow, ruleRow, stopRow } from './balrog/rows.ts';
import { parseJson } from './json.ts';

type Bundle = z.output<typeof bundle>;

/** Reads an export of Mozilla's Balrog: rules, releases, pins, emergency shutoffs and the parts of its configuration. */
export const balrog: Importer = {
  name: 'balrog',
  summary: 'rules, releases, pins and emergency shutoffs of Mozilla Balrog, as JSON',
  read(source) {
    const file = withPlainAmpersands(source, parseJson(source));
    const shape = bundle.safeParse(file);
    if (!shape.success) throw problemOf('invalid-import', mistakesOf(shape.error, { at: '' }));
    const sections = readSections(shape.data);
    if (sections.length === 0) {
      const message = `none of ${Object.keys(bundle.shape).join(', ')}`;
      throw problemOf('invalid-import', [{ at: '1:1', message }]);
    }
    return {
      carries: sections.map(({ kind }) => kind),
      objects: sections.flatMap(({ objects }) => objects),
      warnings: [
        ...unknownKeys(shape.data, '', bundle.shape),
        ...unknownKeys(shape.data.config ?? {}, 'config', configRow.shape),
        ...sections.flatMap(({ warnings }) => warnings),
      ],
      mistakes: sections.flatMap(({ mistakes }) => mistakes),
    };
  },
};

/** Balrog prints an ampersand that was escaped by hand as it stands; we escape each, so it has to be a plain one. */
function withPlainAmpersands(source: string, file: unknown): unknown {
  return source.includes('&amp;') ? parseJson(source.replaceAll('&amp;', '&')) : file;
}

interface Section {
  readonly kind: KindName;
  readonly objects: readonly ImportedObject[];
  readonly warnings: readonly Mistake[];
  readonly mistakes: readonly Mistake[];
}

function readSections({ releases, rules, pinnable_releases, emergency_shutoffs, config }: Bundle): readonly Section[] {
  return [
    table('release', 'releases', releases, releaseRow, toRelease),
    table('rule', 'rules', rules, ruleRow, toRule),
    table('pin', 'pinnable_releases', pinnable_releases, pinRow, toPin),
    table('emergency-stop', 'emergency_shutoffs', emergency_shutoffs, stopRow, toStop),
    section('file-host', config?.allowlisted_domains && toFileHosts(config.allowlisted_domains)),
    section('settings', config && saysSettings(config) ? [toSettings(config)] : undefined),
  ].filter((found) => found !== undefined);
}

function saysSettings({ special_force_hosts, content_signature_products }: ConfigRow): boolean {
  return special_force_hosts !== undefined || content_signature_products !== undefined;
}

function section(kind: KindName, objects: readonly ImportedObject[] | undefined): Section | undefined {
  return objects && { kind, objects, warnings: [], mistakes: [] };
}

/** Reads a table row by row, so that one bad row does not hide what is wrong with the others. */
function table<Row extends z.ZodObject>(
  kind: KindName,
  key: string,
  rows: readonly unknown[] | undefined,
  schema: Row,
  convert: (row: z.output<Row>, at: string) => ImportedObject,
): Section | undefined {
  if (rows === undefined) return undefined;
  const objects: ImportedObject[] = [];
  const warnings: Mistake[] = [];
  const mistakes: Mistake[] = [];
  for (const [index, row] of rows.entries()) {
    const at = `${key}[${index}]`;
    const parsed = schema.safeParse(row);
    if (!parsed.success) {
      mistakes.push(...mistakesOf(parsed.error, { at }));
      continue;
    }
    warnings.push(...unknownKeys(parsed.data, at, schema.shape));
    try {
      objects.push(convert(parsed.data, at));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  return { kind, objects, warnings, mistakes };
}

function unknownKeys(row: object, at: string, known: object): readonly Mistake[] {
  return Object.keys(row)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => ({ at: placeOf({ at }, [key]), message: 'nobody reads this key' }));
}
