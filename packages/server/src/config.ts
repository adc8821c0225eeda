import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { agentSettings } from './agent-settings.ts';
import { apiSettings } from './api-settings.ts';
import { counterSettings } from './counter-settings.ts';
import { edgeSettings } from './edge-settings.ts';
import type { Face } from './face.ts';
import { address, addressOrOff } from './http/address-setting.ts';
import { tlsSettings } from './http/certificate.ts';
import { limitsSettings } from './http/limits.ts';
import { publicUrlSetting } from './http/public-url.ts';
import { trustedProxiesSetting } from './http/trusted-proxies.ts';
import { mailSettings } from './mail-settings.ts';
import { outsideSettings } from './outside-settings.ts';
import { mistakesOf } from './place.ts';
import { type Mistake, Problem, problemOf } from './problem.ts';
import { secretsSetting } from './secrets-setting.ts';
import { signInSettings } from './sign-in-settings.ts';
import { parseStructured } from './structured-text.ts';
import { tokenSetting } from './token-setting.ts';

const keptDays = (days: number, words: string) => z.int().min(1).max(36_500).default(days).describe(words);

/** The schema of the whole configuration, with the settings of the faces there are. */
export function configSchema(faces: readonly Face[]) {
  return z.strictObject({
    data: z.string().min(1).default('./data').describe('The folder of the embedded database.'),
    databaseUrl: z
      .string()
      .min(1)
      .optional()
      .describe('Where the database is, instead of the data folder. DATABASE_URL says the same.'),
    public: address.prefault('127.0.0.1:8080').describe('Where clients ask. Port 0 takes a free one.'),
    publicUrl: publicUrlSetting
      .optional()
      .describe('What clients call this server, when that is not the address: https://updates.example.org.'),
    tls: tlsSettings.optional(),
    limits: limitsSettings.prefault({}),
    trustedProxies: trustedProxiesSetting
      .default([])
      .describe('Addresses and networks of proxies that are believed when they say for whom they ask.'),
    forwardedHeader: z
      .enum(['x-forwarded-for', 'forwarded'])
      .default('x-forwarded-for')
      .describe('The header in which trusted proxies say it; the other one is never read.'),
    admin: addressOrOff
      .prefault('127.0.0.1:8081')
      .describe('Where metrics and health are told to those who run the node.'),
    adminToken: tokenSetting
      .optional()
      .describe('What the admin listener wants of everybody, as a bearer token; without it only this machine gets in.'),
    url: z
      .string()
      .min(1)
      .default('http://127.0.0.1:8081')
      .describe('The admin listener that commands ask which work over the API; serve does not read it.'),
    token: tokenSetting
      .optional()
      .describe('The token that such commands show there; best in the variable, where no file keeps it.'),
    dns: addressOrOff.prefault('127.0.0.1:5300').describe('Where DNS will be answered; nothing listens there yet.'),
    followMs: z.int().min(10).max(60_000).default(100).describe('How often the database is asked for changes.'),
    workers: z
      .int()
      .min(0)
      .max(512)
      .default(0)
      .describe('How many processes answer clients; 0 answers in the process that follows the database.'),
    drainMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(2000)
      .describe('How long running requests may take to end when a process is told to stop.'),
    releaseMemoryMb: z
      .int()
      .min(1)
      .max(65_536)
      .default(64)
      .describe('How much of the releases a process keeps in memory, in MiB; the rest is read when it is asked for.'),
    previewLines: z
      .int()
      .min(0)
      .max(100_000)
      .default(10_000)
      .describe('How many recent distinct request lines a node keeps in memory for previews of changes; 0 keeps none.'),
    keepAuditDays: z
      .int()
      .min(1)
      .max(36_500)
      .optional()
      .describe('How many days entries of the audit log are kept; without it all are kept for ever.'),
    keepCountsDays: keptDays(90, 'How many days what was counted is kept: checks, offers and what telemetry reports.'),
    keepReadingsDays: keptDays(30, 'How many days the readings of signals are kept.'),
    keepNoticesDays: keptDays(90, 'How many days notices are kept that were sent, given up or overtaken.'),
    counters: counterSettings.prefault({}),
    edge: edgeSettings.prefault({}),
    signIn: signInSettings.prefault({}),
    instance: z
      .string()
      .regex(/^[\x21-\x7e]{1,40}$/, '1 to 40 visible characters without a space')
      .optional()
      .describe('What people call this installation, such as prod: subjects of notices begin with it.'),
    mail: mailSettings.optional(),
    api: apiSettings.prefault({}),
    agent: agentSettings.prefault({}),
    outside: outsideSettings.prefault({}),
    secrets: secretsSetting
      .default({})
      .describe(
        'What is secret, by name: {"prometheus": {"file": "/run/secrets/prometheus", "hosts": ["metrics.example.org"]}}. The file is read each time, and what stands in it is sent to these hosts only.',
      ),
    log: z
      .strictObject({
        level: z
          .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
          .default('info')
          .describe('The least that is worth a line in the log, which goes to standard error as JSON.'),
        addresses: z
          .boolean()
          .default(false)
          .describe('Whether addresses of clients may stand in the log, where somebody is refused.'),
      })
      .prefault({}),
    faces: z
      .strictObject(Object.fromEntries(faces.map((face) => [face.name, face.settings.prefault({})])))
      .prefault({}),
  });
}

export type Config = Omit<z.output<ReturnType<typeof configSchema>>, 'faces'> & {
  readonly faces: Readonly<Record<string, unknown>>;
};

/** Everything that may say something about the configuration; what comes later in this list counts more. */
export interface ConfigSources {
  readonly faces: readonly Face[];
  /** A file that must be there; without it `sluice.yaml`, `.yml` or `.json` in the working folder is read if it is there. */
  readonly file?: string | undefined;
  /** The process's environment is read unless another is given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Options of the command line by their path, as text. */
  readonly options?: Readonly<Record<string, string | undefined>>;
  /** `path=value` of `--set`. */
  readonly set?: readonly string[];
}

export interface LoadedConfig {
  readonly config: Config;
  readonly warnings: readonly Mistake[];
  /** The file that was read, if any. */
  readonly file: string | undefined;
}

/** Reads, checks and freezes the configuration. @throws Problem `invalid-config` with every mistake and its place. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const schema = configSchema(sources.faces);
  const settings = configSettings(schema);
  const file = sources.file ?? ['sluice.yaml', 'sluice.yml', 'sluice.json'].find((name) => existsSync(name));
  const tree = file === undefined ? {} : readConfigFile(file);
  const warnings: Mistake[] = [];
  const environment = sources.environment ?? process.env;
  const byVariable = new Map(settings.map((setting) => [setting.variable, setting]));
  const { DATABASE_URL: databaseUrl } = environment;
  if (databaseUrl !== undefined && databaseUrl !== '') put(tree, ['databaseUrl'], databaseUrl);
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('SLUICE_') || value === undefined) continue;
    const setting = byVariable.get(name);
    if (setting === undefined) warnings.push({ at: name, message: 'no setting is called so' });
    else put(tree, setting.path, valueFor(setting, value));
  }
  for (const [path, value] of Object.entries(sources.options ?? {})) {
    const setting = settings.find((known) => known.path.join('.') === path);
    if (value !== undefined) put(tree, path.split('.'), setting === undefined ? value : valueFor(setting, value));
  }
  for (const assignment of sources.set ?? []) assign(tree, assignment);
  const parsed = schema.safeParse(tree);
  if (parsed.success) return { config: freeze(parsed.data as Config), warnings, file };
  throw problemOf('invalid-config', mistakesOf(parsed.error, { at: '' }));
}

/** One setting, as the reference in `docs/configuration.md` lists it. */
export interface ConfigSetting {
  readonly path: readonly string[];
  readonly variable: string;
  readonly description: string;
  readonly type: string;
  readonly defaultValue: unknown;
}

/** Every setting there is, in the order of the schema. */
export function configSettings(schema: z.ZodType): readonly ConfigSetting[] {
  return leaves(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema, []);
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly default?: unknown;
}

function leaves(schema: JsonSchema, path: readonly string[]): readonly ConfigSetting[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, property]) => leaves(property, [...path, name]));
  }
  return [
    {
      path,
      variable: `SLUICE_${path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_')}`,
      description: schema.description ?? '',
      type: schema.enum?.join(' | ') ?? schema.type ?? 'string',
      defaultValue: schema.default,
    },
  ];
}

type Tree = Record<string, unknown>;

function readConfigFile(file: string): Tree {
  const parsed = parseStructured(readConfigText(file), 'invalid-config', file);
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw new Problem('invalid-config', `${file} is no mapping`);
  return parsed as Tree;
}

function readConfigText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('invalid-config', `${file}: ${reason}`, [], { cause });
  }
}

function assign(tree: Tree, assignment: string): void {
  const at = assignment.indexOf('=');
  if (at < 1) throw new Problem('usage', `--set takes path=value, not ${assignment}`);
  put(tree, assignment.slice(0, at).split('.'), parseValue(assignment.slice(at + 1)));
}

/** A value in a variable or on the command line is JSON, or else a text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A text that looks like a number stays a text where one is wanted: a folder may be called 2026. */
function valueFor({ type }: ConfigSetting, text: string): unknown {
  const value = parseValue(text);
  return type === 'string' && typeof value === 'number' ? text : value;
}

function put(tree: Tree, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    Object.defineProperty(tree, first, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const inner = Object.hasOwn(tree, first) ? tree[first] : undefined;
  const branch: Tree = typeof inner === 'object' && inner !== null ? (inner as Tree) : {};
  put(branch, rest, value);
  put(tree, [first], branch);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(freeze);
    Object.freeze(value);
  }
  return value;
}
