import type {
  EmergencyStop,
  GlobalThrottle,
  Pin,
  Ramp,
  Release,
  Request,
  Rule,
  SlotRange,
  SlotWeights,
  Throttle,
  ThrottleException,
  Version,
} from 'sluice';

/** The shapes of the files in this folder, as README.md says them. */
interface CaseFile {
  readonly version: 1;
}

export interface TicketsFile extends CaseFile {
  readonly cases: readonly {
    readonly note: string;
    readonly salt: string;
    readonly unitId: string;
    readonly hash: number;
    readonly ticket: number;
  }[];
}

export interface NowServingFile extends CaseFile {
  readonly cases: readonly { readonly percent: number; readonly nowServing: number }[];
}

interface UnitWithTicket {
  readonly unitId: string;
  readonly ticket: number;
}

export interface AdmissionFile extends CaseFile {
  readonly boundaries: readonly {
    readonly percent: number;
    readonly nowServing: number;
    readonly salt: string;
    readonly lastAdmitted?: UnitWithTicket;
    readonly firstNotAdmitted?: UnitWithTicket;
  }[];
  readonly salt: string;
  readonly percents: readonly number[];
  readonly units: readonly (UnitWithTicket & { readonly admittedAt: readonly number[] })[];
  readonly missing: readonly { readonly note: string; readonly unitId: string; readonly percents: readonly number[] }[];
}

export interface RampsFile extends CaseFile {
  readonly cases: readonly {
    readonly note: string;
    readonly ramp: Ramp;
    readonly expect: readonly { readonly nowMs: number; readonly nowServing: number }[];
  }[];
}

export interface VariantsFile extends CaseFile {
  readonly slots: number;
  readonly cases: readonly {
    readonly note: string;
    readonly salt: string;
    readonly steps: readonly {
      readonly weights: SlotWeights;
      readonly ranges: readonly SlotRange[];
      readonly movedSlots: number;
    }[];
    readonly units: readonly {
      readonly unitId: string;
      readonly slot: number;
      readonly variants: readonly (string | null)[];
    }[];
  }[];
}

type Scheme = Version['kind'];

export interface VersionsFile extends CaseFile {
  readonly products: { readonly [scheme in Scheme]: readonly string[] };
  readonly ascending: readonly string[];
  readonly pairs: readonly {
    readonly scheme: Scheme;
    readonly a: string;
    readonly order: '<' | '=' | '>';
    readonly b: string;
  }[];
  readonly unreadable: readonly string[];
  readonly criteria: readonly {
    readonly scheme: Scheme;
    readonly criterion: string;
    readonly version: string;
    readonly meets: boolean;
  }[];
}

/** What is configured, as plain values; each of them is in its first version. */
export interface Objects {
  readonly rules?: readonly Rule[];
  readonly releases?: readonly Release[];
  readonly throttles?: readonly Throttle[];
  readonly throttleExceptions?: readonly ThrottleException[];
  readonly globalThrottle?: GlobalThrottle;
  readonly emergencyStops?: readonly (EmergencyStop & { readonly name: string })[];
  readonly pins?: readonly Pin[];
}

export interface DecisionSummary {
  readonly kind: string;
  readonly reason?: string;
  readonly release?: string;
  readonly admitted?: string;
  readonly updateType?: string;
  readonly stop?: string;
  readonly throttle?: AdmissionSummary & { readonly name: string; readonly percent: number };
  readonly rule?: number;
  readonly share?: AdmissionSummary;
  readonly parts?: readonly (readonly string[])[];
  readonly products?: readonly (readonly string[])[];
  readonly drawn: boolean;
}

interface AdmissionSummary {
  readonly ticket: number | null;
  readonly nowServing: number;
  readonly admitted: boolean;
}

export interface DecisionsFile extends CaseFile {
  readonly request: Request;
  readonly configurations: { readonly [name: string]: Objects };
  readonly cases: readonly {
    readonly note: string;
    readonly configuration: string;
    readonly request: Partial<Request>;
    readonly nowMs: number;
    readonly draws: readonly number[];
    readonly decision: DecisionSummary;
  }[];
}
