import type {
  ClientKey,
  Configuration,
  EmergencyStop,
  FileHost,
  GlobalThrottle,
  Pin,
  Population,
  Release,
  Rule,
  Throttle,
  ThrottleException,
  UpdateSettings,
  Versioned,
} from 'sluice';
import { emptyConfiguration } from 'sluice';
import type { KindName } from '../kind.ts';
import type { ClientKeyBody } from '../kinds/client-key.ts';
import type { ReleaseBody } from '../kinds/release.ts';
import type { RuleBody } from '../kinds/rule.ts';
import { toShare } from '../kinds/share.ts';
import { Problem } from '../problem.ts';
import type { StoredObject } from '../store.ts';

/**
 * Turns what the store holds into what the engine reads. For the very same object it answers the very same thing again,
 * by which the engine knows what has not changed.
 *
 * @throws Problem `store-corrupt` naming the object and the field that is not what it must be.
 */
export function toConfiguration(revision: number, objects: Iterable<StoredObject>): Configuration {
  const byKind = new Map<KindName, StoredObject[]>();
  for (const object of objects) {
    const list = byKind.get(object.kind);
    if (list === undefined) byKind.set(object.kind, [object]);
    else list.push(object);
  }
  const all = <T>(kind: KindName, read: (object: StoredObject) => T): readonly T[] => byKind.get(kind)?.map(read) ?? [];
  return {
    revision,
    rules: all('rule', toRule),
    releases: all('release', toRelease),
    throttles: all('throttle', toPlain<Throttle>),
    throttleExceptions: all('throttle-exception', toPlain<ThrottleException>),
    globalThrottle: all('global-throttle', toPlain<GlobalThrottle>)[0],
    emergencyStops: all('emergency-stop', toStop),
    pins: all('pin', toPlain<Pin>),
    fileHosts: all('file-host', toPlain<FileHost>),
    populations: all('population', toPlain<Population>),
    clientKeys: all('client-key', toClientKey),
    settings: all('settings', toPlain<UpdateSettings>)[0]?.value ?? emptyConfiguration.settings,
  };
}

/** Reads each object once. */
function once<T>(read: (object: StoredObject) => T): (object: StoredObject) => T {
  const known = new WeakMap<StoredObject, T>();
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    const made = read(object);
    known.set(object, made);
    return made;
  };
}

/** The store's form is the engine's. */
const readPlain = once((object) => ({ version: object.version, value: bodyOf<object>(object) }));

function toPlain<T extends object>(object: StoredObject): Versioned<T> {
  return readPlain(object) as Versioned<T>;
}

const toStop = once((object) => ({ name: object.name, ...toPlain<EmergencyStop>(object) }));

const toClientKey = once((object): Versioned<ClientKey> => {
  const { product, channels, perMinute } = bodyOf<ClientKeyBody>(object);
  if (typeof perMinute !== 'number') throw unreadable(object, 'perMinute', 'no number');
  if (channels !== undefined && !Array.isArray(channels)) throw unreadable(object, 'channels', 'no list');
  return {
    version: object.version,
    value: { key: object.name, product, perMinute, ...(channels !== undefined && { channels }) },
  };
});

const toRule = once((object): Versioned<Rule> => {
  const body = bodyOf<RuleBody & { readonly salt: string }>(object);
  const kind: unknown = body.share?.kind;
  if (kind !== 'percent' && kind !== 'ramp') throw unreadable(object, 'share.kind', 'neither percent nor ramp');
  if (body.share.kind === 'ramp' && !Array.isArray(body.share.points))
    throw unreadable(object, 'share.points', 'no list');
  const id = Number(object.name);
  if (!Number.isSafeInteger(id)) throw unreadable(object, 'name', 'no number');
  return { version: object.version, value: { ...body, id, share: toShare(body.share) } as Rule };
});

const toRelease = once((object): Versioned<Release> => {
  const { product, blob } = bodyOf<ReleaseBody>(object);
  if (typeof blob?.schema_version !== 'number') throw unreadable(object, 'blob.schema_version', 'no number');
  return { version: object.version, value: { name: object.name, product, blob } };
});

function bodyOf<T extends object>(object: StoredObject): T {
  const { body } = object;
  if (typeof body !== 'object' || body === null) throw unreadable(object, 'body', 'no object');
  return body as T;
}

function unreadable({ kind, name, version }: StoredObject, field: string, what: string): Problem {
  return new Problem('store-corrupt', `${kind} ${name} in version ${version}: ${field} is ${what}`);
}
