import { briefText } from '../../brief-text.ts';
import type { MessageSection } from '../../notifier.ts';
import { fullMomentText } from './render-moment.ts';
import type { Told, ToldLeaf } from './render-told.ts';
import { who } from './render-words.ts';

const mostDifferences = 40;
const mostLeaves = 40;

/** What stands below the first sentences. What is nothing is left out. */
export function sectionsOf(told: Told, origin: string): readonly MessageSection[] {
  const all = [differences(told), condition(told), steps(told), people(told), about(told), stopping(told, origin)];
  return all.filter(({ rows }) => rows.length > 1);
}

function differences({ differences: all }: Told): MessageSection {
  const shown = all.slice(0, mostDifferences);
  return {
    title: 'What it alters',
    rows: [
      ['object', 'field', 'before', 'after'],
      ...shown.map(({ kind, name, field, before, after }) => [`${kind} ${name}`, field, before, after]),
      ...(all.length > shown.length ? [[`and ${all.length - shown.length} more`, '', '', '']] : []),
    ],
  };
}

function condition({ leaves }: Told): MessageSection {
  return {
    title: 'What it waits for',
    rows: [
      ['condition', 'is', 'value', 'as of'],
      ...leaves.slice(0, mostLeaves).map(leafRow),
      ...(leaves.length > mostLeaves ? [[`and ${leaves.length - mostLeaves} more`, '', '', '']] : []),
    ],
  };
}

function leafRow({ says, truth, reading }: ToldLeaf): readonly string[] {
  const value = reading === undefined ? '' : String(reading.value ?? 'unknown');
  return [briefText(says, 300), truth, value, reading === undefined ? '' : fullMomentText(reading.asOfMs)];
}

function steps({ steps: all, change }: Told): MessageSection {
  const more = (change.chain?.of ?? 0) - all.length;
  return {
    title: 'The steps of its chain',
    rows: [
      ['step', 'what', 'is'],
      ...all.map(({ step, change: id, what, state }) => [
        `${step}${id === change.id ? ' (this one)' : ''}`,
        what,
        `${state}, change ${id}`,
      ]),
      ...(all.length > 0 && more > 0 ? [[`and ${more} more`, '', '']] : []),
    ],
  };
}

function people({ change, facts }: Told): MessageSection {
  const { proposer, createdAtMs, signOffs } = change;
  return {
    title: 'Who',
    rows: [
      ['what', 'who', 'when'],
      ['proposed', who(proposer), fullMomentText(createdAtMs)],
      ...signOffs.map(({ user, role, atMs }) => [`signed as ${role}`, briefText(user), fullMomentText(atMs)]),
      ...(facts?.required ?? [])
        .filter(({ count, signedBy }) => signedBy.length < count)
        .map(({ role, count, signedBy }) => [`missing as ${role}`, String(count - signedBy.length), '']),
    ],
  };
}

function about({ change, facts, overshoot }: Told): MessageSection {
  const { id, version, reason, chain, reverts } = change;
  return {
    title: 'About it',
    rows: [
      ['', ''],
      ['change', `${id}, version ${version}`],
      ...(reason === '' ? [] : [['reason', briefText(reason, 500)]]),
      ...(chain === undefined ? [] : [['chain', `step ${chain.step} of ${chain.of}, begun with change ${chain.id}`]]),
      ...(reverts === undefined ? [] : [['takes back', `change ${reverts}`]]),
      ...(overshoot === undefined ? [] : [['overshoot', overshoot.says]]),
      ...(facts?.freezes ?? []).map(({ untilMs, reason: why }) => [
        'frozen',
        `until ${fullMomentText(untilMs)}: ${briefText(why, 300)}`,
      ]),
    ],
  };
}

function stopping({ change: { id, state } }: Told, origin: string): MessageSection {
  const rows = [
    ['', ''],
    ['command', `sluice change veto ${id} --reason "..."`],
    ['API', `POST ${origin}/api/v1/changes/${id}/veto`],
  ];
  return { title: 'How to stop it', rows: state === 'pending' ? rows : [] };
}
