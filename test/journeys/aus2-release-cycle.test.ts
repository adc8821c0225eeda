import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Bundle,
  config,
  noUpdate,
  offerIn,
  type RuleRow,
  releaseRow,
  ruleRow,
  updatePath,
} from './balrog-bundle.ts';
import {
  exportOf,
  makeFile,
  makeFolder,
  revisionIn,
  type Server,
  serve,
  sluice,
  withoutSalts,
} from './sluice-process.ts';

// The cycle of https://wiki.mozilla.org/User:NThomas:AUS_throttling for 1.0.x = 1.0.5 and 2.0.y = 2.0.3:
// what is pushed to which channel, what config-dist.php says, and what each version is then told on each channel.

interface Pushed {
  readonly channels: readonly string[];
  /** What older versions of the branches 1.0 and 2.0 are updated to. */
  readonly minor: readonly [oneZero: string, twoZero: string];
  readonly major?: readonly [from: string, to: string];
}

interface Stage {
  readonly name: string;
  readonly pushed: readonly Pushed[];
  /** The version that config-dist.php throttles to 0, betatest and releasetest excepted. */
  readonly throttled?: string;
  /** `-` is no update, and in brackets stands what only a forced check is told. */
  readonly table: string;
}

const tests = ['betatest', 'releasetest'];
const before: Pushed = { channels: [], minor: ['1.0.4', '2.0.2'], major: ['1.0.4', '2.0.2'] };
const minors: Pushed = { channels: [], minor: ['1.0.5', '2.0.3'] };
const both: Pushed = { ...minors, major: ['1.0.5', '2.0.3'] };
const on = (channels: readonly string[], pushed: Pushed): Pushed => ({ ...pushed, channels });

const stages: readonly Stage[] = [
  {
    name: 'an unthrottled major update is present at the start',
    pushed: [on([...tests, 'beta', 'release'], before)],
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.4    2.0.2    -        2.0.2    -        -
      beta                    1.0.4    2.0.2    -        2.0.2    -        -
      release                 1.0.4    2.0.2    -        2.0.2    -        -`,
  },
  {
    name: 'the automation has finished build 1',
    pushed: [on(tests, minors), on(['beta', 'release'], before)],
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.5    1.0.5    -        2.0.3    2.0.3    -
      beta                    1.0.4    2.0.2    -        2.0.2    -        -
      release                 1.0.4    2.0.2    -        2.0.2    -        -`,
  },
  {
    name: 'the major update is generated and on the test channels',
    pushed: [on(tests, both), on(['beta', 'release'], before)],
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -
      beta                    1.0.4    2.0.2    -        2.0.2    -        -
      release                 1.0.4    2.0.2    -        2.0.2    -        -`,
  },
  {
    name: 'the minor updates are on beta',
    pushed: [on(tests, both), on(['beta'], minors), on(['release'], before)],
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -
      beta                    1.0.5    1.0.5    -        2.0.3    2.0.3    -
      release                 1.0.4    2.0.2    -        2.0.2    -        -`,
  },
  {
    name: 'release day, with the minor updates everywhere',
    pushed: [on(tests, both), on(['beta', 'release'], minors)],
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -
      beta                    1.0.5    1.0.5    -        2.0.3    2.0.3    -
      release                 1.0.5    1.0.5    -        2.0.3    2.0.3    -`,
  },
  {
    name: '1.0.x is throttled on beta and release',
    pushed: [on(tests, both), on(['beta', 'release'], minors)],
    throttled: '1.0.5',
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -
      beta                    1.0.5    1.0.5    -        2.0.3    2.0.3    -
      release                 1.0.5    1.0.5    -        2.0.3    2.0.3    -`,
  },
  {
    name: 'the major update is pushed to beta and release',
    pushed: [on([...tests, 'beta', 'release'], both)],
    throttled: '1.0.5',
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -
      beta                    1.0.5    1.0.5    (2.0.3)  2.0.3    2.0.3    -
      release                 1.0.5    1.0.5    (2.0.3)  2.0.3    2.0.3    -`,
  },
  {
    name: 'the throttle is taken away, and set up for the next release',
    pushed: [on([...tests, 'beta', 'release'], both)],
    throttled: '1.0.6',
    table: `
                              1.0.3    1.0.4    1.0.5    2.0.1    2.0.2    2.0.3
      betatest, releasetest   1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -
      beta                    1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -
      release                 1.0.5    1.0.5    2.0.3    2.0.3    2.0.3    -`,
  },
];

/** The releases that are built by then, and the rules that push them. */
function bundleOf({ pushed }: Stage): Bundle {
  const versions = new Set(pushed.flatMap(({ minor, major = [] }) => [...minor, ...major]));
  const rules = pushed.flatMap(({ channels, minor: [oneZero, twoZero], major }) =>
    channels.flatMap((channel) => [
      { version: `<${oneZero}`, mapping: oneZero, channel },
      { version: '>=2.0', mapping: twoZero, channel },
      ...(major === undefined
        ? []
        : [{ version: major[0], mapping: major[1], channel, update_type: 'major', priority: 200 }]),
    ]),
  );
  return {
    releases: [...versions].map((version) => releaseRow('MyApp', version)),
    rules: rules.map(({ mapping, ...rule }, index): RuleRow => ruleRow(index + 1, `MyApp-${mapping}`, rule)),
    config,
  };
}

/** The texts of the page, with the version in its place. */
function configDist({ throttled }: Stage): string {
  if (throttled === undefined) {
    return `<?php
$productThrottling = array(
     'MyApp' => array(
     )
);
$throttleExceptions = array(
);
`;
  }
  return `<?php
$productThrottling = array(
     'MyApp' => array(
         '${throttled}' => 0
     )
);
$throttleExceptions = array(
    '${throttled}' => array (
        'betatest',
        'releasetest'
    )
);
`;
}

interface Cell {
  readonly channel: string;
  readonly version: string;
  readonly text: string;
}

function cellsOf(table: string): readonly Cell[] {
  const [head = '', ...rows] = table.trim().split('\n');
  const versions = head.trim().split(/\s+/);
  return rows.flatMap((row) => {
    const [, channels = '', texts = ''] = /^\s*(\w+(?:, \w+)*)\s+(.*)$/.exec(row) ?? [];
    const cells = texts.trim().split(/\s+/);
    expect(cells).toHaveLength(versions.length);
    return channels
      .split(', ')
      .flatMap((channel) => cells.map((text, column): Cell => ({ channel, version: versions[column] ?? '', text })));
  });
}

function offer(text: string, from: string): string {
  const to = text.replace(/[()]/g, '');
  return to === '-' ? '-' : `${to} ${to.slice(0, 3) === from.slice(0, 3) ? 'minor' : 'major'}`;
}

const throttleKinds = ['global-throttle', 'throttle', 'throttle-exception'];

let data: string;
let server: Server;
beforeAll(async () => {
  data = makeFolder();
  server = await serve(data);
});

describe('the release cycle of MyApp 1.0.x and 2.0.y, beside one server', () => {
  const titled = stages.map((stage, index) => [`${index + 1}: ${stage.name}`, stage] as const);
  test.each(titled)('%s', async (_, stage) => {
    const imported = [
      await sluice('import', 'balrog', makeFile('bundle.json', bundleOf(stage)), '--data', data),
      await sluice('import', 'aus2', makeFile('config-dist.php', configDist(stage)), '--data', data),
    ];
    await server.serves(Math.max(...imported.map(revisionIn)));

    const cells = cellsOf(stage.table);
    expect(cells).toHaveLength(4 * 6);
    const told: string[] = [];
    const wanted: string[] = [];
    for (const { channel, version, text } of cells) {
      const isThrottled = text.startsWith('(');
      for (const forced of [false, true]) {
        const answer = await server.ask(updatePath({ version, channel, forced }));
        const check = `${version} on ${channel}, ${forced ? 'forced' : 'in the background'}: `;
        told.push(check + offerIn(answer));
        wanted.push(check + (isThrottled && !forced ? '-' : offer(text, version)));
        expect(answer.headers['cache-control'], check).toBe('public, max-age=90');
      }
    }
    expect(told).toEqual(wanted);

    const { objects } = await exportOf(data);
    const { throttled: version } = stage;
    expect(withoutSalts(objects.filter(({ kind }) => throttleKinds.includes(kind)))).toEqual([
      { kind: 'global-throttle', name: 'global', on: false, percent: 100 },
      ...(version === undefined
        ? []
        : [
            { kind: 'throttle', name: `MyApp/${version}`, product: 'MyApp', version, percent: 0 },
            { kind: 'throttle-exception', name: version, version, channels: tests },
          ]),
    ]);
  });
});

describe('a throttled request', () => {
  const throttling = (percent: number) => `<?php $productThrottling = array('MyApp' => array('1.0.5' => ${percent}));`;
  const throttleTo = async (percent: number): Promise<void> => {
    const file = makeFile('config-dist.php', throttling(percent));
    await server.serves(revisionIn(await sluice('import', 'aus2', file, '--data', data)));
  };

  test('gets the empty answer at 0 %, which a cache may keep, as it may what a forced one gets', async () => {
    await throttleTo(0);
    const background = await server.ask(updatePath({ version: '1.0.5' }));
    expect(background).toMatchObject({ status: 200, body: noUpdate });
    expect(background.headers['cache-control']).toBe('public, max-age=90');
    const forced = await server.ask(updatePath({ version: '1.0.5', forced: true }));
    expect(offerIn(forced)).toBe('2.0.3 major');
    expect(forced.headers['cache-control']).toBe('public, max-age=90');
  });

  test('draws at 25 %, and no cache may keep what either outcome is told', async () => {
    await throttleTo(25);
    const counts = new Map<string, number>();
    for (let asked = 0; asked < 400; asked += 1) {
      const answer = await server.ask(updatePath({ version: '1.0.5' }));
      expect(answer.headers['cache-control']).toBe('no-store');
      counts.set(offerIn(answer), (counts.get(offerIn(answer)) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(['-', '2.0.3 major']);
    // Of 400 draws at one in four, six standard deviations to each side.
    expect(Math.abs((counts.get('2.0.3 major') ?? 0) - 100)).toBeLessThan(52);
    const forced = await server.ask(updatePath({ version: '1.0.5', forced: true }));
    expect([offerIn(forced), forced.headers['cache-control']]).toEqual(['2.0.3 major', 'public, max-age=90']);
  });
});
