import type { ImportedChange } from '../../importer.ts';
import { type Mistake, Problem } from '../../problem.ts';
import { type RowAt, readTable, type Table } from './read-table.ts';
import {
  type Bundle,
  conditionRow,
  type ScheduledRow,
  type ScheduledTable,
  scheduledRow,
  scheduledTables,
  signOffRow,
} from './rows.ts';
import { isBaseColumn, type Surroundings, scheduledEdits } from './scheduled-edits.ts';

/** The changes that wait in a bundle. */
export interface ScheduledChanges {
  readonly changes: readonly ImportedChange[];
  readonly warnings: readonly Mistake[];
  readonly mistakes: readonly Mistake[];
}

type Condition = Table<{ sc_id: number; when?: number | null | undefined }>;
type SignOffs = Table<{ sc_id: number; username: string; role: string }>;

/** Reads the changes of all tables that are not complete. */
export function scheduledChanges(bundle: Bundle, around: Surroundings): ScheduledChanges {
  const read = scheduledTables.map((table) => ofTable(bundle, table, around));
  return {
    changes: read.flatMap(({ changes }) => changes),
    warnings: read.flatMap(({ warnings }) => warnings),
    mistakes: read.flatMap(({ mistakes }) => mistakes),
  };
}

function ofTable(bundle: Bundle, table: ScheduledTable, around: Surroundings): ScheduledChanges {
  const key = `${table}_scheduled_changes` as const;
  const scheduled = readTable(key, bundle[key] ?? [], scheduledRow, isBaseColumn);
  const conditions = readTable(`${key}_conditions`, bundle[`${key}_conditions`] ?? [], conditionRow);
  const signOffs = readTable(`${key}_signoffs`, bundle[`${key}_signoffs`] ?? [], signOffRow);
  const tables = [scheduled, conditions, signOffs];
  const changes: ImportedChange[] = [];
  const warnings: Mistake[] = tables.flatMap((one) => one.warnings);
  const mistakes: Mistake[] = tables.flatMap((one) => one.mistakes);
  for (const one of scheduled.rows) {
    if (one.row.complete === true) continue;
    try {
      const { change, warnings: told } = toChange(table, one, { conditions, signOffs, around });
      warnings.push(...told);
      if (change !== undefined) changes.push(change);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  return { changes, warnings, mistakes };
}

interface Beside {
  readonly conditions: Condition;
  readonly signOffs: SignOffs;
  readonly around: Surroundings;
}

function toChange(
  table: ScheduledTable,
  scheduled: RowAt<ScheduledRow>,
  { conditions, signOffs, around }: Beside,
): { readonly change?: ImportedChange; readonly warnings: readonly Mistake[] } {
  const { row, at } = scheduled;
  const { sc_id: id, scheduled_by: by } = row;
  const condition = conditions.rows.find((one) => one.row.sc_id === id);
  if (condition === undefined) {
    const message = `its condition is missing in ${table}_scheduled_changes_conditions`;
    throw new Problem('invalid-import', `${at}: ${message}`, [{ at, message }]);
  }
  const { when } = condition.row;
  if (when === undefined || when === null) {
    return { warnings: [{ at, message: 'not taken: it waits for uptake and not for a time' }] };
  }
  const { edits, warnings } = scheduledEdits(table, scheduled, around);
  if (edits.length === 0) {
    const message = 'not taken: it would alter nothing';
    return { warnings: warnings.length > 0 ? warnings : [{ at, message }] };
  }
  const signed = signOffs.rows
    .filter((one) => one.row.sc_id === id)
    .map(({ row: { username, role }, at: place }) => ({
      at: place,
      message: `not taken: what ${username} signed as ${role} was seen in another system, and has to be signed here`,
    }));
  const change: ImportedChange = {
    edits,
    condition: { time: { after: new Date(when).toISOString().replace('.000Z', 'Z') } },
    reason: `scheduled change ${id} of Balrog's ${table}, by ${by}`,
    at,
  };
  return { change, warnings: [...warnings, ...signed] };
}
