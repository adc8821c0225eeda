import type { ImportedObject } from '../../importer.ts';
import type { Findings } from './findings.ts';
import type { ArrayLiteral, Entry, Literal } from './literal.ts';
import type { ReadConfig } from './read-config.ts';
import { visible } from './reading.ts';

/** The most characters of a name. Longer ones are slips of the keyboard. */
const longest = { product: 100, version: 75, channel: 75 } as const;

/** The objects that a configuration describes, in its order; values that make no sense go to the findings. */
export function throttleObjects(config: ReadConfig, findings: Findings): readonly ImportedObject[] {
  return [
    ...throttles(config.variables.get('productThrottling'), findings),
    ...exceptions(config.variables.get('throttleExceptions'), findings),
    globalThrottle(config, findings),
  ];
}

function throttles(products: Literal | undefined, findings: Findings): ImportedObject[] {
  const objects: ImportedObject[] = [];
  for (const ofProduct of entriesOf(products, '$productThrottling', findings)) {
    const product = ofProduct.key;
    checkName('product', ofProduct, findings);
    for (const ofVersion of entriesOf(ofProduct.value, `the product '${visible(product)}'`, findings)) {
      const version = ofVersion.key;
      checkName('version', ofVersion, findings);
      const percent = readPercent(ofVersion.value, findings);
      const at = findings.place(ofVersion.at);
      objects.push({ kind: 'throttle', name: `${product}/${version}`, body: { product, version, percent }, at });
    }
  }
  return objects;
}

function exceptions(versions: Literal | undefined, findings: Findings): ImportedObject[] {
  const objects: ImportedObject[] = [];
  for (const entry of entriesOf(versions, '$throttleExceptions', findings)) {
    const version = entry.key;
    checkName('version', entry, findings);
    const channels = readChannels(entry.value, findings);
    const at = findings.place(entry.at);
    objects.push({ kind: 'throttle-exception', name: version, body: { version, channels }, at });
  }
  return objects;
}

function globalThrottle({ constants }: ReadConfig, findings: Findings): ImportedObject {
  const on = constants.get('THROTTLE_GLOBAL');
  const level = constants.get('THROTTLE_LEVEL');
  const body = {
    on: on === undefined ? false : readSwitch(on, findings),
    percent: level === undefined ? 100 : readPercent(level, findings),
  };
  return { kind: 'global-throttle', name: 'global', body, at: findings.place(on?.at ?? level?.at ?? 0) };
}

/** The entries of an array whose keys are names; a value without a key is one where `=>` is missing. */
function entriesOf(literal: Literal | undefined, what: string, findings: Findings): readonly Entry[] {
  const array = literal === undefined ? undefined : asArray(literal, what, findings);
  return [...(array?.entries.values() ?? [])].filter((entry) => {
    if (entry.keyWritten) return true;
    if (entry.value.kind !== 'unread')
      findings.mistake(entry.at, `a name and \`=>\` are missing before this value of ${what}`);
    return false;
  });
}

function asArray(literal: Literal, what: string, findings: Findings): ArrayLiteral | undefined {
  if (literal.kind === 'array') return literal;
  if (literal.kind !== 'unread') findings.mistake(literal.at, `${what} must be an array`);
  return undefined;
}

type Named = Pick<Entry, 'key' | 'at'>;

function checkName(what: keyof typeof longest, { key, at }: Named, findings: Findings): void {
  if (key.trim() === '') findings.mistake(at, `a ${what} is empty`);
  else if (key.length > longest[what]) findings.mistake(at, `a ${what} is longer than ${longest[what]} characters`);
  // Names are parts of update URLs, and `PRODUCT/VERSION` must not be ambiguous.
  else if (/[/\p{Cc}\p{Cs}]/u.test(key)) findings.mistake(at, `a ${what} may not hold a slash or control characters`);
}

function readChannels(literal: Literal, findings: Findings): readonly string[] {
  const channels = new Set<string>();
  const list = asArray(literal, 'the channels of a version', findings);
  for (const { value, keyWritten, integerKey, at } of list?.entries.values() ?? []) {
    if (value.kind === 'unread') continue;
    if (keyWritten && !integerKey)
      findings.mistake(at, 'the channels of a version are a list, without names before them');
    else if (value.kind !== 'string') findings.mistake(value.at, 'a channel must be a text in quotes');
    else {
      const channel = value.value;
      checkName('channel', { key: channel, at: value.at }, findings);
      if (channels.has(channel)) findings.warning(value.at, `the channel '${visible(channel)}' stands here twice`);
      else if (channel.includes('*'))
        findings.warning(value.at, '`*` is any text to AUS2, and only itself here: list the channels');
      channels.add(channel);
    }
  }
  return [...channels];
}

/** PHP reads '25' as 25; a fraction would be compared with whole numbers there, which nobody means. */
function readPercent(literal: Literal, findings: Findings): number {
  if (literal.kind === 'unread') return 0;
  if (literal.kind === 'array')
    findings.mistake(literal.at, 'percentages by channel cannot be imported: give the version one');
  const written = literal.kind === 'integer' || literal.kind === 'string' ? String(literal.value) : '';
  const percent = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  if (percent <= 100) return percent;
  findings.mistake(literal.at, 'a percentage must be a whole number from 0 to 100');
  return 0;
}

function readSwitch(literal: Literal, findings: Findings): boolean {
  if (literal.kind === 'boolean') return literal.value;
  if (literal.kind === 'integer' && (literal.value === 0n || literal.value === 1n)) return literal.value === 1n;
  if (literal.kind !== 'unread') findings.mistake(literal.at, 'THROTTLE_GLOBAL must be true or false');
  return false;
}
