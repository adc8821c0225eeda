import { expect, test } from 'vitest';
import { Findings } from './findings.ts';
import { readConfig } from './read-config.ts';

interface Read {
  /** What the text makes of `$productThrottling`, in JavaScript's words: plain, or the plain values of an array. */
  readonly value: unknown;
  readonly mistakes: readonly string[];
}

function read(text: string): Read {
  const findings = new Findings(text);
  const literal = readConfig(text, findings).variables.get('productThrottling');
  const value =
    literal?.kind === 'array'
      ? [...literal.entries].map(([key, entry]) => [key, 'value' in entry.value ? entry.value.value : entry.value.kind])
      : literal !== undefined && 'value' in literal
        ? literal.value
        : undefined;
  return { value, mistakes: findings.mistakes().map(({ at, message }) => `${at} ${message}`) };
}

test.each([
  "require_once('x.php');",
  'ini_set("a", \'b\');',
  "define('A', getcwd() . '/data');",
  "define('THROTTLE', 1); define('B', THROTTLE_LEVEL);",
  '$x = array("a" => 1, [2, (3)], );',
  '$x = "{$a["b"]}" . "{$c}";',
  '$x = <<<"A"\n$productThrottling = 1;\nA;',
  '$x = "a\n\\$productThrottling = 1;\n";',
  '$x = `date`;',
  'if (a) { b(); } elseif (c) { } else { d(";"); }',
  'if (a): b(); else: c(); endif;',
  'foreach ($a as $b => $c): if ($d): e(); endif; endforeach;',
  'for ($i = 0; $i < 3; $i++) { while (x); }',
  'for (;;): x(); endfor;',
  'switch ($a): case (1): b(); default: c(); endswitch;',
  'function f(array $a = array()) { return function () { ; }; }',
  'class A extends B { const C = 1; private $d = "e"; function f() { } }',
  '$f = function () { return 1; };',
  "$x = $a ? ($b) : ('c'); $y = 'a' and 'b' or 'c';",
  "if (defined('THROTTLE_LEVEL')) { x(); }",
  'echo "<?php"; ?> <?php { ; }',
  'label: f();',
  'if (a) { ?> <?php }',
  '#[Attribute]\nfunction f() {}',
  ': : ;',
])('%j is skipped', (code) => {
  expect(read(`<?php ${code} $productThrottling = 1;`)).toMatchObject({ value: 1n, mistakes: [] });
  expect(read(`<?php ${code}\n$productThrottling = 1;`)).toMatchObject({ value: 1n, mistakes: [] });
});

test.each([
  ['if (a) $productThrottling = 1;', '1:8'],
  ['if (a) { $productThrottling = 1; }', '1:10'],
  ['if (a): b(); $productThrottling = 1; endif;', '1:14'],
  ['while (a): if (b): endif; $productThrottling = 1; endwhile;', '1:27'],
  ['if (a) { } else $productThrottling = 1;', '1:17'],
  ['foreach ($throttleExceptions as $a) { }', '1:10'],
  ['function f() { global $productThrottling; }', '1:23'],
  ['unset($productThrottling);', '1:7'],
  ['$x = &$productThrottling;', '1:7'],
  ["$GLOBALS['productThrottling'] = 1;", '1:10'],
  ["if (!defined('THROTTLE_LEVEL')) define('THROTTLE_LEVEL', 1);", '1:40'],
  ["@define('THROTTLE_GLOBAL', true);", '1:9'],
  ['const THROTTLE_LEVEL = 1;', '1:7'],
  ['$x = 1 $productThrottling = 1;', '1:8'],
])('one of the four names inside %j is a mistake', (code, at) => {
  const found = read(code).mistakes.filter((mistake) => mistake.includes('stands inside other code, which is not run'));
  expect(found.map((mistake) => mistake.split(' ')[0])).toEqual([at]);
});

test.each([
  ['f(1;\n', '1:2 this bracket is never closed'],
  ['$x = array(1;\n', '1:11 this bracket is never closed'],
  ['{ f(1 }\n', '1:4 this bracket is never closed'],
  ['f(1];\n', '1:4 `)` is needed here instead of `]`'],
  ['$x = );\n', '1:6 this `)` closes nothing'],
  ['}\n', '1:1 this `}` closes nothing'],
  ['$x = 5\n', '1:7 a `;` is missing here'],
  ["$x = array('a, 'b');\n", '1:12 the quotes of this string do not match'],
  ["$x = 'a;\n", '1:6 the quotes of this string do not match'],
  ['$x = "a;\n', '1:6 the quotes of this string do not match'],
  ["$x = a';\n", '1:7 the quotes of this string do not match'],
  ['return;\n', '1:1 the script ends here and nothing behind it counts: remove this or what follows'],
])('%j is a mistake, and what follows is read', (code, mistake) => {
  const { value, mistakes } = read(`${code}$productThrottling = array('a' => "b");`);
  expect(mistakes).toEqual([mistake]);
  expect(value).toEqual([['a', 'b']]);
});

test('code that never ends is a mistake', () => {
  expect(read('$productThrottling = 1; if (a) { b();').mistakes).toEqual(['1:32 this bracket is never closed']);
  expect(read('$productThrottling = 1; f()').mistakes).toEqual(['1:25 this statement has no `;` at its end']);
  expect(read('$productThrottling = 1; $x = <<<A\nb').mistakes).toEqual([
    '1:30 this is never closed and takes in the rest of the file',
  ]);
});
