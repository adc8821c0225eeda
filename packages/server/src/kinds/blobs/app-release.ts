import { z } from 'zod';
import { digits, hashFunction, heading, plain } from './shared.ts';

const texts = z.record(z.string(), z.string());
const flag = z.union([z.boolean(), z.string()], 'true, false or a text');

const patch = z.strictObject({
  filesize: digits,
  from: z.string(),
  hashValue: plain.min(1),
  fileUrl: z.string().optional(),
});
const provenPatch = patch.extend({ binTransInclusionProof: z.string().optional() });

const locale = { buildID: digits.optional() };
const firstVersions = { appv: plain.optional(), extv: plain.optional() };
const laterVersions = {
  appVersion: plain.optional(),
  displayVersion: plain.optional(),
  platformVersion: plain.optional(),
};
const single = { complete: patch.optional(), partial: patch.optional() };
const several = { completes: z.array(patch).optional(), partials: z.array(patch).optional() };
const proven = { completes: z.array(provenPatch).optional(), partials: z.array(provenPatch).optional() };
const osUpdate = { isOSUpdate: z.boolean().optional() };

function platforms<Locale extends z.ZodType>(localeSchema: Locale) {
  const platform = z.strictObject({
    alias: z.string().optional(),
    buildID: digits.optional(),
    OS_FTP: z.string().optional(),
    OS_BOUNCER: z.string().optional(),
    locales: z.record(z.string(), localeSchema).optional(),
  });
  return { platforms: z.record(z.string(), platform).optional() };
}

const base = { hashFunction: hashFunction.optional() };
const pages = { detailsUrl: z.string().optional(), licenseUrl: z.string().optional() };
const fakePartials = { fakePartials: z.union([z.boolean(), z.number()], 'true, false or a number').optional() };
const files = { fileUrls: texts.optional() };
const singleNames = { ftpFilenames: texts.optional(), bouncerProducts: texts.optional() };
const names = z.record(z.string(), texts);
const severalNames = { ftpFilenames: names.optional(), bouncerProducts: names.optional() };
const unifiedFiles = {
  fileUrls: z
    .record(z.string(), z.strictObject({ completes: texts.optional(), partials: texts.optional() }))
    .optional(),
};
const behaviour = {
  actions: z.string().optional(),
  openURL: z.string().optional(),
  notificationURL: z.string().optional(),
  alertURL: z.string().optional(),
  showPrompt: flag.optional(),
  showNeverForVersion: flag.optional(),
};
const billboard = { billboardURL: z.string().optional() };
const waitTime = { promptWaitTime: z.union([z.number(), z.string()], 'a number or a text').optional() };
const transparency = {
  binTransMerkleRoot: z.string().optional(),
  binTransCertificate: z.string().optional(),
  binTransSCTList: z.string().optional(),
};

export const schema1 = z.strictObject({
  ...heading(1),
  ...base,
  ...firstVersions,
  ...pages,
  ...files,
  ...singleNames,
  ...fakePartials,
  oldVersionSpecialCases: z.boolean().optional(),
  ...platforms(z.strictObject({ ...locale, ...firstVersions, ...single })),
});

const later = { ...base, ...laterVersions, ...pages, ...behaviour, ...billboard };
const laterLocale = { ...locale, ...laterVersions, ...osUpdate };

export const schema2 = z.strictObject({
  ...heading(2),
  ...later,
  ...files,
  ...singleNames,
  ...fakePartials,
  ...platforms(z.strictObject({ ...laterLocale, ...single })),
});

export const schema3 = z.strictObject({
  ...heading(3),
  ...later,
  ...files,
  ...severalNames,
  ...fakePartials,
  ...platforms(z.strictObject({ ...laterLocale, ...several })),
});

const unified = { ...unifiedFiles, ...platforms(z.strictObject({ ...laterLocale, ...several })) };

export const schema4 = z.strictObject({ ...heading(4), ...later, ...unified });
export const schema5 = z.strictObject({ ...heading(5), ...later, ...waitTime, ...unified });

const modern = {
  ...base,
  appVersion: plain.optional(),
  displayVersion: plain.optional(),
  detailsUrl: z.string().optional(),
  ...behaviour,
  ...waitTime,
};
const modernLocale = { ...locale, appVersion: plain.optional(), displayVersion: plain.optional(), ...osUpdate };

export const schema6 = z.strictObject({
  ...heading(6),
  ...modern,
  ...unifiedFiles,
  ...platforms(z.strictObject({ ...modernLocale, ...several })),
});

export const schema8 = z.strictObject({
  ...heading(8),
  ...modern,
  ...transparency,
  ...unifiedFiles,
  ...platforms(z.strictObject({ ...modernLocale, ...proven })),
});

const updateLine = z.strictObject({
  for: z.strictObject({
    channels: z.array(z.string()).optional(),
    locales: z.array(z.string()).optional(),
    versions: z.array(z.string()).optional(),
    buildIDs: z.array(z.string()).optional(),
  }),
  fields: z.strictObject({
    type: z.enum(['minor', 'major']).optional(),
    detailsURL: z.string().optional(),
    actions: z.string().optional(),
    openURL: z.string().optional(),
    notificationURL: z.string().optional(),
    alertURL: z.string().optional(),
    showPrompt: z.boolean().optional(),
    showNeverForVersion: z.boolean().optional(),
    promptWaitTime: z.number().optional(),
    disableBITS: z.literal(true).optional(),
    disableBackgroundUpdates: z.literal(true).optional(),
  }),
});

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

export const schema9 = z.strictObject({
  ...heading(9),
  ...base,
  appVersion: plain.optional(),
  displayVersion: plain.optional(),
  ...transparency,
  // Some builds write an empty object where a list belongs.
  updateLine: z.preprocess((value) => (isEmptyObject(value) ? [] : value), z.array(updateLine).optional()),
  ...unifiedFiles,
  ...platforms(
    z.strictObject({ ...locale, appVersion: plain.optional(), displayVersion: plain.optional(), ...proven }),
  ),
});
