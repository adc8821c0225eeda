import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ConfigSources, configSchema, configSettings, loadConfig } from './config.ts';
import type { Face } from './face.ts';
import { limitsSettings } from './http/limits.ts';
import { Problem } from './problem.ts';

const face = (name: string, settings: z.ZodType): Face => ({ name, summary: '', settings, open: () => expect.fail() });
const key = z.strictObject({ keyFile: z.string().describe('A key.'), x5u: z.url().describe('Its chain.') });
/** Two faces, one of which has settings. */
const faces: readonly Face[] = [
  face(
    'aus',
    z.strictObject({
      strictQuery: z.boolean().default(false).describe('Whether it is strict.'),
      maxAgeSeconds: z.int().min(0).default(90).describe('How long.'),
      contentSignature: key.optional(),
    }),
  ),
  face('dockerflow', z.strictObject({})),
];

let folder: string;
let before: string;
beforeAll(() => {
  // Without a file in it, so that none is read unless it is named.
  folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  before = process.cwd();
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

function fileWith(text: string, name = 'named.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function load(sources: Partial<ConfigSources> = {}) {
  return loadConfig({ faces, environment: {}, ...sources });
}

function problemOf(sources: Partial<ConfigSources>): Problem {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the configuration was taken');
}

const defaults = {
  data: './data',
  public: { host: '127.0.0.1', port: 8080 },
  limits: limitsSettings.parse({}),
  trustedProxies: [],
  forwardedHeader: 'x-forwarded-for',
  admin: { host: '127.0.0.1', port: 8081 },
  dns: { host: '127.0.0.1', port: 5300 },
  followMs: 100,
  workers: 0,
  drainMs: 2000,
  releaseMemoryMb: 64,
  previewLines: 10_000,
  keepCountsDays: 90,
  keepReadingsDays: 30,
  keepNoticesDays: 90,
  counters: { binSeconds: 60, flushMs: 10_000 },
  agent: { inside: true, listen: 'off', passMs: 1000, ownEveryMs: 5000, leaseSeconds: 5 },
  edge: { tokens: [], everyMs: 1000 },
  api: { perSecond: 50, burst: 500 },
  signIn: { sessionHours: 12, idleMinutes: 120 },
  outside: { allow: [], http: false },
  secrets: {},
  log: { level: 'info', addresses: false },
  faces: { aus: { strictQuery: false, maxAgeSeconds: 90 }, dockerflow: {} },
  url: 'http://127.0.0.1:8081',
};

describe('without a word', () => {
  test('everything has its default', () => {
    expect(load()).toEqual({ config: defaults, warnings: [], file: undefined });
  });

  test('an empty file says nothing', () => {
    for (const text of ['', '# nothing\n', '{}', 'null'])
      expect(load({ file: fileWith(text) }).config).toEqual(defaults);
  });
});

describe('what counts more', () => {
  const file = 'data: file\ndatabaseUrl: sqlite:file\npublic: 127.0.0.1:1\nlog: { level: error }\nfollowMs: 11\n';
  const environment = {
    SLUICE_DATA: 'variable',
    SLUICE_PUBLIC: '127.0.0.1:2',
    SLUICE_LOG_LEVEL: 'warn',
    DATABASE_URL: 'sqlite:url',
  };
  const options = { data: 'option', public: '127.0.0.1:3', admin: undefined };
  const set = ['data=first', 'data=set'];

  test('is --set before flags before the environment before the file before the default', () => {
    const given: Partial<ConfigSources>[] = [{}, { file: fileWith(file) }, { environment }, { options }, { set }];
    const dataWith = (count: number) => load(Object.assign({}, ...given.slice(0, count))).config.data;
    expect([1, 2, 3, 4, 5].map(dataWith)).toEqual(['./data', 'file', 'variable', 'option', 'set']);
    expect(load({ file: fileWith(file), environment, options, set }).config).toEqual({
      ...defaults,
      data: 'set',
      databaseUrl: 'sqlite:url',
      public: { host: '127.0.0.1', port: 3 },
      log: { level: 'warn', addresses: false },
      followMs: 11,
    });
  });

  test('is SLUICE_DATABASE_URL before DATABASE_URL before a file', () => {
    const named = fileWith('databaseUrl: sqlite:file');
    const urls = { DATABASE_URL: 'sqlite:one', SLUICE_DATABASE_URL: 'sqlite:two' };
    expect(load({ file: named }).config.databaseUrl).toBe('sqlite:file');
    expect(load({ file: named, environment: { DATABASE_URL: urls.DATABASE_URL } }).config.databaseUrl).toBe(
      'sqlite:one',
    );
    expect(load({ file: named, environment: urls }).config.databaseUrl).toBe('sqlite:two');
  });

  test('is put together setting by setting', () => {
    const sources = {
      file: fileWith('faces: { aus: { strictQuery: true, maxAgeSeconds: 1 } }'),
      environment: { SLUICE_FACES_AUS_MAX_AGE_SECONDS: '2' },
      set: ['faces.aus.contentSignature={"keyFile":"k","x5u":"https://keys.example.org/"}'],
    };
    expect(load(sources).config.faces['aus']).toEqual({
      strictQuery: true,
      maxAgeSeconds: 2,
      contentSignature: { keyFile: 'k', x5u: 'https://keys.example.org/' },
    });
  });
});

describe('a value', () => {
  test('is JSON, or else a text', () => {
    const set = [
      'faces.aus.strictQuery=true',
      'followMs=20',
      'data=a=b',
      'log={"level":"silent"}',
      'databaseUrl="2026"',
    ];
    expect(load({ set }).config).toMatchObject({
      followMs: 20,
      data: 'a=b',
      log: { level: 'silent' },
      databaseUrl: '2026',
    });
    expect(load({ environment: { SLUICE_ADMIN: 'off', SLUICE_DNS: 'false' } }).config).toMatchObject({
      admin: 'off',
      dns: 'off',
    });
  });

  test.each(['127.0.0.1:9000', '[::1]:0', 'localhost:65535'])('may be the address %s', (text) => {
    const { config } = load({ options: { public: text }, set: [`dns=${text}`], environment: { SLUICE_ADMIN: text } });
    expect(config.dns).toEqual(config.public);
    expect(config.admin).toEqual(config.public);
  });

  test('of a flag is a text where one is wanted, whatever it looks like', () => {
    expect(load({ options: { data: '2026', workers: '2' } }).config).toMatchObject({ data: '2026', workers: 2 });
    expect(load({ environment: { SLUICE_DATA: '"2026"' } }).config.data).toBe('2026');
  });
});

describe('the file', () => {
  test('may be JSON or YAML, and is found by its name in the working folder, YAML first', () => {
    fileWith('{"data":"json"}', 'sluice.json');
    expect(load().config.data).toBe('json');
    fileWith('data: yml', 'sluice.yml');
    expect(load().config.data).toBe('yml');
    fileWith('data: yaml', 'sluice.yaml');
    expect(load().config.data).toBe('yaml');
    expect(load({ file: fileWith('followMs: 10') }).config).toMatchObject({ data: './data', followMs: 10 });
    for (const name of ['sluice.json', 'sluice.yml', 'sluice.yaml']) rmSync(join(folder, name));
  });

  test.each([
    ['is not there', undefined, /ENOENT.*named\.yaml/],
    ['is no YAML', 'data: [', /named\.yaml:1:8: /],
    ['is a list', '- data', /named\.yaml is no mapping/],
    ['is a text', 'data', /named\.yaml is no mapping/],
  ])('that %s is refused by its name', (_, text, detail) => {
    const file = join(folder, 'named.yaml');
    rmSync(file, { force: true });
    if (text !== undefined) fileWith(text);
    expect(problemOf({ file })).toMatchObject({ code: 'invalid-config', detail: expect.stringMatching(detail) });
  });
});

describe('mistakes', () => {
  test('are all told, each with its place', () => {
    const file = fileWith(
      'dta: x\nlog: { level: loud, format: json }\nfaces: { aus: { maxAgeSeconds: -1 }, ofrep: {} }\n',
    );
    const problem = problemOf({
      file,
      environment: { SLUICE_FOLLOW_MS: 'often' },
      options: { public: 'localhost', data: '' },
      set: ['admin=127.0.0.1:99999', 'dns=on'],
    });
    expect(problem.code).toBe('invalid-config');
    const messages = new Map(problem.mistakes.map(({ at, message }) => [at, message]));
    const unknown = ['dta', 'faces.ofrep', 'log.format'];
    const wrong = ['admin', 'data', 'dns', 'faces.aus.maxAgeSeconds', 'followMs', 'log.level', 'public'];
    expect([...messages.keys()].sort()).toEqual([...wrong, ...unknown].sort());
    const address = 'HOST:PORT, such as 127.0.0.1:8080 or [::1]:0';
    expect(messages.get('public')).toBe(`an address is ${address}`);
    expect([messages.get('admin'), messages.get('dns')]).toEqual(Array(2).fill(`off, or an address: ${address}`));
    for (const at of unknown) expect(messages.get(at)).toBe('there is no such field');
    expect(problem.detail).toBe('10 mistakes');
  });

  test.each([
    [{ set: ['followMs=9'] }, 'followMs'],
    [{ set: ['followMs=60001'] }, 'followMs'],
    [{ set: ['public=off'] }, 'public'],
    [{ set: ['data=1'] }, 'data'],
    [{ set: ['databaseUrl='] }, 'databaseUrl'],
    [{ set: ['log.level.deep=1'] }, 'log.level'],
    [{ set: ['limits.urlLength=1'] }, 'limits.urlLength'],
    [{ set: ['limits.headersTimeoutMs=40000'] }, 'limits.headersTimeoutMs'],
    [{ set: ['tls.certFile=cert.pem'] }, 'tls.keyFile'],
    [{ set: ['trustedProxies=["10.0.0.0/8","10.0.0.0/40"]'] }, 'trustedProxies[1]'],
    [{ set: ['publicUrl=updates.example.org'] }, 'publicUrl'],
    [{ set: ['faces.aus=true'] }, 'faces.aus'],
    [{ set: ['faces.aus.contentSignature.keyFile=k'] }, 'faces.aus.contentSignature.x5u'],
  ])('%j stands at %s', (sources, at) => {
    const problem = problemOf(sources);
    expect(problem.mistakes.map((mistake) => mistake.at)).toEqual([at]);
    expect(problem.detail.startsWith(`${at}: `), problem.detail).toBe(true);
  });

  test.each(['data', '', '=', '=x'])('--set %j is not understood', (assignment) => {
    expect(problemOf({ set: [assignment] })).toMatchObject({
      code: 'usage',
      detail: `--set takes path=value, not ${assignment}`,
    });
  });

  test('reach nothing outside the configuration', () => {
    for (const path of ['__proto__.polluted', 'constructor.prototype.polluted', 'faces.__proto__.polluted']) {
      expect(problemOf({ set: [`${path}=1`] }).code).toBe('invalid-config');
    }
    expect('polluted' in {}).toBe(false);
  });
});

describe('the environment', () => {
  test('may hold variables that nobody reads, of which ours are warned about', () => {
    const environment = {
      SLUICE_DTA: 'x',
      SLUICE_: 'y',
      SLUICE_FACES_OFREP_ON: 'true',
      SLUICE_DATA: undefined,
      HOME: '/',
      sluice_data: 'z',
    };
    expect(load({ environment })).toEqual({
      config: defaults,
      warnings: ['SLUICE_DTA', 'SLUICE_', 'SLUICE_FACES_OFREP_ON'].map((at) => ({
        at,
        message: 'no setting is called so',
      })),
      file: undefined,
    });
  });

  test('is that of the process where none is given', () => {
    process.env['SLUICE_FOLLOW_MS'] = '77';
    try {
      expect(loadConfig({ faces }).config.followMs).toBe(77);
    } finally {
      delete process.env['SLUICE_FOLLOW_MS'];
    }
  });

  test('can say every setting there is', () => {
    const settings = configSettings(configSchema(faces));
    expect(settings.map(({ variable }) => variable)).toEqual([
      'SLUICE_DATA',
      'SLUICE_DATABASE_URL',
      'SLUICE_PUBLIC',
      'SLUICE_PUBLIC_URL',
      'SLUICE_TLS_CERT_FILE',
      'SLUICE_TLS_KEY_FILE',
      'SLUICE_TLS_MIN_VERSION',
      'SLUICE_LIMITS_HEADER_BYTES',
      'SLUICE_LIMITS_HEADER_COUNT',
      'SLUICE_LIMITS_URL_LENGTH',
      'SLUICE_LIMITS_HEADERS_TIMEOUT_MS',
      'SLUICE_LIMITS_REQUEST_TIMEOUT_MS',
      'SLUICE_LIMITS_ANSWER_TIMEOUT_MS',
      'SLUICE_LIMITS_KEEP_ALIVE_MS',
      'SLUICE_LIMITS_CONNECTIONS',
      'SLUICE_LIMITS_CONNECTIONS_PER_ADDRESS',
      'SLUICE_LIMITS_REQUESTS_PER_CONNECTION',
      'SLUICE_LIMITS_REQUESTS_PER_SECOND',
      'SLUICE_LIMITS_REQUEST_BURST',
      'SLUICE_TRUSTED_PROXIES',
      'SLUICE_FORWARDED_HEADER',
      'SLUICE_ADMIN',
      'SLUICE_ADMIN_TOKEN',
      'SLUICE_URL',
      'SLUICE_TOKEN',
      'SLUICE_DNS',
      'SLUICE_FOLLOW_MS',
      'SLUICE_WORKERS',
      'SLUICE_DRAIN_MS',
      'SLUICE_RELEASE_MEMORY_MB',
      'SLUICE_PREVIEW_LINES',
      'SLUICE_KEEP_AUDIT_DAYS',
      'SLUICE_KEEP_COUNTS_DAYS',
      'SLUICE_KEEP_READINGS_DAYS',
      'SLUICE_KEEP_NOTICES_DAYS',
      'SLUICE_COUNTERS_BIN_SECONDS',
      'SLUICE_COUNTERS_FLUSH_MS',
      'SLUICE_EDGE_TOKENS',
      'SLUICE_EDGE_SIGNING_KEY_FILE',
      'SLUICE_EDGE_FROM',
      'SLUICE_EDGE_TOKEN',
      'SLUICE_EDGE_PUBLIC_KEY',
      'SLUICE_EDGE_EVERY_MS',
      'SLUICE_SIGN_IN_ADMIN_URL',
      'SLUICE_SIGN_IN_SESSION_HOURS',
      'SLUICE_SIGN_IN_IDLE_MINUTES',
      'SLUICE_SIGN_IN_OIDC_ISSUER',
      'SLUICE_SIGN_IN_OIDC_CLIENT_ID',
      'SLUICE_SIGN_IN_OIDC_CLIENT_SECRET',
      'SLUICE_SIGN_IN_OIDC_CLIENT_SECRET_FILE',
      'SLUICE_SIGN_IN_OIDC_SCOPES',
      'SLUICE_SIGN_IN_OIDC_CLAIM',
      'SLUICE_SIGN_IN_OIDC_REQUIRE_VERIFIED_EMAIL',
      'SLUICE_INSTANCE',
      'SLUICE_MAIL_HOST',
      'SLUICE_MAIL_PORT',
      'SLUICE_MAIL_TLS',
      'SLUICE_MAIL_CA_FILE',
      'SLUICE_MAIL_USER',
      'SLUICE_MAIL_PASSWORD_FILE',
      'SLUICE_MAIL_FROM',
      'SLUICE_MAIL_REPLY_TO',
      'SLUICE_MAIL_LIST_ID',
      'SLUICE_MAIL_PERSONAL_LINKS',
      'SLUICE_MAIL_TIMEOUT_SECONDS',
      'SLUICE_API_PER_SECOND',
      'SLUICE_API_BURST',
      'SLUICE_AGENT_INSIDE',
      'SLUICE_AGENT_LISTEN',
      'SLUICE_AGENT_PASS_MS',
      'SLUICE_AGENT_OWN_EVERY_MS',
      'SLUICE_AGENT_LEASE_SECONDS',
      'SLUICE_OUTSIDE_ALLOW',
      'SLUICE_OUTSIDE_HTTP',
      'SLUICE_OUTSIDE_CA_FILE',
      'SLUICE_SECRETS',
      'SLUICE_LOG_LEVEL',
      'SLUICE_LOG_ADDRESSES',
      'SLUICE_FACES_AUS_STRICT_QUERY',
      'SLUICE_FACES_AUS_MAX_AGE_SECONDS',
      'SLUICE_FACES_AUS_CONTENT_SIGNATURE_KEY_FILE',
      'SLUICE_FACES_AUS_CONTENT_SIGNATURE_X5U',
    ]);
    for (const { description, type } of settings) expect([description, type]).not.toContain('');
    expect(settings.find(({ path }) => path.join('.') === 'log.level')).toMatchObject({
      type: 'fatal | error | warn | info | debug | trace | silent',
      defaultValue: 'info',
    });
  });
});

test('the configuration is frozen through and through', () => {
  const { config } = load({ options: { public: '127.0.0.1:0' } });
  for (const part of [config, config.public, config.log, config.faces, config.faces['aus']]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});
