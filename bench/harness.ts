/**
 * What every bench uses: rounds that take turns, a measure of the machine, and figures printed one on a line.
 *
 * A round is timed in CPU seconds of this process, so that a busy machine changes a figure little.
 */

/** One round: does some work and answers its own figure, usually a rate from `perCpuSecond`. */
export type Round = () => number | Promise<number>;

export interface Interleaved<Name extends string> {
  /** The median figure of each contender. */
  readonly medians: Readonly<Record<Name, number>>;
  /** The median, over all rounds, of `a`'s figure divided by the figure `b` had in the same round. */
  ratio(a: Name, b: Name): number;
}

/** Lets all contenders take turns, after one round each that does not count. At least 7 rounds. */
export async function interleaved<Name extends string>(
  contenders: Readonly<Record<Name, Round>>,
  rounds = 7,
): Promise<Interleaved<Name>> {
  if (rounds < 7) throw new RangeError('A figure needs at least 7 rounds.');
  const names = Object.keys(contenders) as Name[];
  for (const name of names) await contenders[name]();

  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    // Each round another contender begins, so that none always runs in another's wake.
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(round + turn) % names.length] as Name;
      figures[name].push(await contenders[name]());
    }
  }
  return {
    medians: Object.fromEntries(names.map((name) => [name, median(figures[name])])) as Record<Name, number>,
    ratio: (a, b) => median(figures[a].map((figure, round) => figure / (figures[b][round] as number))),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** Repeats a batch for at least `forMs` of CPU time and answers how many things it did per CPU second. */
export function perCpuSecond(batch: () => number, forMs = 200): number {
  const start = process.cpuUsage();
  let done = 0;
  for (;;) {
    done += batch();
    const { user, system } = process.cpuUsage(start);
    const spentMs = (user + system) / 1000;
    if (spentMs >= forMs) return (done / spentMs) * 1000;
  }
}

/** What `calibrationBatch` reached, per CPU second, on the machine that the absolute bars are written for. */
const referenceRate = 28_500;

/** One round of a fixed loop: how fast this machine is now, where 1 is the machine that the absolute bars are written for. */
export function machineSpeed(): number {
  return perCpuSecond(calibrationBatch) / referenceRate;
}

/** Prints how fast this machine is and answers it; an absolute bar is multiplied by it. */
export async function calibrate(): Promise<number> {
  const { medians } = await interleaved({ machine: machineSpeed });
  figure('calibration', medians.machine, 'x the reference machine');
  return medians.machine;
}

// Like the work that is measured: short strings as keys, small objects, integer arithmetic, branches.
function calibrationBatch(): number {
  const counts = new Map<string, { count: number }>();
  let hash = 1;
  for (let i = 0; i < 1000; i += 1) {
    hash = Math.imul(hash ^ i, 0x9e3779b1) >>> 0;
    const key = `channel-${hash % 64}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { count: 1 });
    else entry.count += 1;
  }
  return counts.size > 0 ? 1 : 0;
}

/** What a figure has to reach: this much at least, or at most. */
export type Bar = { readonly least: number } | { readonly most: number };

export interface Report {
  /** Prints `name: value unit (bar >= x)` and remembers whether the value reached its bar. */
  figure(name: string, value: number, unit: string, bar?: Bar): void;
  /** Ends a bench: names what fell short and answers the exit code, which is 1 when `enforceBars` and something did. */
  finish(enforceBars: boolean): 0 | 1;
}

export function openReport(print: (line: string) => void): Report {
  const fellShort: string[] = [];
  return {
    figure(name, value, unit, bar) {
      print(`${name}: ${legible(value)} ${unit}${bar === undefined ? '' : ` (bar ${barText(bar)})`}`);
      if (bar !== undefined && !reaches(value, bar)) fellShort.push(name);
    },
    finish(enforceBars) {
      if (fellShort.length > 0) print(`fell short: ${fellShort.join(', ')}`);
      return enforceBars && fellShort.length > 0 ? 1 : 0;
    },
  };
}

function barText(bar: Bar): string {
  return 'least' in bar ? `>= ${legible(bar.least)}` : `<= ${legible(bar.most)}`;
}

/** NaN reaches nothing. */
function reaches(value: number, bar: Bar): boolean {
  return 'least' in bar ? value >= bar.least : value <= bar.most;
}

function legible(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

const report = openReport(console.log);

/** Prints one figure of this bench. A ratio's bar stands as it is; an absolute one is multiplied by `calibrate()`. */
export function figure(name: string, value: number, unit: string, bar?: Bar): void {
  report.figure(name, value, unit, bar);
}

/** The last call of each bench: under `--bars` the process fails when a figure fell short. */
export function finish(): void {
  process.exitCode = report.finish(process.argv.includes('--bars'));
}
