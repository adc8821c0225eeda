import { describe, expect, test } from 'vitest';
import type { Import } from '../importer.ts';
import { Problem } from '../problem.ts';
import { aus2 } from './aus2.ts';

/** What a file gives, without the places. */
function objectsOf(text: string): readonly unknown[] {
  return aus2.read(text).objects.map(({ name, body }) => [name, body]);
}

function problemOf(text: string): Problem {
  try {
    aus2.read(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the text was read without a mistake');
}

const unthrottled = ['global', { on: false, percent: 100 }];

describe('the release cycle of the AUS2 page', () => {
  const nothingThrottled = `<?php
$productThrottling = array(
     'MyApp' => array(
     )
);
$throttleExceptions = array(
);
`;

  function throttledAt(version: string): string {
    return `<?php
$productThrottling = array(
     'MyApp' => array(
         '${version}' => 0
     )
);
$throttleExceptions = array(
    '${version}' => array (
        'betatest',
        'releasetest'
    )
);
`;
  }

  const stages: readonly (readonly [string, string, string | undefined])[] = [
    ['1: before the release', nothingThrottled, undefined],
    ['2: after the automation', nothingThrottled, undefined],
    ['3: the major update on the test channels', nothingThrottled, undefined],
    ['4: the minor updates on beta', nothingThrottled, undefined],
    ['5: release day', nothingThrottled, undefined],
    ['6: the old version throttled', throttledAt('1.0.x'), '1.0.x'],
    ['7: the major update pushed', throttledAt('1.0.x'), '1.0.x'],
    ['8: the major update advertised', throttledAt('1.0.x+1'), '1.0.x+1'],
  ];

  test.each(stages)('stage %s', (_, config, version) => {
    const throttled = [
      [`MyApp/${version}`, { product: 'MyApp', version, percent: 0 }],
      [version, { version, channels: ['betatest', 'releasetest'] }],
    ];
    expect(objectsOf(config)).toEqual([...(version === undefined ? [] : throttled), unthrottled]);
    expect(aus2.read(config).warnings).toEqual([]);
  });
});

test('Firefox 3.6.17 is stopped, but not on beta and the test channels', () => {
  const config = `$productThrottling = array(
    'Firefox' => array(
        '3.6.17' => 0
    )
);
$throttleExceptions = array(
    '3.6.17' => array (
        'betatest',
        'releasetest',
        'beta'
    )
);
`;
  expect(aus2.read(config)).toEqual({
    carries: ['throttle', 'throttle-exception', 'global-throttle'],
    objects: [
      {
        kind: 'throttle',
        name: 'Firefox/3.6.17',
        body: { product: 'Firefox', version: '3.6.17', percent: 0 },
        at: '3:9',
      },
      {
        kind: 'throttle-exception',
        name: '3.6.17',
        body: { version: '3.6.17', channels: ['betatest', 'releasetest', 'beta'] },
        at: '7:5',
      },
      { kind: 'global-throttle', name: 'global', body: { on: false, percent: 100 }, at: '1:1' },
    ],
    warnings: [],
  } satisfies Import);
});

test('the global throttle stops all background updates', () => {
  const { objects, carries } = aus2.read("define('THROTTLE_GLOBAL',true);\ndefine('THROTTLE_LEVEL',0);\n");
  expect(objects).toEqual([{ kind: 'global-throttle', name: 'global', body: { on: true, percent: 0 }, at: '1:26' }]);
  expect(carries).toEqual(['throttle', 'throttle-exception', 'global-throttle']);
});

test('a define that is absent leaves the global throttle off, or fully open', () => {
  expect(objectsOf("define('THROTTLE_GLOBAL', 1);")).toEqual([['global', { on: true, percent: 100 }]]);
  expect(objectsOf("define('THROTTLE_LEVEL', '25');")).toEqual([['global', { on: false, percent: 25 }]]);
});

test('a long configuration is read through all that is not about throttling', () => {
  const config = `<?php
# Update service, staging. Don't edit on the hosts; it's deployed.
/**
 * Settings (see the runbook's chapter 3).
 * $productThrottling = array('Old' => array('1.0' => 5));
 */
define('DATA_DIR', getcwd() . '/data/3');   // define('THROTTLE_LEVEL', 3);
define('DEBUG', false);
define ( "TITLE" , "Updates for \\"everyone\\" {$product['name']}" );
if (!defined('THROTTLE_GLOBAL')) { error_log("the switch isn't set"); }
if (DEBUG):
    ini_set('display_errors', 1);
    ini_set('memory_limit', '64M');
endif;
require_once('local.php');

define('THROTTLE_GLOBAL', TRUE);
define('THROTTLE_LEVEL', 90); // of 100
define('THROTTLE_LOGGING', false);

$productThrottling = array(
    'Firefox' => array(
        '3.6.26' => 0,   // the last of its line
        '4.0'    => 10,
        /* '4.0.1' => 20, */
        '5'      => '50',
    ),
    "Thunderbird" => [ '2.0.0.24' => 75, ],
);
$productThrottling['Fennec']['4.0b5'] = 5;

$throttleExceptions = array(
    '3.6.26' => array ('betatest', 'releasetest'),
    '4.0'    => array ('betatest', 'releasetest', 'beta',),
);
$throttleExceptions['5'][] = 'beta';

$nightlyChannels = array('nightly', 'nightly-ux', "it's; array(", 'aurora');
$branches = array(
    'Firefox' => array(
        '3.6*' => 'branch-192', '*' => array('nightly' => 'trunk'),
    ),
);
$banner = <<<TEXT
  $productThrottling['Firefox']['9.0'] = 0;
  it's a text
TEXT;
$many = 'a text
$productThrottling = array("X" => array("1" => 1));
over lines';
function channelOf($path) {
    for ($i = 0; $i < 3; $i++) { if ($path[$i] == "]") { return $path{$i}; } }
    switch ($path) { case 'a': return 'b'; default: return null; }
}
$memcache = array('localhost' => array('port' => '11211', 'timeout' => 1.5, 'retry' => -1));
?>
`;
  expect(objectsOf(config)).toEqual([
    ['Firefox/3.6.26', { product: 'Firefox', version: '3.6.26', percent: 0 }],
    ['Firefox/4.0', { product: 'Firefox', version: '4.0', percent: 10 }],
    ['Firefox/5', { product: 'Firefox', version: '5', percent: 50 }],
    ['Thunderbird/2.0.0.24', { product: 'Thunderbird', version: '2.0.0.24', percent: 75 }],
    ['Fennec/4.0b5', { product: 'Fennec', version: '4.0b5', percent: 5 }],
    ['3.6.26', { version: '3.6.26', channels: ['betatest', 'releasetest'] }],
    ['4.0', { version: '4.0', channels: ['betatest', 'releasetest', 'beta'] }],
    ['5', { version: '5', channels: ['beta'] }],
    ['global', { on: true, percent: 90 }],
  ]);
  expect(aus2.read(config).warnings).toEqual([{ at: '15:1', message: 'the file that is included here is not read' }]);
});

test('every mistake of a file is listed with its place', () => {
  const problem = problemOf(`<?php
define('THROTTLE_GLOBAL', 'false');
define('THROTTLE_LEVEL', 101)
$productThrottling = array(
    'Firefox' => array(
        3.6 => 10,
        '3.6.17' 20,
        '4.0' => 25.5,
        '5.0 => 30,
        '6.0' => SLOW,
        '' => 0
        '7.0' => -1,
    ),
    'Fennec' => 5,
);
$throttleExceptions = array(
    '3.6.17' => 'beta',
    '4.0' => array('beta', '', 7, "$channel"),
    '5.0' => array('beta'
);
if (LIVE) { $throttleExceptions = array(); }
$productThrottling += array();
/* the end
`);
  expect(problem.code).toBe('invalid-import');
  expect(problem.detail).toBe('20 mistakes in the AUS2 configuration');
  expect(problem.mistakes).toEqual([
    { at: '2:27', message: 'THROTTLE_GLOBAL must be true or false' },
    { at: '3:26', message: 'a percentage must be a whole number from 0 to 100' },
    { at: '3:30', message: 'a `;` is missing here' },
    { at: '6:9', message: 'PHP cuts a fractional key down to an integer (3.6 to 3): write it in quotes' },
    { at: '7:18', message: 'a `=>` or `,` is missing before `20`' },
    { at: '8:18', message: 'a percentage must be a whole number from 0 to 100' },
    { at: '9:9', message: 'this string has no closing quote on its line' },
    { at: '10:18', message: '`SLOW` is not looked up or run: only plain values are read (a text needs quotes)' },
    { at: '11:9', message: 'a version is empty' },
    { at: '11:16', message: 'a `,` is missing here' },
    { at: '12:18', message: 'a percentage must be a whole number from 0 to 100' },
    { at: '14:17', message: "the product 'Fennec' must be an array" },
    { at: '16:23', message: 'this array is never closed' },
    { at: '17:17', message: 'the channels of a version must be an array' },
    { at: '18:28', message: 'a channel is empty' },
    { at: '18:32', message: 'a channel must be a text in quotes' },
    {
      at: '18:35',
      message: 'a variable inside a string is not looked up: only plain values are read (a plain `$` is written `\\$`)',
    },
    {
      at: '21:13',
      message: '`$throttleExceptions` stands inside other code, which is not run: set it by a statement of its own',
    },
    { at: '22:20', message: 'only a plain `=` is read here: nothing is run' },
    { at: '23:1', message: 'this is never closed and takes in the rest of the file' },
  ]);
});

test('a file without any of the four names is not an AUS2 configuration', () => {
  for (const text of [
    '',
    '<?php\n',
    '{"rules": [{"alias": "it\'s"}]}',
    'server {',
    "<?php // define('THROTTLE_LEVEL', 5);",
  ]) {
    expect(problemOf(text).mistakes).toEqual([
      {
        at: '1:1',
        message:
          'this is not an AUS2 configuration: it sets none of $productThrottling, $throttleExceptions, THROTTLE_GLOBAL, THROTTLE_LEVEL',
      },
    ]);
  }
});

test('one mistake is called one', () => {
  expect(problemOf("define('THROTTLE_LEVEL', 101);").detail).toBe('1 mistake in the AUS2 configuration');
});

test('of very many mistakes the first thousand are listed and all are counted', () => {
  const versions = Array.from({ length: 1500 }, (_, version) => `'${version}' => 101,`);
  const problem = problemOf(`$productThrottling = array('A' => array(${versions.join('')}));`);
  expect(problem.mistakes).toHaveLength(1000);
  expect(problem.detail).toBe('1500 mistakes in the AUS2 configuration, the first 1000 are listed');
});

test.each([
  ["'Firefox'", 'a name and `=>` are missing before this value of $productThrottling'],
  ["' ' => array()", 'a product is empty'],
  ["'a/b' => array()", 'a product may not hold a slash or control characters'],
  [`"a\\tb" => array()`, 'a product may not hold a slash or control characters'],
  [`'${'p'.repeat(101)}' => array()`, 'a product is longer than 100 characters'],
])('the product %s is a mistake', (entry, message) => {
  expect(problemOf(`$productThrottling = array(${entry});`).mistakes).toEqual([{ at: '1:28', message }]);
});

test.each([
  ["'3.6.17'", "a name and `=>` are missing before this value of the product 'A'"],
  ["'' => 0", 'a version is empty'],
  [`'${'1'.repeat(76)}' => 0`, 'a version is longer than 75 characters'],
  ["'3/4' => 0", 'a version may not hold a slash or control characters'],
])('the version %s is a mistake', (entry, message) => {
  expect(problemOf(`$productThrottling = array('A' => array(${entry}));`).mistakes).toEqual([{ at: '1:41', message }]);
});

test.each(['101', '-1', '25.5', '25.0', "'25.5'", "'a'", "''", 'null', 'true'])(
  'the percentage %s is a mistake',
  (percent) => {
    const message = 'a percentage must be a whole number from 0 to 100';
    const mistakes = [{ at: '1:26', message }];
    expect(problemOf(`define('THROTTLE_LEVEL', ${percent});`).mistakes).toEqual(mistakes);
  },
);

test.each([
  ['0', 0],
  ['100', 100],
  ["'25'", 25],
  ['0x19', 25],
  ['031', 25],
  ['0b11001', 25],
  ['+25', 25],
  ["'025'", 25],
])('the percentage %s is %d', (written, percent) => {
  expect(objectsOf(`define('THROTTLE_LEVEL', ${written});`)).toEqual([['global', { on: false, percent }]]);
});

test('percentages by channel, which an older AUS2 had, are told apart', () => {
  const config = "$productThrottling = array('Firefox' => array('3.0.11' => array('release' => 0)));";
  expect(problemOf(config).mistakes).toEqual([
    { at: '1:59', message: 'percentages by channel cannot be imported: give the version one' },
  ]);
});

test.each([
  ['true', true],
  ['FALSE', false],
  ['1', true],
  ['0', false],
])('THROTTLE_GLOBAL may be %s', (written, on) => {
  expect(objectsOf(`define('THROTTLE_GLOBAL', ${written});`)).toEqual([['global', { on, percent: 100 }]]);
});

test.each(["'true'", '2', 'null', '1.0', 'array()'])('THROTTLE_GLOBAL may not be %s', (written) => {
  const mistakes = [{ at: '1:27', message: 'THROTTLE_GLOBAL must be true or false' }];
  expect(problemOf(`define('THROTTLE_GLOBAL', ${written});`).mistakes).toEqual(mistakes);
});

test('channels are a list of texts, with integer keys or without', () => {
  expect(objectsOf("$throttleExceptions = array('5.0' => array(0 => 'beta', '1' => 'aurora'));")[0]).toEqual([
    '5.0',
    { version: '5.0', channels: ['beta', 'aurora'] },
  ]);
  expect(problemOf("$throttleExceptions = array('5.0' => array('x' => 'beta'));").mistakes).toEqual([
    { at: '1:44', message: 'the channels of a version are a list, without names before them' },
  ]);
});

test('a version may except no channels', () => {
  expect(objectsOf("$throttleExceptions = array('5.0' => array());")[0]).toEqual([
    '5.0',
    { version: '5.0', channels: [] },
  ]);
});

test('a channel that stands twice counts once, with a warning', () => {
  const { objects, warnings } = aus2.read("$throttleExceptions = array('5.0' => array('beta', 'beta'));");
  expect(objects[0]?.body).toEqual({ version: '5.0', channels: ['beta'] });
  expect(warnings).toEqual([{ at: '1:52', message: "the channel 'beta' stands here twice" }]);
});

test('a channel pattern is kept as it is, with a warning', () => {
  const { objects, warnings } = aus2.read("$throttleExceptions = array('5.0' => array('beta*'));");
  expect(objects[0]?.body).toEqual({ version: '5.0', channels: ['beta*'] });
  expect(warnings).toEqual([
    { at: '1:44', message: '`*` is any text to AUS2, and only itself here: list the channels' },
  ]);
});

test('names that every object inherits are ordinary names', () => {
  const config = `$productThrottling = array('__proto__' => array('constructor' => 1, '__proto__' => 2));
$throttleExceptions['__proto__'][] = 'toString';`;
  expect(aus2.read(config).objects.map(({ name }) => name)).toEqual([
    '__proto__/constructor',
    '__proto__/__proto__',
    '__proto__',
    'global',
  ]);
  expect(problemOf('$constructor = array();').mistakes).toHaveLength(1);
});
