import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** The processes that a process has started and that live, in the order of their beginning. */
export function workersOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number).filter(isAlive);
  } catch {
    return [];
  }
}

/** The memory of a process that is in RAM, in MiB. Source: proc(5), VmRSS in /proc/PID/status. */
export function residentMb(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Whether a process runs; one that has ended and was not yet taken note of does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/^.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits for something that must come true. */
export async function becomes(what: string, holds: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await holds()); await pause(10)) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
  }
}
