import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** Texts of pages by their paths from the repository's root. */
export type Pages = Readonly<Record<string, string>>;

/** Every page for people: those in the root and all below `docs/`. Columns of tables are not padded. */
export function readPages(root: string): Pages {
  const inDocs = readdirSync(`${root}/docs`, { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
  const paths = [...readdirSync(root), ...inDocs].filter((path) => path.endsWith('.md'));
  return Object.fromEntries(paths.map((path) => [path, withoutPadding(readFileSync(`${root}/${path}`, 'utf8'))]));
}

function withoutPadding(page: string): string {
  return page.replace(/^\|.*\|$/gm, (row) => row.replaceAll(/ +/g, ' '));
}

/** The code blocks of a page in one language. */
export function examplesIn(page: string, language: string): readonly string[] {
  return [...page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)]
    .filter(([, , name]) => name === language)
    .map(([, indent = '', , text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

function withoutCode(page: string): string {
  return page.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, 'code');
}

/** What a page links to inside the repository: a path from the root, perhaps with a heading's anchor. */
function linksOf(
  path: string,
  page: string,
): readonly { readonly path: string; readonly anchor: string | undefined }[] {
  return [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#', 2);
      return { path: file === '' ? path : posix.join(posix.dirname(path), file), anchor };
    });
}

/** The anchors that a page's headings have, made as GitHub makes them. */
function anchorsIn(page: string): readonly string[] {
  return [...page.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links that lead nowhere. */
export function brokenLinks(pages: Pages, exists: (path: string) => boolean): readonly string[] {
  return Object.entries(pages).flatMap(([from, page]) =>
    linksOf(from, page).flatMap(({ path, anchor }) => {
      if (!exists(path.replace(/\/$/, ''))) return [`${from}: ${path} is not there`];
      const target = pages[path];
      if (anchor === undefined || target === undefined || anchorsIn(target).includes(anchor)) return [];
      return [`${from}: ${path} has no heading #${anchor}`];
    }),
  );
}

/** Pages below `docs/` to which no other page leads. */
export function orphans(pages: Pages): readonly string[] {
  const linked = new Set(
    Object.entries(pages).flatMap(([from, page]) =>
      linksOf(from, page).flatMap(({ path }) => (path === from ? [] : [path])),
    ),
  );
  return Object.keys(pages).filter((path) => path.startsWith('docs/') && !linked.has(path));
}

/** What is wrong with the numbers, headings and standing of decisions. */
export function oddDecisions(pages: Pages): readonly string[] {
  const decisions = Object.keys(pages)
    .filter((path) => /^docs\/decisions\/(?!README)/.test(path))
    .sort();
  const list = pages['docs/decisions/README.md'] ?? '';
  return decisions.flatMap((path, index) => {
    const number = String(index + 1).padStart(4, '0');
    const file = posix.basename(path);
    const page = pages[path] ?? '';
    const [, title, status] =
      /^# \d{4}\. (.*)\n\n- Status: (accepted|rejected)\n- Date: \d{4}-\d\d-\d\d\n/.exec(page) ?? [];
    if (title === undefined || !page.startsWith(`# ${number}. `)) return [`${path}: number, title, status and date`];
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading).join(', ');
    const wanted = 'Context, Decision, Consequences, Alternatives';
    return [
      ...(file.startsWith(`${number}-`) ? [] : [`${path}: is number ${number}`]),
      ...(headings === (status === 'rejected' ? `Reason, ${wanted}` : wanted) ? [] : [`${path}: headings ${headings}`]),
      ...(list.includes(`| ${number} | [${title}](${file}) | ${status} |`) ? [] : [`${path}: is not listed so`]),
    ];
  });
}

/** Pages that source files name and that are not there. */
export function missingPages(sources: Pages, exists: (path: string) => boolean): readonly string[] {
  return Object.entries(sources).flatMap(([from, text]) =>
    [...text.matchAll(/\bdocs\/[\w./-]+\.md\b/g)]
      .map(([path]) => path)
      .filter((path) => !exists(path))
      .map((path) => `${from}: ${path}`),
  );
}

export function existsIn(root: string): (path: string) => boolean {
  return (path) => existsSync(`${root}/${path}`);
}
