import type { Kind, KindName } from '../../kind.ts';
import { kindNamed } from '../../kinds/index.ts';
import type { Mistake } from '../../problem.ts';
import type { ObjectName } from '../../store.ts';
import { markedFileName, objectFileName } from './object-path.ts';
import { readPlacedYaml } from './placed-yaml.ts';

/** An object as its file has it. */
export interface TreeObject extends ObjectName {
  /** As its kind settles it, with what may be left out. */
  readonly body: unknown;
  /** Below the folder: `rule/10.yaml`. */
  readonly path: string;
}

/** Reads the file of one object, as `sluice put` takes it, or says everything that is wrong with it. */
export function readObjectFile(
  path: string,
  kindName: KindName,
  source: string,
): TreeObject | { readonly mistakes: readonly Mistake[] } {
  const placed = readPlacedYaml(source, path);
  if (!('value' in placed)) return { mistakes: placed };
  const { value, at } = placed;
  const wrong = (where: readonly PropertyKey[], message: string) => ({ mistakes: [{ at: at(where), message }] });
  if (!isRecord(value)) return wrong([], 'an object is a mapping with a kind, a name and its fields');
  const { kind: said, name: named, ...body } = value;
  if (said !== kindName) {
    return wrong(['kind'], said === undefined ? 'kind is missing' : `the folder is that of the kind ${kindName}`);
  }
  if (typeof named !== 'string' && typeof named !== 'number') {
    return wrong(['name'], named === undefined ? 'name is missing' : 'a name is a text');
  }
  const name = String(named);
  const kind = kindNamed(kindName) as Kind;
  const parsed = kind.schema.safeParse(body);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.flatMap((issue): readonly Mistake[] => {
      const { code, message } = issue;
      if (code !== 'unrecognized_keys') return [{ at: at(issue.path), message: `${wordsOf(issue.path)}${message}` }];
      return issue.keys.map((key) => ({ at: at([...issue.path, key]), message: `${key}: there is no such field` }));
    });
    return { mistakes };
  }
  const rightName = kind.nameOf?.(parsed.data) ?? name;
  if (rightName !== name) return wrong(['name'], `its content says that it is called ${rightName}`);
  if (kind.namePattern?.test(name) === false) return wrong(['name'], kind.nameRule ?? 'it cannot be called so');
  const file = path.slice(path.indexOf('/') + 1);
  if (file !== objectFileName(name) && file !== markedFileName(name)) {
    return wrong(['name'], `the file of ${kindName} ${name} is called ${objectFileName(name)}`);
  }
  return { kind: kindName, name, body: parsed.data, path };
}

function wordsOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
