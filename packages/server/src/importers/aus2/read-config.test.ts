import { describe, expect, test } from 'vitest';
import { Findings } from './findings.ts';
import type { Literal } from './literal.ts';
import { readConfig } from './read-config.ts';

interface Read {
  readonly value: unknown;
  readonly mistakes: readonly string[];
  readonly warnings: readonly string[];
}

/** What a text makes of `$productThrottling`, in JavaScript's words, and the places of what is wrong with it. */
function read(text: string): Read {
  const findings = new Findings(text);
  const { variables } = readConfig(text, findings);
  return {
    value: plain(variables.get('productThrottling')),
    mistakes: findings.mistakes().map(({ at, message }) => `${at} ${message}`),
    warnings: findings.warnings().map(({ at, message }) => `${at} ${message}`),
  };
}

function plain(literal: Literal | undefined): unknown {
  switch (literal?.kind) {
    case 'array':
      return [...literal.entries.values()].map(({ key, value }) => [key, plain(value)]);
    case 'float':
    case 'unread':
      return `${literal.kind} ${literal.text}`;
    case 'string':
    case 'integer':
    case 'boolean':
      return literal.value;
    default:
      return literal === undefined ? undefined : null;
  }
}

function readValue(written: string): unknown {
  const { value, mistakes } = read(`$productThrottling = ${written};`);
  expect(mistakes).toEqual([]);
  return value;
}

/** The mistakes of a value that begins at 1:22. */
function mistakesOf(written: string): readonly string[] {
  return read(`$productThrottling = ${written};`).mistakes;
}

describe('values', () => {
  test.each([
    ["'a'", 'a'],
    [`'it\\'s a \\\\ and a \\n $x "y"'`, `it's a \\ and a \\n $x "y"`],
    ['"a"', 'a'],
    [`"\\n\\r\\t\\v\\e\\f\\\\\\$\\" \\q 'y'"`, `\n\r\t\v\u001b\f\\$" \\q 'y'`],
    ['"\\101\\x41\\x4a\\u{1F600}\\0"', 'AAJ\u{1f600}\0'],
    ['"5 $ or $5"', '5 $ or $5'],
    ["'日本'", '日本'],
    ['12', 12n],
    ['-12', -12n],
    ['+ 12', 12n],
    ['0x1F', 31n],
    ['017', 15n],
    ['0o17', 15n],
    ['0b101', 5n],
    ['1_000', 1000n],
    ['9223372036854775807', 9223372036854775807n],
    ['9223372036854775808', 'float 9223372036854775808'],
    ['1.5', 'float 1.5'],
    ['-.5', 'float -.5'],
    ['2.', 'float 2.'],
    ['1e3', 'float 1e3'],
    ['1.5E-3', 'float 1.5E-3'],
    ['true', true],
    ['False', false],
    ['NULL', null],
    ['array()', []],
    ['[]', []],
    [
      'ARRAY (1, [2], )',
      [
        ['0', 1n],
        ['1', [['0', 2n]]],
      ],
    ],
  ])('%s', (written, value) => {
    expect(readValue(written)).toEqual(value);
  });

  test.each([
    ['"a $b"', '1:22 a variable inside a string is not looked up'],
    ['"a {$b}"', '1:22 a variable inside a string is not looked up'],
    ['"\\xc3\\xa9"', '1:22 `\\xc3` is part of a character'],
    ['"\\u{110000}"', '1:22 `\\u{110000}` is not a character'],
    ['"\\u{d800}"', '1:22 `\\u{d800}` is not a character'],
    ['"\\u{}"', '1:22 `\\u{` is not a character'],
    ['`date`', '1:22 a shell command is not run'],
    ['<<<A\nx\nA', '1:22 a heredoc is not read'],
    ["<<<'A'\nx\n A", '1:22 a heredoc is not read'],
    ["'a", '1:22 this string has no closing quote on its line'],
    ["'a\n b'", '1:22 this string has no closing quote on its line'],
    ['3.6.17', '1:22 `3.6.17` is not a number'],
    ['08', '1:22 `08` is not a number'],
    ['4.0b1', '1:22 `4.0b1` is not a number'],
    ['$other', '1:22 `$other` is not looked up'],
    ['CONSTANT', '1:22 `CONSTANT` is not looked up or run'],
    ['f(1, [2])', '1:22 `f` is not looked up or run'],
    ['new Thing()', '1:22 `new` is not looked up or run'],
    ['1 + 1', '1:24 only plain values are read, nothing is computed: `+`'],
    ["'a' . 'b'", '1:26 only plain values are read, nothing is computed: `.`'],
    ['(int) 5', '1:22 only plain values are read, nothing is computed: `(`'],
    ['- "5"', '1:24 a number is missing after the sign'],
    ['', '1:22 a value is missing before `;`'],
    ['\u00a05', '1:22 `U+00A05` is not looked up or run'],
  ])('%s cannot be read', (written, mistake) => {
    const [first = '', ...others] = mistakesOf(written);
    expect(first.slice(0, mistake.length)).toBe(mistake);
    if (!written.includes('\n')) expect(others).toEqual([]);
  });
});

describe('arrays', () => {
  test("a key '3' is the integer 3, and '03' is not", () => {
    expect(readValue("array('3' => 'a', 'x', '03' => 'b', 3 => 'c', 'y')")).toEqual([
      ['3', 'c'],
      ['4', 'x'],
      ['03', 'b'],
      ['5', 'y'],
    ]);
  });

  test('a later equal key wins with a warning', () => {
    const { value, warnings } = read("$productThrottling = array('a' => 1,\n'a' => 2, '3' => 1, 3 => 2);");
    expect(value).toEqual([
      ['a', 2n],
      ['3', 2n],
    ]);
    expect(warnings).toEqual([
      "2:1 the key 'a' is already at 1:28: the later value counts",
      "2:21 the key '3' is already at 2:11: the later value counts",
    ]);
  });

  test.each([
    ['array(3.6 => 1)', '1:28 PHP cuts a fractional key down to an integer (3.6 to 3): write it in quotes'],
    ['array(true => 1)', '1:28 a key must be a string or an integer'],
    ['array(null => 1)', '1:28 a key must be a string or an integer'],
    ['array(array() => 1)', '1:28 a key must be a string or an integer'],
    ["array('a' 1)", '1:32 a `=>` or `,` is missing before `1`'],
    ["array('a' array('b' => 1))", '1:32 a `=>` or `,` is missing before `array`'],
    ["array('a' = 1)", '1:32 `=>` is needed here instead of `=`'],
    ["array('a' -> 1)", '1:32 `=>` is needed here instead of `->`'],
    ["array('a' => 1 => 2)", '1:37 a `,` is missing before this `=>`'],
    ["array('a' =>)", '1:34 a value is missing before `)`'],
    ['array(=> 1)', '1:28 a value is missing before `=>`'],
    ['array(, 1)', '1:28 a value is missing before `,`'],
    ['array(1,, 2)', '1:30 a value is missing before `,`'],
    ["array('a' => 1\n'b' => 2)", '1:36 a `,` is missing here'],
    ['array(1]', '1:29 `]` does not close the array that begins at 1:22'],
    ['[1)', '1:24 `)` does not close the array that begins at 1:22'],
    ['[1', '1:22 this array is never closed'],
    ['array 1', '1:22 a `(` is missing after `array`'],
    ['array(1 + 1, 2)', '1:30 only plain values are read, nothing is computed: `+` is not expected here'],
    ['array(...$x)', '1:28 only plain values are read, nothing is computed: `...` is not expected here'],
    ["array('a, 'b' => 1)", '1:33 a `,` or a quote is missing before `b`'],
  ])('%s has a mistake', (written, mistake) => {
    expect(mistakesOf(written)[0]).toBe(mistake);
  });

  test('a mistake in one entry leaves the others to be read', () => {
    const { value, mistakes } = read(
      "$productThrottling = array('a' => f(1, 2), 'b' => 3 * 4, 'c' => $d['e'], 'f' => 6);",
    );
    expect(mistakes).toHaveLength(3);
    expect(value).toEqual([
      ['a', 'unread f'],
      ['b', 3n],
      ['c', 'unread $d'],
      ['f', 6n],
    ]);
  });

  test('a quote that is forgotten keeps the arrays around it in shape', () => {
    const text = "$productThrottling = array(\n'a => array(\n'b => 1,\n'c' => 2\n),\n'd' => array('e)\n);";
    const { value, mistakes } = read(text);
    expect(mistakes.map((mistake) => mistake.split(' ')[0])).toEqual(['2:1', '3:1', '6:14']);
    expect(value).toEqual([
      [
        'a',
        [
          ['b', 1n],
          ['c', 2n],
        ],
      ],
      ['d', [['0', 'unread e']]],
    ]);
  });

  test('nesting is bounded', () => {
    expect(mistakesOf(`${'['.repeat(32)}${']'.repeat(32)}`)).toEqual([]);
    expect(mistakesOf(`${'['.repeat(34)}${']'.repeat(34)}`)).toEqual(['1:54 arrays are nested more than 32 deep']);
  });
});

describe('statements', () => {
  test('comments may stand anywhere', () => {
    const text = "/* a */$productThrottling// b\n=#c ?'\narray/**/(/* ) */'a'/*'*/=>1,# )\r\n);//";
    expect(read(text)).toEqual({ value: [['a', 1n]], mistakes: [], warnings: [] });
  });

  test('a comment of one line ends with the PHP part', () => {
    expect(read('<?php // a ?>\n<?php $productThrottling = 1 ?>')).toEqual({ value: 1n, mistakes: [], warnings: [] });
  });

  test.each([
    '<?php $productThrottling = 1;',
    '<?PHP\n$productThrottling = 1 ?>\n',
    '<? $productThrottling = 1;',
    '\n\n<?php\n\n$productThrottling = 1;\n?>\n\n<?php\n',
  ])('tags are optional: %j', (text) => {
    expect(read(text)).toEqual({ value: 1n, mistakes: [], warnings: [] });
  });

  test('text outside of the tags is printed by PHP, not read', () => {
    expect(read('hello <?php $productThrottling = 1 ?> world').warnings).toEqual([
      '1:1 PHP prints this text, as it stands outside of `<?php … ?>`',
      '1:39 PHP prints this text, as it stands outside of `<?php … ?>`',
    ]);
    expect(read('<?php ?>\n$productThrottling = 1;').mistakes).toEqual([
      '2:1 this stands outside of `<?php … ?>`, where PHP prints a text and reads nothing',
    ]);
  });

  test('keys are set one by one', () => {
    const text = `$productThrottling['a']['b'] = 1;
$productThrottling['a'] ["c"] = array(2);
$productThrottling['a']['c'][] = 3;
$productThrottling[7] = null;
$productThrottling['7']['x'] = 4;
$productThrottling[][] = 5;`;
    expect(read(text)).toEqual({
      value: [
        [
          'a',
          [
            ['b', 1n],
            [
              'c',
              [
                ['0', 2n],
                ['1', 3n],
              ],
            ],
          ],
        ],
        ['7', [['x', 4n]]],
        ['8', [['0', 5n]]],
      ],
      mistakes: [],
      warnings: [],
    });
  });

  test('what is set again is replaced with a warning', () => {
    expect(
      read("$productThrottling = array('a' => 1);\n$productThrottling['a'] = 2;\n$productThrottling = 3;"),
    ).toEqual({
      value: 3n,
      mistakes: [],
      warnings: [
        "2:20 the key 'a' is already at 1:28: the later value counts",
        '3:1 $productThrottling is set a second time: only what follows counts',
      ],
    });
  });

  test('the first define of a name counts', () => {
    const text = 'define(\'THROTTLE_LEVEL\', 1);\n\\DEFINE("THROTTLE_LEVEL", 2);';
    const findings = new Findings(text);
    expect(readConfig(text, findings).constants.get('THROTTLE_LEVEL')).toMatchObject({ value: 1n });
    expect(findings.mistakes()).toEqual([]);
    expect(findings.warnings()).toEqual([
      { at: '2:1', message: 'THROTTLE_LEVEL is already defined at 1:26: PHP keeps the first value' },
    ]);
  });

  test.each([
    ['$productThrottling += array();', '1:20 only a plain `=` is read here: nothing is run'],
    ['$productThrottling;', '1:19 only a plain `=` is read here: nothing is run'],
    ['$productThrottling->x = 1;', '1:19 only a plain `=` is read here: nothing is run'],
    ['$productThrottling = array()', '1:29 a `;` is missing here'],
    ['$productThrottling = array()\n$x = 1;', '1:29 a `;` is missing here'],
    ['$productThrottling = array() $throttleExceptions = 1;', '1:29 a `;` is missing here'],
    ['$productThrottling = 1 2;', '1:24 only plain values are read, nothing is computed: `2` is not expected here'],
    ["$productThrottling['a' = 1;", '1:24 a `]` is missing here'],
    [
      '$productThrottling[1.5] = 1;',
      '1:20 PHP cuts a fractional key down to an integer (3.6 to 3): write it in quotes',
    ],
    ["$productThrottling = 1;\n$productThrottling['a'] = 1;", '2:20 this is not a key of an array'],
    ["define('THROTTLE_LEVEL');", '1:24 a `,` and a value are missing after THROTTLE_LEVEL'],
    ["define('THROTTLE_LEVEL', 1, true);", '1:27 a `)` is missing here: only one plain value is read'],
    ["define('THROTTLE_LEVEL', 1;", '1:27 a `)` is missing here: only one plain value is read'],
    ["define('THROTTLE_LEVEL', 1)", '1:28 a `;` is missing here'],
    ['define(THROTTLE_LEVEL, 1);', '1:8 quotes are missing around THROTTLE_LEVEL'],
    ["define 'THROTTLE_LEVEL', 1;", '1:8 a `(` is missing after `define`'],
    ["define('THROTTLE_LEVEL, 1);", '1:8 this string has no closing quote on its line'],
    ['$productThrottling = array(/* 1);', '1:28 this is never closed and takes in the rest of the file'],
  ])('%j has a mistake', (text, mistake) => {
    expect(read(text).mistakes[0]).toBe(mistake);
  });

  test('a statement is found again behind one that is wrong', () => {
    for (const wrong of [
      '$productThrottling += 1;',
      '$throttleExceptions = array(1;',
      "$throttleExceptions = 'a;",
      'define(1;',
      '$x = (;',
      '$x = ];',
    ]) {
      const { value, mistakes } = read(`${wrong}\n$productThrottling = 5;`);
      expect(mistakes.length).toBeGreaterThan(0);
      expect(value).toBe(5n);
    }
  });
});
