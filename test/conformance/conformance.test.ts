import { readFileSync } from 'node:fs';
import {
  admit,
  admits,
  allocateSlots,
  compareVersions,
  compile,
  type Decision,
  decide,
  emptyConfiguration,
  meetsVersion,
  murmur3,
  nowServing,
  readVersion,
  type SlotRange,
  type Snapshot,
  servingAt,
  slotCount,
  ticket,
  type Version,
  variantOf,
  versionCriterion,
  versionScheme,
} from 'sluice';
import { describe, expect, test } from 'vitest';
import type {
  AdmissionFile,
  DecisionSummary,
  DecisionsFile,
  NowServingFile,
  Objects,
  RampsFile,
  TicketsFile,
  VariantsFile,
  VersionsFile,
} from './files.ts';

function read<File extends { readonly version: 1 }>(name: string): File {
  const file = JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as File;
  expect(file.version, `${name} is of another version than this runner`).toBe(1);
  return file;
}

function undrawn(): number {
  throw new Error('no ticket was to be drawn');
}

describe('tickets.json', () => {
  test.each(read<TicketsFile>('tickets.json').cases)('$note: $unitId', ({ salt, unitId, hash, ticket: expected }) => {
    expect(murmur3(`${salt}:${unitId}`)).toBe(hash);
    expect(ticket(salt, unitId)).toBe(expected);
  });
});

describe('now-serving.json', () => {
  test.each(read<NowServingFile>('now-serving.json').cases)('$percent % is $nowServing', (each) => {
    expect(nowServing(each.percent)).toBe(each.nowServing);
  });
});

describe('admission.json', () => {
  const { boundaries, salt: unitSalt, percents, units, missing } = read<AdmissionFile>('admission.json');

  test.each(boundaries)('$percent % has its boundary at $nowServing', (each) => {
    const { percent, salt, lastAdmitted, firstNotAdmitted } = each;
    const serving = nowServing(percent);
    expect(serving).toBe(each.nowServing);
    expect(lastAdmitted ?? firstNotAdmitted).toBeDefined();
    for (const [unit, admitted] of [
      [lastAdmitted, true],
      [firstNotAdmitted, false],
    ] as const) {
      if (unit === undefined) continue;
      expect(ticket(salt, unit.unitId)).toBe(unit.ticket);
      expect(admits(serving, unit.ticket)).toBe(admitted);
      expect(admit(serving, salt, { kind: 'id', id: unit.unitId }, undrawn)?.admitted).toBe(admitted);
    }
  });

  test.each(units)('$unitId is admitted at $admittedAt %', ({ unitId, ticket: expected, admittedAt }) => {
    expect(ticket(unitSalt, unitId)).toBe(expected);
    const unit = { kind: 'id', id: unitId } as const;
    expect(percents.filter((percent) => admit(nowServing(percent), unitSalt, unit, undrawn)?.admitted)).toEqual(
      admittedAt,
    );
  });

  test.each(missing)('$note', (each) => {
    const unit = { kind: 'id', id: each.unitId } as const;
    for (const percent of each.percents) expect(admit(nowServing(percent), unitSalt, unit, undrawn)).toBe(undefined);
  });
});

describe('ramps.json', () => {
  test.each(read<RampsFile>('ramps.json').cases)('$note', ({ ramp, expect: expected }) => {
    const serving = servingAt(ramp);
    expect(expected.map(({ nowMs }) => ({ nowMs, nowServing: serving(nowMs) }))).toEqual(expected);
  });
});

describe('variants.json', () => {
  const { slots, cases } = read<VariantsFile>('variants.json');

  function owners(ranges: readonly SlotRange[]): readonly (string | undefined)[] {
    const found = new Array<string | undefined>(slots).fill(undefined);
    for (const { variant, from, to } of ranges) found.fill(variant, from, to);
    return found;
  }

  test('shares out as many slots', () => {
    expect(slotCount).toBe(slots);
  });

  test.each(cases)('$note', ({ salt, steps, units }) => {
    const allocations: (readonly SlotRange[])[] = [];
    for (const { weights, ranges, movedSlots } of steps) {
      const before = allocations.at(-1) ?? [];
      const after = allocateSlots(before, weights);
      expect(after).toEqual(ranges);
      const now = owners(after);
      expect(owners(before).filter((owner, slot) => owner !== now[slot])).toHaveLength(movedSlots);
      allocations.push(after);
    }
    for (const { unitId, slot, variants } of units) {
      expect(allocations.map((ranges) => variantOf(ranges, salt, unitId) ?? null)).toEqual(variants);
      expect(allocations.map((ranges) => owners(ranges)[slot] ?? null)).toEqual(variants);
    }
  });
});

describe('versions.json', () => {
  const { products, ascending, pairs, unreadable, criteria } = read<VersionsFile>('versions.json');

  function readable(text: string, scheme: Version['kind']): Version {
    const version = readVersion(text, scheme);
    if (version === undefined) throw new Error(`${text} cannot be read`);
    return version;
  }

  function order(a: Version, b: Version): string {
    const difference = compareVersions(a, b);
    return difference < 0 ? '<' : difference > 0 ? '>' : '=';
  }

  test('the products follow their schemes', () => {
    for (const scheme of ['mozilla', 'loose'] as const) {
      expect(products[scheme].map(versionScheme)).toEqual(products[scheme].map(() => scheme));
    }
  });

  test("Mozilla's versions stand in the order of the list", () => {
    const versions = ascending.map((text) => readable(text, 'mozilla'));
    const sorted = [...versions].reverse().sort(compareVersions);
    expect(sorted).toEqual(versions);
  });

  test.each(pairs)('$scheme: $a $order $b', ({ scheme, a, order: expected, b }) => {
    expect(order(readable(a, scheme), readable(b, scheme))).toBe(expected);
    expect(order(readable(b, scheme), readable(a, scheme))).toBe({ '<': '>', '>': '<', '=': '=' }[expected]);
  });

  test.each(unreadable)('%j cannot be read', (text) => {
    expect(readVersion(text, 'mozilla')).toBe(undefined);
  });

  test.each(criteria)('$scheme: $version meets $criterion: $meets', (each) => {
    const criterion = versionCriterion(each.criterion, products[each.scheme][0]);
    expect(meetsVersion(criterion, readable(each.version, each.scheme), each.version)).toBe(each.meets);
  });
});

describe('decisions.json', () => {
  const { request, configurations, cases } = read<DecisionsFile>('decisions.json');
  const snapshots = new Map(Object.entries(configurations).map(([name, objects]) => [name, snapshotOf(objects)]));

  function snapshotOf(objects: Objects): Snapshot {
    const firstVersions = <Value>(values: readonly Value[] = []) => values.map((value) => ({ version: 1, value }));
    return compile({
      ...emptyConfiguration,
      rules: firstVersions(objects.rules),
      releases: firstVersions(objects.releases),
      throttles: firstVersions(objects.throttles),
      throttleExceptions: firstVersions(objects.throttleExceptions),
      globalThrottle: objects.globalThrottle && { version: 1, value: objects.globalThrottle },
      emergencyStops: (objects.emergencyStops ?? []).map(({ name, ...value }) => ({ name, version: 1, value })),
      pins: firstVersions(objects.pins),
    });
  }

  /** What JSON writes as null is absent. */
  function withoutNulls(fields: object): object {
    return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value ?? undefined]));
  }

  function summarize(decision: Decision): DecisionSummary {
    const { stop, throttle, rule, share, drawn } = decision;
    const because = {
      ...(stop !== undefined && { stop }),
      ...(throttle !== undefined && { throttle: { ...throttle, ticket: throttle.ticket ?? null } }),
      ...(rule !== undefined && { rule: rule.id }),
      ...(share !== undefined && { share: { ...share, ticket: share.ticket ?? null } }),
      drawn,
    };
    if (decision.kind !== 'serve') return { kind: decision.kind, reason: decision.reason, ...because };
    const { release, admitted, updateType, parts, products } = decision;
    return {
      kind: 'serve',
      release: release.name,
      admitted,
      updateType,
      parts: parts.map((part) => [part.product, part.release.name, part.updateType]),
      ...(products !== undefined && {
        products: products.map((each) => [
          each.product,
          each.decision.kind === 'serve' ? each.decision.release.name : each.decision.reason,
        ]),
      }),
      ...because,
    };
  }

  test.each(cases)('$note', (each) => {
    const snapshot = snapshots.get(each.configuration);
    if (snapshot === undefined) throw new Error(`there is no configuration ${each.configuration}`);
    const asked = { ...request, ...each.request };
    const draws = [...each.draws];
    const draw = () => draws.shift() ?? undrawn();
    const decision = decide(snapshot, { ...asked, ...withoutNulls(asked) }, each.nowMs, draw);
    expect(summarize(decision)).toEqual(each.decision);
    expect(draws, 'tickets that were not drawn').toEqual([]);
  });

  test('every configuration is asked for', () => {
    expect(new Set(cases.map(({ configuration }) => configuration))).toEqual(new Set(snapshots.keys()));
  });
});
