import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run as lint } from 'dockerfilelint';
import { afterAll, describe, expect, test } from 'vitest';
import { environment, makeFolder, root } from '../journeys/sluice-process.ts';
import { copiesOf, execForm, readStages, shortcomings, textsOf } from './dockerfile.ts';

const dockerfile = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8');
const stages = readStages(dockerfile);
const image = stages.at(-1);

/** The rules of the linter that a Dockerfile breaks. */
function broken(text: string): readonly string[] {
  return lint(join(root, 'deploy'), text).map(({ rule, line }) => `${rule} ${text.split('\n')[line - 1]}`);
}

test('the linter has nothing to say about the Dockerfile', () => {
  expect(broken(dockerfile)).toEqual([]);
});

test.each([
  ['an image without a tag', /node:24-slim AS build/, 'node AS build'],
  ['an image that changes', /24-slim AS build/, 'latest AS build'],
  ['sudo', /RUN npm run/, 'RUN sudo npm run'],
  ['an instruction that there is not', /^STOPSIGNAL/m, 'STOPSIGNALS'],
  ['a port of the host', /EXPOSE 8080/, 'EXPOSE 80:8080'],
  ['a health check with an option that there is not', /--interval/, '--every'],
  ['packages that stay', /^VOLUME/m, 'RUN apt-get update && apt-get install curl\nVOLUME'],
])('the linter refuses %s', (_, from, to) => {
  const planted = dockerfile.replace(from, to);
  expect(planted).not.toBe(dockerfile);
  expect(broken(planted)).not.toEqual([]);
});

test('nothing is missing that it takes to run without rights on a system that is read-only', () => {
  expect(shortcomings(dockerfile)).toEqual([]);
});

test.each([
  ['runs as root', /^USER .*\n/m, ''],
  ['runs as node', /^USER .*$/m, 'USER node'],
  ['runs as 0:0', /^USER .*$/m, 'USER 0:0'],
  ['writes elsewhere than to /data', /^VOLUME .*$/m, 'VOLUME /data /logs'],
  ['a shell stands before the server', /^ENTRYPOINT .*$/m, 'ENTRYPOINT node packages/server/bin/sluice.mjs'],
  ['a shell reads the arguments', /^CMD .*$/m, 'CMD serve'],
  ['no health check, or one that needs a shell', / CMD \["node", .*$/m, ' CMD curl -f http://127.0.0.1:8080/'],
  ['is not stopped with SIGTERM', /^STOPSIGNAL .*\n/m, ''],
  ['npm runs in the image itself', /^VOLUME/m, 'RUN npm install\nVOLUME'],
  ['npm ci, which refuses the lockfile', /npm install --no-save$/m, 'npm ci'],
  ['the whole folder is in the image', /^COPY LICENSE .*$/m, 'COPY . .'],
  ['an image that is not the slim official one', /^FROM node:24-slim$/m, 'FROM node:24-alpine'],
  ['what builds it is in the image', /^FROM [\s\S]*^FROM/m, 'FROM'],
])('a Dockerfile of which this is true is found: %s', (shortcoming, from, to) => {
  expect(shortcomings(dockerfile.replace(from, to))).toContain(shortcoming);
});

describe('what it copies and runs', () => {
  const context = stages.flatMap((stage) => copiesOf(stage).filter(({ from }) => from === undefined));

  test('is there', () => {
    const sources = context.flatMap(({ sources }) => sources);
    expect(sources).toContain('packages');
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    for (const { from, sources } of copiesOf(image).filter(({ from }) => from !== undefined)) {
      expect(stages.map(({ name }) => name)).toContain(from);
      for (const source of sources) expect(existsSync(join(root, source.replace('/sluice/', ''))), source).toBe(true);
    }
  });

  test('is sent to Docker, and what was built or installed here is not', () => {
    const rules = readFileSync(join(root, 'deploy/Dockerfile.dockerignore'), 'utf8').split('\n');
    expect(rules.filter((rule) => /^[^#]/.test(rule))[0]).toBe('*');
    for (const { sources } of context)
      for (const source of sources) expect(rules).toContain(`!${source.split('/', 1)[0]}`);
    for (const name of ['node_modules', 'dist', 'bundle', '*.tsbuildinfo'])
      expect(rules.slice(-5)).toContain(`**/${name}`);
  });

  test('are scripts of the package', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = stages.flatMap((stage) =>
      textsOf(stage, 'RUN').flatMap((text) => [...text.matchAll(/npm run (\S+)/g)].map(([, name]) => name)),
    );
    expect(named).toContain('build');
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });
});

const living = new Set<ChildProcess>();
afterAll(() => {
  for (const child of living) child.kill('SIGKILL');
});

/** Puts together what the last stage puts together, with the libraries that `--omit=dev` leaves. */
function assemble(): string {
  const folder = makeFolder();
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: true; readonly link?: true; readonly resolved?: string }>>;
  };
  for (const { sources, target } of copiesOf(image)) {
    for (const source of sources.map((one) => one.replace('/sluice/', ''))) {
      if (source === 'node_modules') continue;
      cpSync(join(root, source), join(folder, target, target.endsWith('/') ? (source.split('/').at(-1) ?? '') : ''), {
        recursive: true,
      });
    }
  }
  for (const [path, { dev, link, resolved = '' }] of Object.entries(packages)) {
    if (!path.startsWith('node_modules/') || dev || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (link) symlinkSync(join(folder, resolved), join(folder, path));
    else if (!/node_modules\/.*node_modules\//.test(path))
      cpSync(join(root, path), join(folder, path), { recursive: true });
  }
  return folder;
}

test('what the image holds is enough to serve; its health check is right, and SIGTERM ends it', async () => {
  const folder = assemble();
  const [, entry = '', ...rest] = execForm(textsOf(image, 'ENTRYPOINT')[0]) ?? [];
  const args = [...rest, ...(execForm(textsOf(image, 'CMD')[0]) ?? []), '--sample'];
  const child = spawn(process.execPath, [entry.replace('/sluice/', `${folder}/`), ...args], {
    cwd: folder,
    env: {
      ...environment,
      NODE_ENV: 'production',
      SLUICE_DATA: makeFolder(),
      SLUICE_PUBLIC: '127.0.0.1:0',
      SLUICE_ADMIN: '127.0.0.1:0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  living.add(child);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const portIn = () => / {2}public {2}http:\/\/127\.0\.0\.1:(\d+) /.exec(stdout)?.[1];
  const deadline = Date.now() + 30_000;
  while (portIn() === undefined && child.exitCode === null && Date.now() < deadline) await pause(10);
  const port = portIn();
  expect(port).toBeDefined();

  const [, ...check] = execForm(textsOf(image, 'HEALTHCHECK')[0]) ?? [];
  expect(check.join(' ')).toContain('http://127.0.0.1:8080/__lbheartbeat__');
  const healthy = () =>
    spawnSync(
      process.execPath,
      check.map((word) => word.replace('8080', port ?? '')),
    ).status === 0;
  expect(healthy()).toBe(true);
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  living.delete(child);
  expect(healthy()).toBe(false);
});
