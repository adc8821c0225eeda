import type { Request } from 'sluice';
import { describe, expect, test } from 'vitest';
import { aRequest } from './answer.fixture.ts';
import { parse, type Question } from './parse.ts';

const P = 'Firefox/140.0/20260101000000/Linux_x86_64-gcc3/de/release';
const os = 'Linux%206.1';

interface Asked {
  readonly userAgent?: string;
  readonly strictQuery?: boolean;
}

function ask(url: string, { userAgent, strictQuery = false }: Asked = {}): Question {
  return parse(url, userAgent, { strictQuery });
}

function requestOf(url: string, asked?: Asked): Request {
  const question = ask(url, asked);
  if (question.kind !== 'question') throw new Error(`${url} is ${question.kind}`);
  return question.request;
}

const common: Partial<Request> = {
  product: 'Firefox',
  version: '140.0',
  buildId: '20260101000000',
  platform: 'Linux_x86_64-gcc3',
  locale: 'de',
  channel: 'release',
};
const system = { osVersion: 'Linux 6.1' };
const distribution = { distribution: 'acme', distributionVersion: '1.2' };
const bare = { osVersion: '', distribution: '', distributionVersion: undefined };

describe('each version of the update URL', () => {
  test.each<[string, Partial<Request>]>([
    [`/update/1/${P}/update.xml`, bare],
    [`/update/2/${P}/${os}/update.xml`, { ...bare, ...system }],
    [`/update/3/${P}/${os}/acme/1.2/update.xml`, { ...system, ...distribution }],
    [`/update/4/${P}/${os}/acme/1.2/140.0/update.xml`, { ...system, ...distribution }],
    [`/update/5/${P}/${os}/acme/1.2/imei/update.xml`, { ...system, ...distribution }],
    [
      `/update/6/${P}/${os}/ISET:SSE4_2,MEM:8192,JAWS:1/acme/1.2/update.xml`,
      { ...system, ...distribution, instructionSet: 'SSE4_2', memoryMb: 8192, jaws: true },
    ],
    [
      `/update/6/${P}/${os}/SSE3,512/acme/1.2/update.xml`,
      { ...system, ...distribution, instructionSet: 'SSE3', memoryMb: 512 },
    ],
    [
      '/json/1/Firefox/140.0/Linux_x86_64-gcc3/release/update.json',
      { ...bare, buildId: '', locale: '', architecture: undefined },
    ],
    [
      `/json/2/Firefox/140.0/Linux_x86_64-gcc3/release/${os}/update.json`,
      { ...bare, ...system, buildId: '', locale: '', architecture: undefined },
    ],
  ])('%s says what it says, and nothing else', (url, said) => {
    expect(requestOf(url)).toEqual(aRequest({ ...common, ...said }));
  });

  test.each([
    '/update',
    '/update/',
    '/updates.xml',
    '/update/0/x/update.xml',
    `/update/7/${P}/update.xml`,
    `/update/01/${P}/update.xml`,
    `/update/x/${P}/update.xml`,
    `/update//${P}/update.xml`,
    `/update/1/${P}/update.json`,
    `/update/1/${P}/update.xml/`,
    `/update/1/${P}/more/update.xml`,
    `/update/1/${P}`,
    `/update/2/${P}/update.xml`,
    `/update/1/${P.replace('de', '')}/update.xml`,
    `/update/3/${P}/${os}//1.2/update.xml`,
    `/update/1/${P}%2Fupdate.xml`,
    '/update/constructor/update.xml',
    '/update/__proto__/update.xml',
  ])('%s is no update URL, and gets the empty answer', (url) => {
    expect(ask(url)).toEqual({ kind: 'no-route' });
    expect(ask(`${url}?force=1`)).toEqual({ kind: 'no-route' });
  });

  test.each([
    '',
    '/',
    '*',
    '/json/1/a/b/c/update.json',
    '/json/3/a/b/c/d/update.json',
    '/Update/1',
    'update/1',
    '//update/1',
    '/%75pdate/1',
    '/x?/update/1',
  ])('%j is not for this face', (url) => {
    expect(ask(url)).toEqual({ kind: 'foreign' });
  });
});

describe('the fields of a path', () => {
  const at = (part: Partial<Record<'product' | 'version' | 'locale' | 'channel' | 'os' | 'dist', string>>): string => {
    const {
      product = 'Firefox',
      version = '140.0',
      locale = 'de',
      channel = 'release',
      os: system = 'os',
      dist = 'd',
    } = part;
    return `/update/3/${product}/${version}/1/Linux/${locale}/${channel}/${system}/${dist}/1/update.xml`;
  };

  test('are decoded after they were cut apart', () => {
    expect(requestOf(at({ channel: 'a%2Fb', dist: '%2F%2f' }))).toMatchObject({ channel: 'a/b', distribution: '//' });
    expect(requestOf(at({ dist: 'a+b%3Fc%26' }))).toMatchObject({ distribution: 'a+b?c&' });
    expect(requestOf(at({ dist: '%zz' }))).toMatchObject({ distribution: '%zz' });
    expect(requestOf(at({ dist: '%00' }))).toMatchObject({ distribution: '\0' });
  });

  test('have a question mark for what is outside ASCII, encoded or not', () => {
    expect(requestOf(at({ dist: 'caf%C3%A9', locale: 'd%ff' }))).toMatchObject({ distribution: 'caf?', locale: 'd?' });
    expect(requestOf(at({ dist: 'caf\u00e9', channel: '\ud83d\ude00' }))).toMatchObject({
      distribution: 'caf?',
      channel: '?',
    });
  });

  test('are all there when the first of them holds something raw from outside ASCII', () => {
    expect(requestOf(`${at({ product: 'Fir\u00e9fox' })}?force=1`)).toMatchObject({
      product: 'Fir?fox',
      channel: 'release',
      forced: 'main',
    });
  });

  test('may hold a system that was encoded twice, which no other field may', () => {
    expect(requestOf(at({ os: 'Windows_NT%252010.0%2520%2528x64%2529' })).osVersion).toBe('Windows_NT 10.0 (x64)');
    expect(requestOf(at({ os: 'Windows_NT%2010.0' })).osVersion).toBe('Windows_NT 10.0');
    expect(requestOf(at({ os: '100%25' })).osVersion).toBe('100%');
    expect(requestOf(at({ os: '%25C3%25A9' })).osVersion).toBe('?');
    expect(requestOf(at({ dist: 'a%2520b' })).distribution).toBe('a%20b');
  });

  test('lose what Avast puts before the locale', () => {
    expect(requestOf(at({ locale: 'x86%20de' })).locale).toBe('de');
    expect(requestOf(at({ locale: 'x86%20x86%20de' })).locale).toBe('de');
    expect(requestOf(at({ locale: 'x86' })).locale).toBe('x86');
  });

  test('lose the esrpre of a version, in the third version of the URL only', () => {
    expect(requestOf(at({ version: '60.0esrpre' })).version).toBe('60.0');
    expect(requestOf(at({ version: 'esrpre' })).version).toBe('');
    expect(requestOf(at({ version: '60.0esr' })).version).toBe('60.0esr');
    expect(requestOf(at({ version: '60.0esrpreX' })).version).toBe('60.0esrpreX');
    const { version } = requestOf(`/update/4/${P.replace('140.0', '60.0esrpre')}/${os}/acme/1.2/1/update.xml`);
    expect(version).toBe('60.0esrpre');
  });
});

describe('the architecture', () => {
  const url = (platform: string) => `/update/1/Firefox/3.6/1/${platform}/de/release/update.xml`;

  test.each([
    ['Darwin_Universal-gcc3', 'Mozilla/5.0 (Macintosh; PPC Mac OS X)', 'PPC'],
    ['Darwin_Universal-gcc3', 'Mozilla/5.0 (Macintosh; Intel Mac OS X)', 'Intel'],
    ['Darwin_Universal-gcc3', undefined, 'Intel'],
    ['Linux_ppc-gcc3', 'Mozilla/5.0 (PPC)', 'Intel'],
    ['xDarwin', 'PPC', 'Intel'],
  ])('of %s with %j is %s', (platform, userAgent, architecture) => {
    expect(requestOf(url(platform), userAgent === undefined ? {} : { userAgent }).architecture).toBe(architecture);
  });

  test('is not known where JSON is asked for', () => {
    const json = '/json/1/VPN/2.0/Darwin/release/update.json';
    expect(requestOf(json, { userAgent: 'PPC' }).architecture).toBeUndefined();
  });
});

describe('the query', () => {
  const url = `/update/3/${P}/${os}/acme/1.2/update.xml`;

  test.each([
    ['', 'no'],
    ['?', 'no'],
    ['?force=1', 'main'],
    ['?force=-1', 'fallback'],
    ['?force=0', 'no'],
    ['?force=', 'no'],
    ['?force', 'no'],
    ['?force=2', 'no'],
    ['?force=%31', 'main'],
    ['?f%6Frce=1', 'main'],
    ['?force=1&force=-1', 'fallback'],
    ['?force=1?avast=1', 'main'],
    ['?force=1%3Favast=1', 'main'],
    ['?force=1%253Favast=1', 'main'],
    ['?force=-1?avast=1', 'fallback'],
    ['?force=?avast=1', 'no'],
    ['?force=1avast', 'no'],
    ['?force=1?other=1', 'no'],
    ['?avast=1', 'no'],
    ['?force=1&avast=1', 'main'],
    ['?&&force=1&', 'main'],
    ['?x=?force=1', 'no'],
  ])('%j forces %s', (query, forced) => {
    expect(requestOf(url + query).forced).toBe(forced);
  });

  test.each([
    ['', undefined],
    ['?mig64=1', true],
    ['?mig64=0', false],
    ['?mig64=', false],
    ['?mig64', false],
    ['?mig64=true', false],
  ])('%j asks for mig64 %s', (query, mig64) => {
    expect(requestOf(url + query).mig64).toBe(mig64);
  });

  test('may hold a pin, which must not be empty', () => {
    expect(requestOf(`${url}?pin=115.`).pin).toBe('115.');
    expect(requestOf(`${url}?pin=x%C3%A9+y`).pin).toBe('x? y');
    expect(requestOf(url).pin).toBeUndefined();
    for (const query of ['?pin=', '?pin', '?force=1&pin=', '?pin=115.&pin=']) {
      expect(ask(url + query)).toEqual({ kind: 'bad', message: 'The query parameter pin must not be empty.' });
    }
  });

  test('may hold no pin in the second version of the URL, and force alone where JSON is asked for', () => {
    expect(requestOf(`/update/2/${P}/${os}/update.xml?pin=115.&force=1&mig64=1`)).toMatchObject({
      pin: undefined,
      forced: 'main',
      mig64: true,
    });
    expect(requestOf(`/update/2/${P}/${os}/update.xml?pin=`).pin).toBeUndefined();
    const json = requestOf('/json/1/VPN/2.0/Linux/release/update.json?force=-1&mig64=1&pin=1.');
    expect(json).toMatchObject({ forced: 'fallback', mig64: undefined, pin: undefined });
  });

  test('may hold unknown parameters', () => {
    expect(requestOf(`${url}?utm_source=x&force=1&__proto__=1`)).toMatchObject({ forced: 'main' });
  });

  test.each([
    [`${url}?utm=1`, 'utm'],
    [`${url}?force=1&x%C3%A9<=1`, 'x?<'],
    [`${url}?pin=&x=1`, 'x'],
    [`/update/2/${P}/${os}/update.xml?pin=115.`, 'pin'],
    ['/json/1/VPN/2.0/Linux/release/update.json?mig64=1', 'mig64'],
  ])('of %s is refused for %s where queries are held to the letter', (asked, name) => {
    expect(ask(asked, { strictQuery: true })).toEqual({
      kind: 'bad',
      message: `The query parameter ${name} is not known.`,
    });
  });

  test('with all it may hold is taken where queries are held to the letter', () => {
    const question = ask(`${url}?force=1&mig64=1&avast=1&pin=115.`, { strictQuery: true });
    expect(question).toMatchObject({ kind: 'question', request: { forced: 'main', mig64: true, pin: '115.' } });
    expect(ask('/update/nothing?x=1', { strictQuery: true })).toEqual({ kind: 'no-route' });
  });
});
