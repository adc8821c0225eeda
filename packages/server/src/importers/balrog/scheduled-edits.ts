import type { z } from 'zod';
import type { ImportedEdit, ImportedObject } from '../../importer.ts';
import type { KindName } from '../../kind.ts';
import { mistakesOf } from '../../place.ts';
import { type Mistake, problemOf } from '../../problem.ts';
import { toPin, toRelease, toRule, toStop } from './objects.ts';
import { type Around, permissionEdits } from './permission-edits.ts';
import { type RowAt, unknownKeys } from './read-table.ts';
import {
  permissionRow,
  permissionSignOffRow,
  pinRow,
  productSignOffRow,
  releaseRow,
  ruleRow,
  type ScheduledRow,
  type ScheduledTable,
  stopRow,
} from './rows.ts';
import { permissionPolicyName, policyName, toPermissionPolicy, toPolicy } from './to-policy.ts';

/** What a change that waits is about besides its own row. */
export interface Surroundings extends Around {
  /** Gives the next number that no rule has; absent where the bundle does not tell of the rules. */
  readonly nextRule: (() => number) | undefined;
}

/** The edits of a change that waits, none where it is not taken, and what is to be said of it. */
export interface ScheduledEdits {
  readonly edits: readonly ImportedEdit[];
  readonly warnings: readonly Mistake[];
}

/** The columns of the row that a change would make, under the names that they have in its own table. */
type Columns = Readonly<Record<string, unknown>>;

type Convert = (columns: Columns, scheduled: RowAt<ScheduledRow>, around: Surroundings) => ScheduledEdits;

const prefix = 'base_';

/** Makes edits of a change that waits. @throws Problem `invalid-import` with the mistakes in its row. */
export function scheduledEdits(
  table: ScheduledTable,
  scheduled: RowAt<ScheduledRow>,
  around: Surroundings,
): ScheduledEdits {
  const columns = Object.entries(scheduled.row).filter(([key]) => isBaseColumn(key));
  const plain = Object.fromEntries(columns.map(([key, value]) => [key.slice(prefix.length), value]));
  return converters[table](plain, scheduled, around);
}

/** Whether a key of a row that waits is a column of the row that it would make. */
export function isBaseColumn(key: string): boolean {
  return key.startsWith(prefix);
}

const rules = edits(ruleRow, ['rule_id'], 'rule', ({ rule_id }) => String(rule_id), toRule);
const releases = edits(
  releaseRow,
  ['name'],
  'release',
  ({ name }) => name,
  (row, at) => toRelease(row, at, prefix),
);

const converters: Readonly<Record<ScheduledTable, Convert>> = {
  rules(columns, scheduled, around) {
    const isNew = scheduled.row.change_type === 'insert' && typeof columns['rule_id'] !== 'number';
    if (!isNew) return rules(columns, scheduled, around);
    if (around.nextRule !== undefined) return rules({ ...columns, rule_id: around.nextRule() }, scheduled, around);
    const message = 'not taken: a new rule needs a number, and without the table rules none is known to be free';
    return { edits: [], warnings: [{ at: scheduled.at, message }] };
  },
  releases(columns, scheduled, around) {
    const isEmpty = (columns['data'] ?? columns['blob'] ?? null) === null;
    if (scheduled.row.change_type !== 'update' || !isEmpty) return releases(columns, scheduled, around);
    return { edits: [], warnings: [{ at: scheduled.at, message: 'not taken: it does not alter what is served' }] };
  },
  pinnable_releases: edits(
    pinRow,
    ['product', 'channel', 'version'],
    'pin',
    ({ product, channel, version }) => `${product}/${channel}/${version}`,
    toPin,
  ),
  emergency_shutoffs: edits(
    stopRow,
    ['product', 'channel'],
    'emergency-stop',
    ({ product, channel }) => `${product}/${channel}`,
    toStop,
  ),
  product_req_signoffs: edits(productSignOffRow, ['product', 'channel', 'role'], 'policy', policyName, toPolicy),
  permissions_req_signoffs: edits(
    permissionSignOffRow,
    ['product', 'role'],
    'policy',
    permissionPolicyName,
    toPermissionPolicy,
  ),
  permissions(columns, { row, at }, around) {
    const { read, warnings } = readColumns(permissionRow, columns, at);
    const converted = permissionEdits({ row: read, at }, row.change_type, around);
    return { edits: converted.edits.map(inBase), warnings: [...warnings, ...converted.warnings] };
  },
};

/** A conversion of a table whose every row is one object. Of what is deleted only the key columns count. */
function edits<Row extends z.ZodObject, const Key extends keyof z.output<Row> & string>(
  schema: Row,
  keys: readonly Key[],
  kind: KindName,
  nameOf: (row: Pick<z.output<Row>, Key>) => string,
  toObject: (row: z.output<Row>, at: string) => ImportedObject,
): Convert {
  const keyColumns = schema.pick(Object.fromEntries(keys.map((key) => [key, true])) as never);
  return (columns, { row: { change_type: type }, at }) => {
    if (type === 'delete') {
      const { read } = readColumns(keyColumns, columns, at);
      const name = nameOf(read as Pick<z.output<Row>, Key>);
      return { edits: [{ kind, name, body: undefined, at, isThere: true }], warnings: [] };
    }
    const { read, warnings } = readColumns(schema, columns, at);
    return { edits: [inBase({ ...toObject(read, at), isThere: type === 'update' })], warnings };
  };
}

function readColumns<Row extends z.ZodObject>(schema: Row, columns: Columns, at: string) {
  const parsed = schema.safeParse(columns);
  const fieldNames = Object.fromEntries(Object.keys({ ...schema.shape, ...columns }).map((key) => [key, prefix + key]));
  if (!parsed.success) throw problemOf('invalid-import', mistakesOf(parsed.error, { at, fieldNames }));
  const unknown = Object.fromEntries(
    Object.entries(columns)
      .filter(([key]) => !Object.hasOwn(schema.shape, key))
      .map(([key, value]) => [prefix + key, value]),
  );
  return { read: parsed.data, warnings: unknownKeys(unknown, at, {}) };
}

/** An edit whose mistakes are told in the columns of the row that waits. */
function inBase(edit: ImportedEdit): ImportedEdit {
  const fields = typeof edit.body === 'object' && edit.body !== null ? Object.keys(edit.body) : [];
  const named = { ...Object.fromEntries(fields.map((field) => [field, field])), ...edit.fieldNames };
  const fieldNames = Object.fromEntries(Object.entries(named).map(([field, column]) => [field, prefix + column]));
  return { ...edit, fieldNames };
}
