import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type PreparedEdits, prepareEdits } from '../app/prepare-edits.ts';
import { sampleWorld } from '../app/sample-world.ts';
import { readObjectsFile } from '../cli/objects-file.ts';
import type { StoredObject } from '../store.ts';
import { kinds } from './index.ts';

const page = readFileSync(new URL('../../../../docs/objects.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(?:yaml|json)\n(.*?)^```$/gms)].map(([, text = '']) => text);

const options = { makeSalt: () => 'a1b2c3d4e5f6g7h8', doubts: 'refuse', code: 'invalid-object' } as const;

function after(objects: readonly StoredObject[], { edits }: PreparedEdits): readonly StoredObject[] {
  const written = edits.map(({ kind, name, body }) => ({ kind, name, body, version: 1, revision: 1 }));
  return [
    ...objects.filter((old) => !written.some(({ kind, name }) => old.kind === kind && old.name === name)),
    ...written,
  ];
}

describe('the page on objects', () => {
  test('has examples that can be put one after the other over the sample world, without a doubt', () => {
    let objects = after([], prepareEdits([], sampleWorld(), options));
    for (const block of blocks) objects = after(objects, prepareEdits(objects, readObjectsFile(block).edits, options));
    expect(new Set(objects.map(({ kind }) => kind))).toEqual(new Set(kinds.map(({ name }) => name)));
  });

  test('has an example of each kind', () => {
    const shown = new Set(blocks.flatMap((block) => readObjectsFile(block).edits.map(({ kind }) => kind)));
    expect([...shown].sort()).toEqual(kinds.map(({ name }) => name).sort());
  });
});
