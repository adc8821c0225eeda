import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editsIn } from './edit-options.ts';
import { type FindObject, type QuickEditOptions, quickEdits } from './quick-edits.ts';

const nothing: QuickEditOptions = { set: [], unset: [], put: [], delete: [] };
const rule = { priority: 10, share: { kind: 'percent', percent: 25 }, updateType: 'minor', comment: 'old' };
const find: FindObject = async ({ kind, name }) =>
  (kind === 'rule' && name === '10') || name === 'My App/1.0' ? { kind, name, version: 7, body: rule } : undefined;
const edits = (options: Partial<QuickEditOptions>) => quickEdits({ ...nothing, ...options }, find);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-edits-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
function fileWith(text: string): string {
  const file = join(folder, `${Math.floor(performance.now() * 1000)}.yaml`);
  writeFileSync(file, text);
  return file;
}

describe('edits of a command line', () => {
  test('of one object are one patch against the version that there is', async () => {
    const set = ['rule 10 share={kind: percent, percent: 50}', 'rule 10 priority = 20'];
    expect(await edits({ set, unset: ['rule 10 comment'] })).toEqual([
      {
        kind: 'rule',
        name: '10',
        expectedVersion: 7,
        op: 'patch',
        patch: { share: { percent: 50 }, priority: 20, comment: null },
      },
    ]);
  });

  test('leave nothing of what they take the place of', async () => {
    const [edit] = await edits({ set: ['rule 10 share={kind: ramp, steps: []}'] });
    expect(edit).toMatchObject({ op: 'patch', patch: { share: { kind: 'ramp', steps: [], percent: null } } });
  });

  test.each([
    ['version=157.0', { version: '157.0' }],
    ['version=*.5', { version: '*.5' }],
    ['version=">=1, <2"', { version: '>=1, <2' }],
    ['comment=a = b', { comment: 'a = b' }],
    ['comment="yes"', { comment: 'yes' }],
    ['jaws=true', { jaws: true }],
    ['product=true', { product: 'true' }],
  ])('take %s as what the field wants', async (text, patch) => {
    expect(await edits({ set: [`rule 10 ${text}`] })).toMatchObject([{ patch }]);
  });

  test('know names with blanks and slashes', async () => {
    expect(await edits({ delete: ['throttle My App/1.0'], set: ['pin My App/1.0 comment=x'] })).toMatchObject([
      { kind: 'pin', name: 'My App/1.0', op: 'patch' },
      { kind: 'throttle', name: 'My App/1.0', op: 'delete', expectedVersion: 7 },
    ]);
  });

  test('put the objects of files, against nothing where there is none', async () => {
    const file = fileWith(
      '- {kind: rule, name: 10, priority: 1}\n- {kind: throttle, product: A, version: "1", percent: 5}\n',
    );
    expect(await edits({ put: [file] })).toEqual([
      { kind: 'rule', name: '10', expectedVersion: 7, op: 'put', body: { priority: 1 } },
      {
        kind: 'throttle',
        name: 'A/1',
        expectedVersion: 0,
        op: 'put',
        body: { product: 'A', version: '1', percent: 5 },
      },
    ]);
  });

  test.each([
    [{ set: ['rule 10 share'] }, 'usage'],
    [{ set: ['rule 10'] }, 'usage'],
    [{ set: ['rulf 10 a=1'] }, 'usage'],
    [{ set: ['rule 10 a..b=1'] }, 'usage'],
    [{ set: ['rule 11 priority=1'] }, 'object-not-found'],
    [{ unset: ['rule 10'] }, 'usage'],
    [{ delete: ['rule'] }, 'usage'],
    [{ delete: ['rule 11'] }, 'object-not-found'],
    [{ put: ['/nowhere.yaml'] }, 'unreadable-file'],
  ])('are refused where they make no sense: %j', async (options, code) => {
    await expect(edits(options)).rejects.toMatchObject({ code });
  });
});

describe('a file of edits', () => {
  test('may be a list, with versions or without', async () => {
    const file = fileWith(
      '- {op: delete, kind: rule, name: 10}\n- {op: put, kind: rule, name: "11", expectedVersion: 3, body: {}}\n',
    );
    expect(await editsIn(file, nothing, find)).toEqual({
      edits: [
        { op: 'delete', kind: 'rule', name: '10', expectedVersion: 7 },
        { op: 'put', kind: 'rule', name: '11', expectedVersion: 3, body: {} },
      ],
    });
  });

  test('may say why and when', async () => {
    const file = fileWith(
      'reason: because\npriority: 3\ncondition: {now: true}\nedits: [{op: delete, kind: rule, name: "10"}]\n',
    );
    expect(await editsIn(file, nothing, find)).toMatchObject({
      reason: 'because',
      priority: 3,
      condition: { now: true },
    });
  });

  test('that is none is refused with every mistake', async () => {
    const file = fileWith('foo: 1\nedits:\n  - {op: putt, kind: rulf, expectedVersion: x}\n');
    await expect(editsIn(file, nothing, find)).rejects.toMatchObject({
      code: 'invalid-object',
      mistakes: [
        { at: `${file}:foo` },
        { at: `${file}:edits[0].op` },
        { at: `${file}:edits[0].kind` },
        { at: `${file}:edits[0].name` },
        { at: `${file}:edits[0].expectedVersion` },
      ],
    });
    await expect(editsIn(fileWith('kind: rule\nname: 10\n'), nothing, find)).rejects.toMatchObject({
      code: 'invalid-object',
    });
  });

  test('and the command line may not both speak of one object', async () => {
    const file = fileWith('- {op: delete, kind: rule, name: 10}\n');
    await expect(editsIn(file, { ...nothing, set: ['rule 10 priority=1'] }, find)).rejects.toMatchObject({
      code: 'usage',
    });
  });
});
