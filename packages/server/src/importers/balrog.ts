import type { z } from 'zod';
import type { ImportedObject, Importer } from '../importer.ts';
import type { KindName } from '../kind.ts';
import { placeOf } from '../place.ts';
import { type Mistake, Problem, problemOf } from '../problem.ts';
import { toFileHosts, toPin, toRelease, toRule, toSettings, toStop } from './balrog/objects.ts';
import { bundle, configRow, pinRow, releaseRow, ruleRow, stopRow } from './balrog/rows.ts';
import { parseJson } from './json.ts';

type Bundle = z.output<typeof bundle>;

/** Reads an export of Mozilla's Balrog: rules, releases, pins, emergency shutoffs and the parts of its configuration. */
export const balrog: Importer = {
  name: 'balrog',
  summary: 'rules, releases, pins and emergency shutoffs of Mozilla Balrog, as JSON',
  read(source) {
    const parsed = bundle.safeParse(parseJson(source));
    if (!parsed.success) {
      const mistakes = parsed.error.issues.map(({ path, message }) => ({ at: placeOf(root, path), message }));
      throw problemOf('invalid-import', mistakes);
    }
    const sections = readSections(parsed.data);
    if (sections.length === 0) {
      const mistake = { at: '1:1', message: 'none of rules, releases, pinnable_releases, emergency_shutoffs, config' };
      throw new Problem('invalid-import', 'this is no Balrog file', [mistake]);
    }
    return {
      carries: sections.map(({ kind }) => kind),
      objects: sections.flatMap(({ objects }) => objects),
      warnings: [
        ...unknownKeys(parsed.data, '', bundle.shape),
        ...unknownKeys(parsed.data.config ?? {}, 'config', configRow.shape),
        ...sections.flatMap(({ warnings }) => warnings),
      ],
    };
  },
};

const root = { at: '' };

interface Section {
  readonly kind: KindName;
  readonly objects: readonly ImportedObject[];
  readonly warnings: readonly Mistake[];
}

function readSections({ releases, rules, pinnable_releases, emergency_shutoffs, config }: Bundle): readonly Section[] {
  return [
    table('release', 'releases', releases, toRelease, { ...releaseRow.shape, blob: true }),
    table('rule', 'rules', rules, toRule, ruleRow.shape),
    table('pin', 'pinnable_releases', pinnable_releases, toPin, pinRow.shape),
    table('emergency-stop', 'emergency_shutoffs', emergency_shutoffs, toStop, stopRow.shape),
    section('file-host', config?.allowlisted_domains && toFileHosts(config.allowlisted_domains)),
    section('settings', config && [toSettings(config)]),
  ].filter((found) => found !== undefined);
}

function section(kind: KindName, objects: readonly ImportedObject[] | undefined): Section | undefined {
  return objects && { kind, objects, warnings: [] };
}

function table<Row extends object>(
  kind: KindName,
  key: string,
  rows: readonly Row[] | undefined,
  convert: (row: Row, at: string) => ImportedObject,
  known: object,
): Section | undefined {
  if (rows === undefined) return undefined;
  return {
    kind,
    objects: rows.map((row, index) => convert(row, `${key}[${index}]`)),
    warnings: rows.flatMap((row, index) => unknownKeys(row, `${key}[${index}]`, known)),
  };
}

function unknownKeys(row: object, at: string, known: object): readonly Mistake[] {
  return Object.keys(row)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => ({ at: placeOf({ at }, [key]), message: 'nobody reads this key' }));
}
