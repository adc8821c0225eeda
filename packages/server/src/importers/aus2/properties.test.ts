import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { globalThrottle } from '../../kinds/global-throttle.ts';
import { throttle } from '../../kinds/throttle.ts';
import { throttleException } from '../../kinds/throttle-exception.ts';
import { Problem } from '../../problem.ts';
import { aus2 } from '../aus2.ts';

/** The objects of a text, or its problem. Anything else that is thrown is a failure. */
function outcome(text: string): readonly { readonly name?: string; readonly body: unknown }[] | Problem {
  try {
    return aus2.read(text).objects.map(({ name, body }) => ({ ...(name !== undefined && { name }), body }));
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-import') return error;
    throw error;
  }
}

const pieces = fc.constantFrom(
  ...['<?php ', '?>', '$productThrottling', '$throttleExceptions', "define('THROTTLE_LEVEL', ", "'THROTTLE_GLOBAL'"],
  ...['array(', '(', ')', '[', ']', '{', '}', '=>', '=', ',', ';', ':', '-', '.', '$x', 'f', 'if (', 'endif', 'const '],
  ...["'", '"', '`', '\\', '$', "'3.6.17'", '"a"', '3', '3.6', '3.6.17', 'true', 'null', '<<<A\n', 'A;'],
  ...['/*', '*/', '//', '#', '\n', '\r\n', ' ', '\u0000', '\ud800', 'é'],
);
const phpLike = fc.array(pieces, { maxLength: 60 }).map((found) => found.join(''));

describe('on any text', () => {
  test.each([
    ['characters', fc.string({ unit: 'binary', maxLength: 200 })],
    ['pieces of PHP', phpLike],
    ['an assignment of pieces', phpLike.map((text) => `$productThrottling = array('A' => array(${text}));`)],
  ])('of %s the reader answers, or throws a Problem with places inside the text', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const found = outcome(text);
        if (!(found instanceof Problem)) return;
        const lines = text.split(/\r\n|\r|\n/);
        expect(found.mistakes.length).toBeGreaterThan(0);
        for (const { at, message } of found.mistakes) {
          const [line = 0, column = 0] = at.split(':').map(Number);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
          expect(message).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

const name = fc
  .oneof(
    fc.constantFrom(
      'Firefox',
      '3.6.17',
      '3',
      '-5',
      '03',
      '0',
      'constructor',
      '__proto__',
      "it's",
      '"',
      '\\',
      '$x',
      '?>',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
  )
  .filter((text) => text.trim() !== '' && !/[/\p{Cc}\p{Cs}]/u.test(text));
const percent = fc.integer({ min: 0, max: 100 });
const byName = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 4 });

const throttling = fc.record({
  products: byName(byName(percent)),
  exceptions: byName(fc.uniqueArray(name, { maxLength: 4 })),
  on: fc.option(fc.boolean(), { nil: undefined }),
  level: fc.option(percent, { nil: undefined }),
});
type Throttling = typeof throttling extends fc.Arbitrary<infer T> ? T : never;

/** Draws one of some equal ways to write a thing. */
type Draw = (...ways: readonly string[]) => string;

function quoted(text: string, draw: Draw): string {
  return draw(`'${text.replace(/['\\]/g, '\\$&')}'`, `"${text.replace(/["\\$]/g, '\\$&')}"`);
}

function keyed(text: string, draw: Draw): string {
  return /^(?:0|-?[1-9]\d{0,9})$/.test(text) ? draw(text, quoted(text, draw)) : quoted(text, draw);
}

function number(value: number, draw: Draw): string {
  return draw(`${value}`, `'${value}'`, `0x${value.toString(16)}`, `0b${value.toString(2)}`, `0${value.toString(8)}`);
}

function blank(draw: Draw): string {
  return draw('', '', ' ', '\n', '\t', "/* it's ( */", "// don't ]\n", '# ;"\r\n', '\r\n  ');
}

function array(items: readonly string[], draw: Draw): string {
  const spaced = items.map((item) => blank(draw) + item + blank(draw)).join(',');
  const inside = spaced + (items.length > 0 ? draw('', `,${blank(draw)}`) : blank(draw));
  return draw(`array(${inside})`, `[${inside}]`, `Array ${blank(draw)}(${inside})`);
}

function map(entries: readonly (readonly [string, string])[], draw: Draw): string {
  const arrow = () => `${blank(draw)}=>${blank(draw)}`;
  return array(
    entries.map(([key, value]) => keyed(key, draw) + arrow() + value),
    draw,
  );
}

const otherCode = [
  "define('DEBUG', false);",
  "$a = array('b' => array(1, \"it's\"), 'c');",
  'if (d()) { e(); }',
  ';',
  '',
];

function render({ products, exceptions, on, level }: Throttling, draw: Draw): string {
  const list = (channels: readonly string[]) =>
    array(
      channels.map((channel) => quoted(channel, draw)),
      draw,
    );
  const versions = products.map(([product, of]) => {
    return [
      product,
      map(
        of.map(([version, value]) => [version, number(value, draw)]),
        draw,
      ),
    ] as const;
  });
  const set = (variable: string, entries: readonly (readonly [string, string])[]) => {
    const step = ([key, value]: readonly [string, string]) =>
      `$${variable}[${keyed(key, draw)}]${blank(draw)}= ${value};`;
    return draw(
      `$${variable} =${blank(draw)}${map(entries, draw)};`,
      `$${variable} = [];${entries.map(step).join('')}`,
    );
  };
  const channels = exceptions.map(([version, excepted]) => [version, list(excepted)] as const);
  const statements = [
    set('productThrottling', versions),
    set('throttleExceptions', channels),
    on === undefined
      ? ''
      : `define(${quoted('THROTTLE_GLOBAL', draw)},${draw(`${on}`, `${on}`.toUpperCase(), on ? '1' : '0')});`,
    level === undefined ? '' : `DEFINE (${blank(draw)}'THROTTLE_LEVEL', ${number(level, draw)}${blank(draw)}) ;`,
  ];
  const body = statements.flatMap((statement) => [draw(...otherCode), statement, blank(draw)]).join('');
  return draw(`<?php\n${body}`, body, `<?php ${body}?>\n`);
}

function expected({ products, exceptions, on = false, level = 100 }: Throttling): readonly unknown[] {
  return [
    ...products.flatMap(([product, versions]) =>
      versions.map(([version, value]) => ({
        name: `${product}/${version}`,
        body: { product, version, percent: value },
      })),
    ),
    ...exceptions.map(([version, channels]) => ({ name: version, body: { version, channels } })),
    { name: 'global', body: { on, percent: level } },
  ];
}

test('throttling that is written as PHP in any style is read back the same', () => {
  fc.assert(
    fc.property(throttling, fc.infiniteStream(fc.nat()), (wanted, stream) => {
      const draw: Draw = (...ways) => ways[Number(stream.next().value) % ways.length] ?? '';
      expect(outcome(render(wanted, draw))).toEqual(expected(wanted));
    }),
    { numRuns: 1000 },
  );
});

test('what is read fits the kinds', () => {
  const kinds = new Map<string, (body: unknown) => unknown>([
    ['throttle', (body) => throttle.schema.parse(body)],
    ['throttle-exception', (body) => throttleException.schema.parse(body)],
    ['global-throttle', (body) => globalThrottle.schema.parse(body)],
  ]);
  fc.assert(
    fc.property(throttling, (wanted) => {
      const { objects } = aus2.read(render(wanted, (first = '') => first));
      for (const { kind, body } of objects) expect(kinds.get(kind)?.(body)).toEqual(body);
    }),
  );
});

test('a quote, bracket, arrow, comma or semicolon that gets lost or doubled is never overlooked', () => {
  const config = `<?php
define('DEBUG', false);
$other = array('a', array("b" => 'c'), 'd');
$productThrottling = array(
    'Firefox' => array('3.6.17' => 0, '4.0' => 10),
    'Fennec' => array("4.0" => 25)
);
$more = f('x', "y");
$throttleExceptions = array(
    '3.6.17' => array('betatest', 'releasetest')
);
define('THROTTLE_GLOBAL', true);
define('THROTTLE_LEVEL', 90);
`;
  const whole = outcome(config);
  const overlooked: string[] = [];
  for (const [at, unit] of [...config].entries()) {
    if (!/['"()[\]=>,;]/.test(unit)) continue;
    for (const changed of [config.slice(0, at) + config.slice(at + 1), config.slice(0, at) + unit + config.slice(at)]) {
      const found = outcome(changed);
      if (!(found instanceof Problem) && JSON.stringify(found) !== JSON.stringify(whole)) overlooked.push(changed);
    }
  }
  expect(overlooked).toEqual([]);
});

test('nothing in a file is ever run', () => {
  const hostile = `<?php
system('touch run'); eval("throw 1;"); process.exit(1); \${globalThis.run = 1};
$a = \`touch run\`; $b = "{$c->run()}"; require 'https://example.com/x.php';
$productThrottling = array('A' => array('1' => globalThis.run = 1));
define('THROTTLE_LEVEL', (function () { globalThis.run = 1; return 1; })());
`;
  expect(outcome(hostile)).toBeInstanceOf(Problem);
  expect(globalThis).not.toHaveProperty('run');
  const sources = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  expect(sources.length).toBeGreaterThan(5);
  for (const file of sources) {
    const source = readFileSync(new URL(file, import.meta.url), 'utf8');
    expect(source).not.toMatch(/\beval\b|\bFunction\(|\bimport\(|from 'node:/);
  }
});

describe('a megabyte is read in less than two seconds', () => {
  function expectQuick(beginning: string, piece: string): void {
    const text = beginning + piece.repeat(Math.ceil(2 ** 20 / piece.length));
    // The time of this process, so that a busy machine fails nothing.
    const before = process.cpuUsage();
    outcome(text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  }

  test.each([
    ...[
      'array(',
      '[',
      '(',
      '{',
      ')',
      '/*',
      '/*\n',
      '//\n',
      "'\n",
      "\\'\n",
      ",\\'",
      '"$',
      '`',
      '<<<A\n',
      '$a ',
      "'a' b",
    ],
    ...[
      '$productThrottling = array(',
      "$productThrottling['a']",
      '$productThrottling[1] = 1;\n',
      '<?php ?>x',
      'if (1): ',
    ],
  ])('of %j', (piece) => {
    expectQuick('', piece);
  });

  test.each(['array(', '[', ')', '"\n', ",\\'", "'a' 1\n", "'a' => 1,\n", '=>', ',', '1.', '1_', 'a ', '"\\u{'])(
    'of %j in an array',
    (piece) => {
      expectQuick("$productThrottling = array('A' => array(", piece);
    },
  );
});
