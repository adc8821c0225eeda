import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Problem, problemOf, problems } from './problem.ts';

const folder = new URL('../../../docs/problems/', import.meta.url);
const pages = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name !== 'README.md')
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

/** Where a table of problems and a folder of pages differ. */
function differences(
  table: Readonly<Record<string, { readonly status: number; readonly title: string }>>,
  texts: Readonly<Record<string, string>>,
): readonly string[] {
  const missing = Object.entries(table).flatMap(([code, { status, title }]) => {
    const text = texts[`${code}.md`];
    if (text === undefined) return [`${code} has no page`];
    const opening = `# ${code}\n\n${title}. Status ${status}.\n`;
    return text.startsWith(opening) ? [] : [`${code}.md does not begin with its code, title and status`];
  });
  const extra = Object.keys(texts).filter((name) => !Object.hasOwn(table, name.replace(/\.md$/, '')));
  return [...missing, ...extra.map((name) => `${name} is about no problem`)];
}

test('each problem has a page that names its code, title and status, and each page a problem', () => {
  expect(differences(problems, pages)).toEqual([]);
});

test('each way in which table and pages can differ is found', () => {
  const table = { gone: { status: 410, title: 'It was here' }, here: { status: 200, title: 'It is here' } };
  const here = '# here\n\nIt is here. Status 200.\n';
  expect(differences(table, { 'gone.md': '# gone\n\nIt was here. Status 410.\n', 'here.md': here })).toEqual([]);
  expect(differences(table, { 'here.md': here })).toEqual(['gone has no page']);
  expect(differences({ here: table.here }, { 'here.md': here, 'new.md': '' })).toEqual(['new.md is about no problem']);
  for (const wrong of [
    '# her\n\nIt is here. Status 200.\n',
    '# here\n\nIt is. Status 200.\n',
    here.replace('2', '3'),
  ]) {
    expect(differences({ here: table.here }, { 'here.md': wrong })).toHaveLength(1);
  }
});

test('each page says what happened, why, what to do, and shows it', () => {
  for (const [name, text] of Object.entries(pages)) {
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings, name).toEqual(['What happened', 'Why', 'What to do', 'Example']);
  }
});

test('the list of pages has each of them with its title', () => {
  const list = readFileSync(new URL('README.md', folder), 'utf8').replaceAll(/ +/g, ' ');
  for (const [code, { title }] of Object.entries(problems))
    expect(list).toContain(`| [${code}](${code}.md) | ${title} |`);
});

describe('a problem that lists mistakes', () => {
  test('tells a single one and its place in its sentence', () => {
    const problem = problemOf('invalid-object', [{ at: '[1].percent', message: 'too big' }]);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem.message).toBe('An object does not fit its kind: [1].percent: too big');
    expect(problemOf('invalid-object', [{ at: '', message: 'too big' }]).detail).toBe('too big');
  });

  test('counts several in its sentence and keeps them all', () => {
    const mistakes = [
      { at: '1:2', message: 'one' },
      { at: '3:4', message: 'two' },
    ];
    const problem = problemOf('invalid-import', mistakes);
    expect(problem.detail).toBe('2 mistakes');
    expect(problem.mistakes).toEqual(mistakes);
  });
});
