import type { z } from 'zod';
import type { ImportedObject, Importer } from '../importer.ts';
import type { KindName } from '../kind.ts';
import { mistakesOf } from '../place.ts';
import { type Mistake, Problem, problemOf } from '../problem.ts';
import { toFileHosts, toPin, toRelease, toRule, toSettings, toStop } from './balrog/objects.ts';
import { readTable, type Table, unknownKeys } from './balrog/read-table.ts';
import {
  type Bundle,
  bundle,
  type ConfigRow,
  configRow,
  permissionRow,
  permissionSignOffRow,
  pinRow,
  productSignOffRow,
  releaseRow,
  roleRow,
  ruleRow,
  standingTables,
  stopRow,
} from './balrog/rows.ts';
import { scheduledChanges } from './balrog/scheduled-changes.ts';
import type { Surroundings } from './balrog/scheduled-edits.ts';
import { toPeople } from './balrog/to-people.ts';
import { toPermissionPolicy, toPolicy } from './balrog/to-policy.ts';
import { parseJson } from './json.ts';

/** Reads an export of Mozilla's Balrog: what it answers from, who may change that, and the changes that wait. */
export const balrog: Importer = {
  name: 'balrog',
  summary: 'rules, releases, people, required sign-offs and scheduled changes of Mozilla Balrog, as JSON',
  read(source) {
    const file = withPlainAmpersands(source, parseJson(source));
    const shape = bundle.safeParse(file);
    if (!shape.success) throw problemOf('invalid-import', mistakesOf(shape.error, { at: '' }));
    if (!Object.keys(shape.data).some((key) => Object.hasOwn(bundle.shape, key))) {
      const message = `none of ${Object.keys(standingTables.shape).join(', ')}`;
      throw problemOf('invalid-import', [{ at: '1:1', message }]);
    }
    const { sections, around } = readSections(shape.data);
    const scheduled = scheduledChanges(shape.data, around);
    return {
      carries: [...new Set(sections.flatMap(({ kinds }) => kinds))],
      objects: sections.flatMap(({ objects }) => objects),
      ...(scheduled.changes.length > 0 && { changes: scheduled.changes }),
      warnings: [
        ...unknownKeys(shape.data, '', bundle.shape),
        ...unknownKeys(shape.data.config ?? {}, 'config', configRow.shape),
        ...sections.flatMap(({ warnings }) => warnings),
        ...scheduled.warnings,
      ],
      mistakes: [...sections.flatMap(({ mistakes }) => mistakes), ...scheduled.mistakes],
    };
  },
};

/** Balrog prints an ampersand that was escaped by hand as it stands; we escape each, so it has to be a plain one. */
function withPlainAmpersands(source: string, file: unknown): unknown {
  return source.includes('&amp;') ? parseJson(source.replaceAll('&amp;', '&')) : file;
}

interface Section {
  readonly kinds: readonly KindName[];
  readonly objects: readonly ImportedObject[];
  readonly warnings: readonly Mistake[];
  readonly mistakes: readonly Mistake[];
}

interface Sections {
  readonly sections: readonly Section[];
  readonly around: Surroundings;
}

function readSections(file: Bundle): Sections {
  const { config } = file;
  const rules = optionalTable('rules', file.rules, ruleRow);
  const permissions = optionalTable('permissions', file.permissions, permissionRow);
  const roles = optionalTable('user_roles', file.user_roles, roleRow);
  const required = optionalTable('product_req_signoffs', file.product_req_signoffs, productSignOffRow);
  const requiredOfPeople = optionalTable(
    'permissions_req_signoffs',
    file.permissions_req_signoffs,
    permissionSignOffRow,
  );
  const sections = [
    section('release', optionalTable('releases', file.releases, releaseRow), toRelease),
    section('rule', rules, toRule),
    section('pin', optionalTable('pinnable_releases', file.pinnable_releases, pinRow), toPin),
    section('emergency-stop', optionalTable('emergency_shutoffs', file.emergency_shutoffs, stopRow), toStop),
    plain('file-host', config?.allowlisted_domains && toFileHosts(config.allowlisted_domains)),
    plain('settings', config && saysSettings(config) ? [toSettings(config)] : undefined),
    people(permissions, roles),
    section('policy', required, toPolicy),
    section('policy', requiredOfPeople, toPermissionPolicy),
  ];
  let newest = (rules?.rows ?? []).reduce((greatest, { row }) => Math.max(greatest, row.rule_id), 0);
  const nextRule = rules && (() => ++newest);
  return {
    sections: sections.filter((found) => found !== undefined),
    around: { permissions: permissions?.rows, roles: roles?.rows ?? [], nextRule },
  };
}

function saysSettings({ special_force_hosts, content_signature_products }: ConfigRow): boolean {
  return special_force_hosts !== undefined || content_signature_products !== undefined;
}

function optionalTable<Row extends z.ZodObject>(
  key: string,
  rows: readonly unknown[] | undefined,
  schema: Row,
): Table<z.output<Row>> | undefined {
  return rows && readTable(key, rows, schema);
}

function plain(kind: KindName, objects: readonly ImportedObject[] | undefined): Section | undefined {
  return objects && { kinds: [kind], objects, warnings: [], mistakes: [] };
}

function section<Row>(
  kind: KindName,
  table: Table<Row> | undefined,
  convert: (row: Row, at: string) => ImportedObject,
): Section | undefined {
  if (table === undefined) return undefined;
  const objects: ImportedObject[] = [];
  const mistakes: Mistake[] = [...table.mistakes];
  for (const { row, at } of table.rows) {
    try {
      objects.push(convert(row, at));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  return { kinds: [kind], objects, warnings: table.warnings, mistakes };
}

/** Both tables make the same objects, so what one of them leaves out is not there. Service accounts stay: they may be others. */
function people(
  permissions: Table<z.output<typeof permissionRow>> | undefined,
  roles: Table<z.output<typeof roleRow>> | undefined,
): Section | undefined {
  if (permissions === undefined && roles === undefined) return undefined;
  const { objects, warnings } = toPeople(permissions?.rows ?? [], roles?.rows ?? []);
  const tables = [permissions, roles].filter((table) => table !== undefined);
  return {
    kinds: ['user', 'grant'],
    objects,
    warnings: [...tables.flatMap((table) => table.warnings), ...warnings],
    mistakes: tables.flatMap((table) => table.mistakes),
  };
}
