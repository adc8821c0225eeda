import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfNeeded, orExit } from './set-up.mjs';
import { root } from './tools.mjs';

// Writes the pages that are made from the code; with --check it writes nothing and fails where one is out of date.

const introduction = `<!-- Written by npm run docs from the settings' own descriptions. Do not edit. -->

# Configuration

What a node needs to know before it opens its database. What it serves is not configuration but [objects](objects.md).
`;

const remarks = `## Where a setting may be said

What stands further up counts more:

1. \`--set PATH=VALUE\` of \`sluice serve\`, as often as you like; of two for the same setting the later
2. the other flags: \`--data\` of every command, and \`--public\`, \`--admin\`, \`--dns\` of \`sluice serve\`
3. the variable \`SLUICE_…\` of the table
4. the variable \`DATABASE_URL\`, for \`databaseUrl\`
5. a file: the one that \`--config FILE\` names, or else \`sluice.yaml\`, \`sluice.yml\` or \`sluice.json\` in the working folder,
   the first that is there
6. the default

Settings are put together one by one: a file may say \`faces.aus.strictQuery\` and a variable \`faces.aus.maxAgeSeconds\`.
\`databaseUrl\` goes before \`data\` wherever either was said, so with \`DATABASE_URL\` set, \`--data\` does not choose the
database. All commands but \`check\` read the file and the variables alike.

A database is \`sqlite:PATH\` or \`postgres://USER:PASSWORD@HOST:PORT/DATABASE\`. Without one it is \`sluice.db\` in the data
folder ([operating](operating/README.md)).

## How a value is read

In a file as YAML or JSON. In a variable or after \`--set\` as JSON, or else as text: \`true\`, \`90\` and
\`{"strictQuery":true}\` are not texts, \`127.0.0.1:9000\` is one. A text that is also JSON needs JSON's quotes:
\`SLUICE_DATA='"2026"'\`. A variable that is set and empty is the empty text, not an absent one.

An address is \`HOST:PORT\`, with brackets around an IPv6 host: \`[::1]:8080\`. Port 0 takes a free one, and the port that
it became is printed. \`admin\` and \`dns\` may also be \`off\`.

What is wrong is listed with its place, and nothing starts ([\`invalid-config\`](problems/invalid-config.md)). A \`SLUICE_…\`
variable that nothing reads is a warning in the log of \`sluice serve\`.

## The same thing, four times

\`\`\`yaml
# sluice.yaml
public: 0.0.0.0:8080
faces:
  aus:
    maxAgeSeconds: 60
\`\`\`

\`\`\`json
{ "public": "0.0.0.0:8080", "faces": { "aus": { "maxAgeSeconds": 60 } } }
\`\`\`

\`\`\`sh
SLUICE_PUBLIC=0.0.0.0:8080 SLUICE_FACES_AUS_MAX_AGE_SECONDS=60 sluice serve
sluice serve --public 0.0.0.0:8080 --set faces.aus.maxAgeSeconds=60
\`\`\`
`;

orExit(buildIfNeeded);
const pages = {
  'docs/configuration.md': await configurationPage(),
  'docs/api/openapi.json': await apiDocument(),
};

for (const [path, text] of Object.entries(pages)) {
  const file = join(root, path);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (before === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is out of date: run npm run docs.\n${firstDifference(before, text)}`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
}

function firstDifference(before, after) {
  const [found, wanted] = [before, after].map((text) => text.split('\n'));
  const line = wanted.findIndex((text, at) => text !== found[at]);
  const at = line < 0 ? wanted.length : line;
  return [`line ${at + 1}`, `  is       ${found[at] ?? '(nothing)'}`, `  must be  ${wanted[at] ?? '(nothing)'}`].join(
    '\n',
  );
}

async function configurationPage() {
  const { configSchema, configSettings } = await built('config.js');
  const { faces } = await built('faces/index.js');
  const rows = configSettings(configSchema(faces)).map(({ path, variable, type, defaultValue, description }) => [
    `\`${path.join('.')}\``,
    `\`${variable}\``,
    type,
    printed(defaultValue),
    description,
  ]);
  return `${introduction}\n${table(['setting', 'variable', 'type', 'default', 'meaning'], rows)}\n${remarks}`;
}

async function apiDocument() {
  const { apiDocument } = await built('admin-faces/api/open-api.js');
  return `${JSON.stringify(apiDocument(), null, 2)}\n`;
}

function built(module) {
  return import(pathToFileURL(join(root, 'packages/server/dist', module)).href);
}

function printed(value) {
  return value === undefined ? 'none' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** A table as the formatter wants it, with columns of equal width. */
function table(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row, filler) => `| ${row.map((cell, column) => cell.padEnd(widths[column], filler)).join(' | ')} |\n`;
  const [first, ...others] = cells.map((row) => line(row, ' '));
  return [first, line(Array(head.length).fill(''), '-'), ...others].join('');
}
