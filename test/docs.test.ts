import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { compile, type Draw, firstTicket, lastTicket, nowServing, servingAt } from 'sluice';
import { describe, expect, test } from 'vitest';
import { makeSalt } from '../packages/server/src/app/draw-ticket.ts';
import { toConfiguration } from '../packages/server/src/app/load-configuration.ts';
import { prepareEdits } from '../packages/server/src/app/prepare-edits.ts';
import { sampleWorld } from '../packages/server/src/app/sample-world.ts';
import { readObjectsFile } from '../packages/server/src/cli/objects-file.ts';
import { configSchema, configSettings } from '../packages/server/src/config.ts';
import type { App, Face, Reply } from '../packages/server/src/face.ts';
import { faces } from '../packages/server/src/faces/index.ts';
import { importers } from '../packages/server/src/importers/index.ts';
import { kinds } from '../packages/server/src/kinds/index.ts';
import type { StoredObject } from '../packages/server/src/store.ts';
import { readSources } from './architecture/source.ts';
import { brokenLinks, examplesIn, existsIn, missingPages, oddDecisions, orphans, readPages } from './docs/pages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const exists = existsIn(root);
const pages = readPages(root);
const page = (path: string): string => pages[path] ?? '';

describe('links', () => {
  test('every link between pages leads somewhere', () => {
    expect(brokenLinks(pages, exists)).toEqual([]);
  });

  test('every page below docs is linked from another', () => {
    expect(orphans(pages)).toEqual([]);
  });

  test('every page that a source file names is there', () => {
    const sources = readSources(root).filter(({ path }) => !path.startsWith('test/docs'));
    expect(missingPages(Object.fromEntries(sources.map(({ path, text }) => [path, text])), exists)).toEqual([]);
  });

  test('each kind of broken link is found where it is planted', () => {
    const planted = {
      'README.md':
        '# A b\n[1](docs/here.md) [2](docs/gone.md) [3](#a-b) [4](#c) [5](https://example.org/x) `[6](no.md)`',
      'docs/here.md': '[up](../README.md#a-b) [down](../README.md#x)\n```\n[7](no.md)\n```\n## Two `words`, one',
      'docs/alone.md': '[itself](alone.md) [there](here.md#two-words-one)',
    };
    expect(brokenLinks(planted, (path) => Object.hasOwn(planted, path))).toEqual([
      'README.md: docs/gone.md is not there',
      'README.md: README.md has no heading #c',
      'docs/here.md: README.md has no heading #x',
    ]);
    expect(orphans(planted)).toEqual(['docs/alone.md']);
    expect(missingPages({ 'a.ts': '// docs/here.md, docs/no.md' }, (path) => path === 'docs/here.md')).toHaveLength(1);
  });
});

describe('decisions', () => {
  test('are numbered without gaps, dated, listed, and have their headings', () => {
    expect(Object.keys(pages).filter((path) => path.startsWith('docs/decisions/0')).length).toBeGreaterThan(20);
    expect(oddDecisions(pages)).toEqual([]);
  });

  test('each oddity is found where it is planted', () => {
    const body =
      '- Status: accepted\n- Date: 2026-11-21\n\n## Context\n## Decision\n## Consequences\n## Alternatives\n';
    const list = '| 0001 | [A](0001-a.md) | accepted |\n| 0002 | [B](0002-b.md) | rejected |';
    const oddities = (second: string, name = '0002-b.md', listed = list): number =>
      oddDecisions({
        'docs/decisions/README.md': listed,
        'docs/decisions/0001-a.md': `# 0001. A\n\n${body}`,
        [`docs/decisions/${name}`]: second,
      }).length;
    const rejected = `# 0002. B\n\n${body}`
      .replace('accepted', 'rejected')
      .replace('## Context', '## Reason\n## Context');
    expect(oddities(rejected)).toBe(0);
    expect(oddities(rejected, '0003-b.md')).toBe(2);
    expect(oddities(rejected.replace('0002', '0003'))).toBe(1);
    expect(oddities(rejected.replace('## Reason\n', ''))).toBe(1);
    expect(oddities(rejected.replace('2026-11-21', 'today'))).toBe(1);
    expect(oddities(rejected, '0002-b.md', list.replace('rejected', 'accepted'))).toBe(1);
  });
});

const sample = prepareEdits([], sampleWorld(), { makeSalt, doubts: 'refuse', code: 'invalid-object' });
const stored = (edits: typeof sample.edits): readonly StoredObject[] =>
  edits.map((edit) => ({ ...edit, version: 1, revision: 1 }));

/** A schema of an object; one of several forms has them in a list. */
interface Shaped {
  readonly shape?: object;
}

describe('docs/objects.md', () => {
  const objects = page('docs/objects.md');
  const examples = [...objects.matchAll(/^```(?:yaml|json)\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

  test('has a heading for every kind, and a row for every field of it', () => {
    const sections = new Map(objects.split(/^## /m).map((section) => [section.split('\n', 1)[0], section]));
    for (const { name, schema } of kinds) {
      const { shape, options = [{ shape }] } = schema as unknown as Shaped & { readonly options?: readonly Shaped[] };
      const fields = options.flatMap((one) => Object.keys(one.shape ?? {}));
      expect(fields.length).toBeGreaterThan(0);
      for (const field of fields) expect(sections.get(name), name).toContain(`| \`${field}\` |`);
    }
  });

  test('shows an example of every kind', () => {
    const shown = new Set(examples.flatMap((text) => readObjectsFile(text).edits.map(({ kind }) => kind)));
    expect(shown).toEqual(new Set(kinds.map(({ name }) => name)));
  });

  /** What is configured after each example, all put one after the other upon the sample world. */
  function statesAfterEach(): readonly (readonly StoredObject[])[] {
    let current = stored(sample.edits);
    return examples.map((text) => {
      const { edits, mistakes } = readObjectsFile(text);
      const prepared = prepareEdits(current, edits, { makeSalt, doubts: 'refuse', code: 'invalid-object', mistakes });
      const written = new Set(prepared.edits.map(({ kind, name }) => `${kind} ${name}`));
      current = [...current.filter(({ kind, name }) => !written.has(`${kind} ${name}`)), ...stored(prepared.edits)];
      return current;
    });
  }

  test('has only examples that can be put, one after the other, upon the sample world', () => {
    const states = statesAfterEach();
    expect(states).toHaveLength(examples.length);
    expect(states.at(-1)?.length).toBeGreaterThan(sample.edits.length);
  });

  test('says of its ramps what they come to', () => {
    const ramps = statesAfterEach().flatMap((objects) => {
      const rule = toConfiguration(1, objects).rules.find(({ value }) => value.id === 20);
      return rule?.value.share.kind === 'ramp' ? [servingAt(rule.value.share)] : [];
    });
    const at = (serving: (nowMs: number) => number, moment: string): number =>
      Math.round(serving(Date.parse(moment)) / (nowServing(100) / 1000)) / 10;
    const [plain, paused, rolledBack] = ramps;
    if (plain === undefined || paused === undefined || rolledBack === undefined) throw new Error('three ramps');
    expect([at(plain, '2026-12-01T09:59:59Z'), at(plain, '2026-12-01T12:00:00Z')]).toEqual([0, 5]);
    expect([at(plain, '2026-12-02T10:00:00Z'), at(plain, '2026-12-03T22:00:00Z')]).toEqual([25, 62.5]);
    expect([at(paused, '2026-12-03T10:00:00Z'), at(paused, '2026-12-03T22:00:00Z')]).toEqual([50, 50]);
    expect(paused(Date.parse('2026-12-05T21:59:59Z'))).toBeLessThan(nowServing(100));
    expect(at(paused, '2026-12-05T22:00:00Z')).toBe(100);
    expect([at(rolledBack, '2026-12-03T14:00:00Z') > 50, at(rolledBack, '2026-12-03T14:30:00Z')]).toEqual([true, 0]);
  });
});

test.each([
  ['balrog', 'json'],
  ['aus2', 'php'],
])('the example of a file from %s can be imported without a warning', (name, language) => {
  const importer = importers.find((one) => one.name === name);
  const [example = ''] = examplesIn(page(`docs/migrating-from-${name}.md`), language);
  const { objects, warnings, mistakes = [] } = importer?.read(example) ?? { objects: [], warnings: [] };
  const prepared = prepareEdits([], objects, { makeSalt, doubts: 'refuse', code: 'invalid-import' });
  expect([...warnings, ...mistakes, ...prepared.warnings]).toEqual([]);
  expect(prepared.edits.length).toBeGreaterThan(3);
});

describe('answers that are shown', () => {
  const snapshot = compile(toConfiguration(1, stored(sample.edits)));
  const version = { source: 'sluice', version: '0.1.0', commit: '', build: '' };

  function answerTo(url: string, draw: Draw): Reply | undefined {
    const app: App = {
      snapshot: () => snapshot,
      readRelease: (name) => snapshot.releases.get(name),
      nowMs: () => 0,
      draw,
      checks: () => ({ store: 'ok', snapshot: 'ok', disk: 'ok' }),
      version,
    };
    for (const face of faces as unknown as readonly Face[]) {
      const reply = face.open(app, face.settings.parse({})).answer({ method: 'GET', url, userAgent: undefined });
      if (reply !== undefined) return reply;
    }
    return undefined;
  }

  /** Each `curl` of a console block with what is shown below it; `name=value` lines before it are filled in. */
  function curls(text: string): readonly { readonly url: string; readonly shown: readonly string[] }[] {
    return examplesIn(text, 'console').flatMap((block) => {
      const variables = new Map(
        [...block.matchAll(/^\$ (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
      );
      return block.split(/^\$ /m).flatMap((entry) => {
        const [command = '', ...shown] = entry.trimEnd().split('\n');
        const address = /^curl (?:-i )?["']?(http[^"'\s]+|\$[^"'\s]+)/.exec(command)?.[1];
        if (address === undefined) return [];
        const whole = address.replace(/\$(\w+)/g, (_, name: string) => variables.get(name) ?? '');
        return [{ url: whole.replace(/^http:\/\/[^/]+/, ''), shown: shown.filter((line) => line !== '') }];
      });
    });
  }

  function linesOf({ status, headers, body }: Reply): readonly string[] {
    const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${headers[at + 1]}`] : []));
    return [`HTTP/1.1 ${status} OK`, ...pairs, ...body.split('\n')];
  }

  /** Whether a line is what is shown, where `…` stands for anything. */
  function isShown(line: string, shown: string): boolean {
    const parts = shown.split('…');
    return parts.length === 1 ? line === shown : line.startsWith(parts[0] ?? '') && line.endsWith(parts.at(-1) ?? '');
  }

  test.each(['README.md', 'docs/faces/aus.md', 'docs/faces/dockerflow.md'])('in %s are given so', (path) => {
    const found = curls(page(path));
    expect(found.length).toBeGreaterThan(2);
    for (const { url, shown } of found) {
      const reply = answerTo(url, () => lastTicket);
      const lines = reply === undefined ? [] : linesOf(reply);
      for (const line of shown)
        expect(
          lines.some((one) => isShown(one, line)),
          `${url}\n${line}\n${lines.join('\n')}`,
        ).toBe(true);
    }
  });

  test('in the README are throttled, forced, and drawn from a quarter that no cache may keep', () => {
    const [throttled, forced, drawn] = curls(page('README.md')).map(({ url }) => url);
    const answers = (url: string | undefined, draw: Draw): string =>
      linesOf(answerTo(url ?? '', draw) as Reply).join('\n');
    expect(answers(throttled, () => firstTicket)).not.toContain('<update ');
    expect(answers(forced, () => lastTicket)).toContain('appVersion="2.0.3"');
    expect(answers(drawn, () => nowServing(25) - 1)).toContain('appVersion="158.0"');
    expect(answers(drawn, () => nowServing(25))).toContain('appVersion="157.0"');
    expect(answers(drawn, () => firstTicket)).toContain('Cache-Control: no-store');
  });

  test('a line that is not in the answer is found', () => {
    expect(isShown('<a b="c"/>', '<a …/>')).toBe(true);
    expect(isShown('<a b="c"/>', '<a …>x')).toBe(false);
    expect(isShown('<a b="c"/>', '<a/>')).toBe(false);
  });
});

describe('references', () => {
  test('every face has a page with the six headings', () => {
    const wanted = ['Name', 'Description', 'Configuration', 'Examples', 'Problems', 'Metrics'];
    for (const { name } of faces) {
      const headings = [...page(`docs/faces/${name}.md`).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect(headings, name).toEqual(wanted);
      expect(page('docs/faces/README.md')).toContain(`| [${name}](${name}.md) |`);
    }
  });

  test('every setting stands in the configuration page, and nothing else does', () => {
    const settings = configSettings(configSchema(faces as unknown as readonly Face[]));
    const rows = page('docs/configuration.md').match(/^\| `.*$/gm) ?? [];
    expect(rows).toHaveLength(settings.length);
    for (const { path, variable, description } of settings) {
      const row = rows.find((one) => one.startsWith(`| \`${path.join('.')}\` | \`${variable}\` |`));
      expect(row, path.join('.')).toContain(description);
    }
  });

  test('every command and every option stands in the page of the command line', async () => {
    const sluice = `${root}/packages/server/bin/sluice.mjs`;
    if (!existsSync(`${root}/packages/server/dist/main.js`)) throw new Error('Build first: npx tsc -b.');
    const help = async (...args: readonly string[]): Promise<string> =>
      (await promisify(execFile)(process.execPath, [sluice, ...args, '--help'])).stdout;
    const commandsIn = (text: string): readonly string[] =>
      [...text.matchAll(/^ {2}(\w[\w-]*) (?:\[options\] )?(?:<|\[|\s)/gm)]
        .map(([, name = '']) => name)
        .filter((name) => name !== 'help');
    const commands = commandsIn(await help());
    expect(commands).toContain('explain');
    const sections = new Map(
      page('docs/cli.md')
        .split(/^## /m)
        .map((section) => [section.split('\n', 1)[0], section]),
    );
    expect([...sections.keys()].slice(1)).toEqual(commands.map((name) => `sluice ${name}`));
    await Promise.all(
      commands.map(async (name) => {
        const section = sections.get(`sluice ${name}`);
        const text = await help(name);
        const inner = text.includes('\nCommands:\n') ? commandsIn(text.slice(text.indexOf('\nCommands:\n'))) : [];
        for (const one of inner) expect(section, `sluice ${name}`).toContain(`\`sluice ${name} ${one}`);
        const pagesOfHelp = [text, ...(await Promise.all(inner.map((one) => help(name, one))))];
        const options = pagesOfHelp.flatMap((each) => each.match(/^ {2}(?:-\w, )?--[\w-]+/gm) ?? []);
        for (const option of options.map((found) => found.replace(/^.*--/, '--')).filter((found) => found !== '--help'))
          expect(section, `sluice ${name}`).toContain(`\`${option}`);
      }),
    );
  }, 240_000);
});
