import type { Dictionary } from './own.ts';

/**
 * What a release says, in the formats of Mozilla Balrog; `schema_version` tells them apart. Types only.
 *
 * Source: Balrog's blob schemas. The names of the fields are theirs, so that releases can be taken over as they are.
 */
export type Blob = AppBlob | DesupportBlob | GmpBlob | SuperBlob | SystemAddonsBlob | GuardianBlob;

/** An application release, schemas 1 to 6, 8 and 9. */
export interface AppBlob {
  readonly schema_version: 1 | 2 | 3 | 4 | 5 | 6 | 8 | 9;
  readonly name: string;
  readonly hashFunction?: string;
  readonly appv?: string;
  readonly extv?: string;
  readonly appVersion?: string;
  readonly displayVersion?: string;
  readonly platformVersion?: string;
  readonly detailsUrl?: string;
  readonly licenseUrl?: string;
  readonly oldVersionSpecialCases?: boolean;
  readonly platforms?: Dictionary<AppPlatform>;
  readonly fileUrls?: Dictionary<string | Dictionary<Dictionary<string>>>;
  readonly ftpFilenames?: Dictionary<string | Dictionary<string>>;
  readonly bouncerProducts?: Dictionary<string | Dictionary<string>>;
  readonly updateLine?: readonly UpdateLineGroup[] | Dictionary<unknown>;
  readonly actions?: string;
  readonly billboardURL?: string;
  readonly openURL?: string;
  readonly notificationURL?: string;
  readonly alertURL?: string;
  readonly showPrompt?: boolean | string;
  readonly showNeverForVersion?: boolean | string;
  readonly promptWaitTime?: number | string;
  readonly binTransMerkleRoot?: string;
  readonly binTransCertificate?: string;
  readonly binTransSCTList?: string;
}

export interface AppPlatform {
  readonly alias?: string;
  readonly buildID?: string | number;
  readonly OS_FTP?: string;
  readonly OS_BOUNCER?: string;
  readonly locales?: Dictionary<AppLocale>;
}

export interface AppLocale {
  readonly buildID?: string | number;
  readonly appv?: string;
  readonly extv?: string;
  readonly appVersion?: string;
  readonly displayVersion?: string;
  readonly platformVersion?: string;
  readonly isOSUpdate?: boolean;
  readonly complete?: Patch;
  readonly partial?: Patch;
  readonly completes?: readonly Patch[];
  readonly partials?: readonly Patch[];
}

export interface Patch {
  readonly filesize: string | number;
  readonly from: string;
  readonly hashValue: string;
  readonly fileUrl?: string;
  readonly binTransInclusionProof?: string;
}

/** Schema 9: attributes of the update element for the requests that `for` describes. */
export interface UpdateLineGroup {
  readonly for: {
    readonly channels?: readonly string[];
    readonly locales?: readonly string[];
    readonly versions?: readonly string[];
    readonly buildIDs?: readonly string[];
  };
  readonly fields: Dictionary<string | number | boolean>;
}

/** Tells clients that their system is no longer supported. */
export interface DesupportBlob {
  readonly schema_version: 50;
  readonly name: string;
  readonly detailsUrl: string;
  readonly displayVersion: string;
}

/** Gecko media plugins. */
export interface GmpBlob {
  readonly schema_version: 1000;
  readonly name: string;
  readonly hashFunction: string;
  readonly vendors: Dictionary<Addon>;
}

/** Several answers in one: by product, each with rules of its own, or by release name. */
export interface SuperBlob {
  readonly schema_version: 4000;
  readonly name: string;
  readonly products?: readonly string[];
  readonly blobs?: readonly string[];
}

export interface SystemAddonsBlob {
  readonly schema_version: 5000;
  readonly name: string;
  readonly hashFunction: string;
  readonly uninstall?: boolean;
  readonly addons?: Dictionary<Addon>;
}

export interface Addon {
  readonly version: string;
  readonly platforms: Dictionary<AddonPlatform>;
}

export interface AddonPlatform {
  readonly alias?: string;
  readonly filesize?: string | number;
  readonly hashValue?: string;
  readonly fileUrl?: string;
  readonly mirrorUrls?: readonly string[];
}

/** A small JSON answer: one installer per platform. */
export interface GuardianBlob {
  readonly schema_version: 10000;
  readonly name: string;
  readonly version: string;
  readonly required: boolean;
  readonly hashFunction?: string;
  readonly platforms: Dictionary<{ readonly fileUrl: string; readonly hashValue?: string }>;
}
