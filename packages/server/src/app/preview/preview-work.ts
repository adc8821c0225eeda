import type { Condition } from 'sluice';
import type { Change } from '../../change.ts';
import type { RegressionLineBody } from '../../kinds/regression-line.ts';
import { type Mistake, Problem } from '../../problem.ts';
import type { StoreEdit } from '../../store.ts';
import { reachesOf } from '../access/object-edit.ts';
import type { Caller, Desk, Moment } from '../changes/desk.ts';
import { type RoleState, requirementsOf } from '../changes/requirements.ts';
import { type WorkingOut, workOut } from '../changes/work-out.ts';
import { dueAtMs } from '../conditions/due-time.ts';
import type { RegressionLine } from './preview-report.ts';

/** Edits that somebody wants to see the effect of, and when they would be enacted. */
export interface Previewed extends WorkingOut, Pick<Change, 'id' | 'edits' | 'signOffs' | 'proposer'> {
  readonly condition: Condition;
}

/** What a preview needs, and what is known before it. */
export interface PreviewWork {
  readonly edits: readonly StoreEdit[];
  readonly warnings: readonly Mistake[];
  readonly required: readonly RoleState[];
  readonly regression: readonly RegressionLine[];
  /** When the edits would be enacted: the first moment that their condition allows, now at the earliest. */
  readonly atMs: number;
}

/**
 * Works edits out as proposing does, for whoever may read all that they touch: what proposing needs is not needed.
 * @throws Problem `object-not-found` for what may not be seen, `not-allowed`, and whatever is wrong with the edits
 */
export async function preparePreview(
  moment: Moment & Pick<Desk, 'makeSalt' | 'caller'>,
  previewed: Previewed,
): Promise<PreviewWork> {
  const { tx, current, caller, nowMs } = moment;
  for (const { kind, name } of previewed.edits) {
    const object = current.get(kind, name);
    const before = object === undefined ? undefined : await tx.bodyOf(kind, name, object.version);
    if (!mayRead(moment, caller, { kind, name, before, after: undefined })) {
      throw new Problem('object-not-found', `there is no ${kind} ${name}`);
    }
  }
  const { edits, warnings, objects } = await workOut(moment, previewed);
  for (const object of objects) {
    if (!mayRead(moment, caller, object))
      throw new Problem('not-allowed', `${caller.principal.name} may not read ${object.kind} ${object.name}`);
  }
  return {
    edits,
    warnings,
    required: await requirementsOf(moment, previewed, objects),
    regression: regressionLines(moment, caller),
    atMs: dueAtMs(previewed.condition, nowMs) ?? nowMs,
  };
}

type ReadObject = Parameters<typeof reachesOf>[0];

function mayRead({ current }: Pick<Moment, 'current'>, { principal, scopes }: Caller, object: ReadObject): boolean {
  return current.access.may(principal, 'read', { kind: object.kind, reaches: reachesOf(object) }, scopes);
}

function regressionLines({ current }: Moment, { principal, scopes }: Caller): readonly RegressionLine[] {
  const kind = 'regression-line';
  if (!current.access.may(principal, 'read', { kind, reaches: [] }, scopes)) return [];
  return [...current.objects.values()].flatMap((object) => {
    if (object.kind !== kind) return [];
    const { line, userAgent, release, nothing } = object.body as RegressionLineBody;
    return [{ name: object.name, line, userAgent, release, nothing }];
  });
}
