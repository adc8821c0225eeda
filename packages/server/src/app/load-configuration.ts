import type {
  Configuration,
  EmergencyStop,
  FileHost,
  GlobalThrottle,
  Pin,
  Release,
  Rule,
  Throttle,
  ThrottleException,
  UpdateSettings,
  Versioned,
} from 'sluice';
import { emptyConfiguration } from 'sluice';
import type { KindName } from '../kind.ts';
import type { ReleaseBody } from '../kinds/release.ts';
import type { RuleBody } from '../kinds/rule.ts';
import { toShare } from '../kinds/share.ts';
import { Problem } from '../problem.ts';
import type { StoredObject } from '../store.ts';

/** Turns what the store holds into what the engine reads. */
export function toConfiguration(revision: number, objects: Iterable<StoredObject>): Configuration {
  const byKind = new Map<KindName, StoredObject[]>();
  for (const object of objects) {
    const list = byKind.get(object.kind);
    if (list === undefined) byKind.set(object.kind, [object]);
    else list.push(object);
  }
  const all = (kind: KindName): readonly StoredObject[] => byKind.get(kind) ?? [];
  return {
    revision,
    rules: all('rule').map(toRule),
    releases: all('release').map(toRelease),
    throttles: all('throttle').map(plain<Throttle>),
    throttleExceptions: all('throttle-exception').map(plain<ThrottleException>),
    globalThrottle: all('global-throttle').map(plain<GlobalThrottle>)[0],
    emergencyStops: all('emergency-stop').map((object) => ({ name: object.name, ...plain<EmergencyStop>(object) })),
    pins: all('pin').map(plain<Pin>),
    fileHosts: all('file-host').map(plain<FileHost>),
    settings: all('settings').map(plain<UpdateSettings>)[0]?.value ?? emptyConfiguration.settings,
  };
}

/** The store's form is the engine's. */
function plain<T>({ version, body }: StoredObject): Versioned<T> {
  return { version, value: body as T };
}

const rules = new WeakMap<StoredObject, Versioned<Rule>>();

function toRule(object: StoredObject): Versioned<Rule> {
  const known = rules.get(object);
  if (known !== undefined) return known;
  const body = object.body as RuleBody & { readonly salt: string };
  if (typeof body?.share?.kind !== 'string') {
    throw new Problem('store-corrupt', `rule ${object.name} in version ${object.version} is no rule`);
  }
  const made = { version: object.version, value: { ...body, id: Number(object.name), share: toShare(body.share) } };
  rules.set(object, made as Versioned<Rule>);
  return made as Versioned<Rule>;
}

function toRelease({ name, version, body }: StoredObject): Versioned<Release> {
  const { product, blob } = body as ReleaseBody;
  if (typeof blob?.schema_version !== 'number') {
    throw new Problem('store-corrupt', `release ${name} in version ${version} is no release`);
  }
  return { version, value: { name, product, blob } };
}
