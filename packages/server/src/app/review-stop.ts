import { versionCriterion } from 'sluice';
import type { EmergencyStopBody } from '../kinds/emergency-stop.ts';
import type { ReviewFinding } from './review.ts';

/** What a person should know about an emergency stop: above all, that it would hold nothing. */
export function reviewStop({ product, channel, version }: EmergencyStopBody): readonly ReviewFinding[] {
  const findings: ReviewFinding[] = [];
  if (channel?.endsWith('*') === true && channel.length < 3) {
    const message = 'a glob needs two characters before its *; without a channel the stop holds them all';
    findings.push({ path: ['channel'], message, code: 'invalid-object' });
  }
  const unreadable = version === undefined ? [] : versionCriterion(version, product).unreadable;
  if (unreadable.length > 0) {
    const message = `no version can be read from ${unreadable.join(', ')}`;
    findings.push({ path: ['version'], message, code: 'invalid-object' });
  }
  return findings;
}
