import type { ConditionLeaf, HoursCondition, SignalCondition, TimeCondition } from 'sluice';
import { workdays } from './hours.ts';

/** What a part of a condition asks for, in words that go on after "it waits for". */
export function leafText(leaf: ConditionLeaf): string {
  if ('now' in leaf) return 'now';
  if ('time' in leaf) return timeText(leaf.time);
  if ('hours' in leaf) return hoursText(leaf.hours);
  if ('cron' in leaf) return `${leaf.cron.lasts} from each ${leaf.cron.expression} ${leaf.cron.zone}`;
  if ('approval' in leaf) {
    const { role, count } = leaf.approval;
    return `${count} ${count === 1 ? 'sign-off' : 'sign-offs'} as ${role}`;
  }
  if ('change' in leaf) {
    const { id, state, for: duration } = leaf.change;
    return `change ${id} to be ${state}${duration === undefined ? '' : ` for ${duration}`}`;
  }
  return comparisonText(leaf.signal);
}

function timeText({ after, before, zone }: TimeCondition): string {
  const bounds = [
    ...(after === undefined ? [] : [`from ${after}`]),
    ...(before === undefined ? [] : [`before ${before}`]),
  ];
  return `${bounds.join(' and ')}${zone === undefined ? '' : ` ${zone}`}`;
}

function hoursText({ days = workdays, from, to, zone }: HoursCondition): string {
  return `${days.join(', ')} ${from} to ${to} ${zone}`;
}

function comparisonText(signal: SignalCondition): string {
  const { op, value, for: duration, until, latched } = signal;
  const more = [
    duration !== undefined && `for ${duration}`,
    until !== undefined && `and then until ${until}`,
    latched && 'once',
  ].filter((one) => one !== false && one !== undefined);
  return [`${signalText(signal)} ${op} ${value}${signal.uptake?.as === 'percent' ? ' %' : ''}`, ...more].join(' ');
}

/** What a condition reads, as people say it. */
export function signalText({ name, uptake, offers, checks, events, crashes }: SignalCondition): string {
  if (uptake !== undefined) return `uptake of ${uptake.product} ${uptake.version}${placeText(uptake)}`;
  if (offers !== undefined) {
    const { product, release, rule } = offers;
    const what = [release, rule !== undefined && `rule ${rule}`].filter(Boolean).join(' by ');
    return `offers of ${what === '' ? product : `${what} to ${product}`}${placeText(offers)}`;
  }
  if (checks !== undefined) return `checks of ${versionText(checks)}${placeText(checks)}`;
  if (events !== undefined) return `${events.event} of ${versionText(events)}${placeText(events)}`;
  if (crashes !== undefined) return `crashes of ${versionText(crashes)}${placeText(crashes)}`;
  return `signal ${name}`;
}

function versionText({ product, version }: { readonly product: string; readonly version?: string }): string {
  return version === undefined ? product : `${product} ${version}`;
}

function placeText({ channel, window }: { readonly channel?: string; readonly window?: string }): string {
  return `${channel === undefined ? '' : ` on ${channel}`}${window === undefined ? '' : ` in ${window}`}`;
}
