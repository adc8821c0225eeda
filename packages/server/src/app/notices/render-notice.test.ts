import { describe, expect, test } from 'vitest';
import type { Message } from '../../notifier.ts';
import { made, operator, startMs, user, type Workshop } from '../changes/changing.fixture.ts';
import { enactChange } from '../changes/enact-change.ts';
import { signOffChange } from '../changes/sign-off-change.ts';
import { vetoChange } from '../changes/veto-change.ts';
import { temporaryStores } from '../temporary-store.fixture.ts';
import { announcedWorkshop, origin, proposed, rendered, twoMs } from './announced.fixture.ts';

const openStore = temporaryStores();
const half = { share: { kind: 'percent', percent: 50 } };
const rows = ({ sections }: Message, title: string) => sections.find((one) => one.title === title)?.rows.slice(1);
const signed = async (shop: Workshop, id: number) => {
  await shop.act(user('ada'), id, (desk, change) => signOffChange(desk, change, undefined));
  await shop.act(user('mary'), id, (desk, change) => signOffChange(desk, change, undefined));
};

describe('what a notice says', () => {
  test('ahead of a time: what will happen, when, until when it can be stopped, and what is missing', async () => {
    const shop = await announcedWorkshop(await openStore());
    const { id } = await proposed(shop, half);
    const message = await rendered(shop, id, 'scheduled', { dueAtMs: twoMs, leadMs: 3_600_000 });
    expect(message.subject).toBe(
      '[prod] WILL ENACT 14:00Z: Firefox release: rule 10 share 100 % -> 50 % (veto until 14:00Z)',
    );
    expect(message.summary).toBe(
      `Change ${id} will be enacted at 2026-11-21 14:00Z unless somebody stops it before. ` +
        'It still needs sign-offs: 1 as releng, 1 as relman.',
    );
    expect(rows(message, 'What it alters')).toEqual([['rule 10', 'share', '100 %', '50 %']]);
    expect(rows(message, 'What it waits for')).toEqual([
      [expect.stringContaining('2026-11-21T14:00:00Z'), 'false', '', ''],
    ]);
    expect(rows(message, 'Who')).toEqual([
      ['proposed', 'ed@example.org', '2026-11-21 12:00Z'],
      ['missing as releng', '1', ''],
      ['missing as relman', '1', ''],
    ]);
    expect(rows(message, 'About it')).toEqual([
      ['change', `${id}, version 1`],
      ['reason', 'crashes'],
    ]);
    expect(rows(message, 'How to stop it')).toEqual([
      ['command', `sluice change veto ${id} --reason "..."`],
      ['API', `POST ${origin}/api/v1/changes/${id}/veto`],
    ]);
    expect(message.thread).toBe(`change-${id}`);
    expect(message.data).toMatchObject({
      event: 'scheduled',
      change: { id, state: 'pending', reason: 'crashes', proposer: 'user:ed@example.org' },
      enactedAt: '2026-11-21T14:00:00.000Z',
      differences: [{ kind: 'rule', name: '10', field: 'share', before: '100 %', after: '50 %' }],
      missing: [
        { role: 'releng', count: 1 },
        { role: 'relman', count: 1 },
      ],
    });
  });

  test('who has signed, and of a late one that raises a risk the end of the veto window', async () => {
    const shop = await announcedWorkshop(await openStore());
    const { id } = await proposed(shop, { priority: 200 });
    await signed(shop, id);
    shop.setClock(twoMs - 60_000);
    const message = await rendered(shop, id, 'scheduled', { dueAtMs: twoMs, leadMs: 900_000 });
    expect(message.subject).toContain('WILL ENACT 14:14Z');
    expect(rows(message, 'Who')?.slice(1)).toEqual([
      ['signed as releng', 'ada@example.org', '2026-11-21 12:00Z'],
      ['signed as relman', 'mary@example.org', '2026-11-21 12:00Z'],
    ]);
  });

  test('of signals: what it waits for, when that is expected, and when it has come true', async () => {
    const shop = await announcedWorkshop(await openStore());
    const uptake = { product: 'Firefox', channel: 'release', version: '120.0' };
    const { id } = await proposed(shop, { priority: 7 }, { signal: { uptake, op: '>=', value: 5000 } });
    expect((await rendered(shop, id, 'armed')).summary).toMatch(
      /will be enacted when this is so: uptake of Firefox 120.0 on release >= 5000\. It still needs/,
    );
    await signed(shop, id);
    const armed = await rendered(shop, id, 'armed');
    expect(armed.subject).toBe('[prod] ARMED: Firefox release: rule 10 priority 100 -> 7 (veto any time)');
    expect(armed.summary).toContain('has all its sign-offs');
    expect(rows(armed, 'What it waits for')?.[0]?.[1]).toBe('unknown');
    const forecast = await rendered(shop, id, 'forecast', { expectedAtMs: twoMs });
    expect(forecast.subject).toContain('EXPECTED 14:00Z: ');
    const crossed = await rendered(shop, id, 'crossed');
    expect(crossed.subject).toContain('CONDITION TRUE, WILL ENACT 12:15Z: ');
    expect(crossed.subject).toContain('(veto until 12:15Z)');
    expect((await rendered(shop, id, 'held')).subject).toBe('[prod] HELD: Firefox release: rule 10 priority 100 -> 7');
  });

  test('how many more will install what uptake is to stop, as it is seen late', async () => {
    const shop = await announcedWorkshop(await openStore());
    const offer = { event: 'check', product: 'Firefox', channel: 'release', version: '119.0', rule: 10 } as const;
    const counts = [{ ...offer, release: 'Firefox-desupport', binMs: startMs - 600_000, count: 100 }];
    const batch = { source: 'a', sequence: 1, throughMs: startMs, counts };
    await shop.store.write((tx) => tx.mergeCounts(batch, startMs));
    const uptake = { product: 'Firefox', channel: 'release', version: '120.0' };
    const { id } = await proposed(shop, half, { signal: { uptake, op: '>=', value: 5000 } });
    const message = await rendered(shop, id, 'armed');
    const told = rows(message, 'About it')?.find(([what]) => what === 'overshoot')?.[1];
    expect(told).toMatch(/^about \d+ installs \(\+\d+ %\) more will come after it is enacted: 100 offers an hour/);
    expect(message.data).toHaveProperty('overshoot.says', told);
  });

  test('where a change stands in its chain', async () => {
    const shop = await announcedWorkshop(await openStore());
    const first = await proposed(shop, half);
    const second = await proposed(shop, { priority: 7 });
    await shop.store.write(async (tx) => {
      for (const [index, change] of [first, second].entries())
        await tx.putChange({ ...change, chain: { id: first.id, step: index + 1, of: 2 } });
    });
    const message = await rendered(shop, second.id, 'scheduled', { dueAtMs: twoMs });
    expect(message.thread).toBe(`change-${first.id}`);
    expect(rows(message, 'The steps of its chain')).toEqual([
      ['1', 'Firefox release: rule 10 share 100 % -> 50 %', `pending, change ${first.id}`],
      ['2 (this one)', 'Firefox release: rule 10 priority 100 -> 7', `pending, change ${second.id}`],
    ]);
  });

  test('of what has been done: what it altered, by whom, and on what it rested', async () => {
    const shop = await announcedWorkshop(await openStore());
    const { id } = await proposed(shop, half);
    await signed(shop, id);
    shop.setClock(twoMs);
    await shop.act(operator, id, enactChange);
    await shop.propose(operator, [made('user', 'zoe@example.org', {})]);
    const message = await rendered(shop, id, 'enacted');
    expect(message.subject).toBe('[prod] ENACTED 14:00Z: Firefox release: rule 10 share 100 % -> 50 %');
    expect(message.summary).toBe(`Change ${id} was enacted at 2026-11-21 14:00Z by operator.`);
    expect(rows(message, 'What it alters')).toEqual([['rule 10', 'share', '100 %', '50 %']]);
    expect(rows(message, 'What it waits for')?.[0]?.[1]).toBe('true');
    expect(rows(message, 'How to stop it')).toBeUndefined();
    expect(message.links.map(({ label }) => label)).toEqual(['See it']);
  });

  test('of what was stopped: by whom and why; a self-test is about nothing', async () => {
    const shop = await announcedWorkshop(await openStore());
    const { id } = await proposed(shop, half);
    await shop.act(user('ada'), id, (desk, change) => vetoChange(desk, change, 'not\ntoday\u202e'));
    const message = await rendered(shop, id, 'vetoed');
    expect(message.subject).toBe('[prod] VETOED: Firefox release: rule 10 share 100 % -> 50 %');
    expect(message.summary).toBe(`Change ${id} was stopped by ada@example.org: not today`);
  });

  test('nothing that people wrote is more than one line of visible characters', async () => {
    const shop = await announcedWorkshop(await openStore());
    const evil = 'a\r\nBcc: eve@example.org\u001b[31m\u202e';
    const { id } = await proposed(shop, { alias: 'x', comment: evil }, undefined, evil);
    const message = await rendered(shop, id, 'scheduled', { dueAtMs: twoMs });
    const texts = [message.subject, message.summary, ...message.sections.flatMap((one) => one.rows.flat())];
    expect(texts.filter((text) => /[\p{Cc}\u202a-\u202e]/u.test(text))).toEqual([]);
    expect(rows(message, 'About it')?.[1]).toEqual(['reason', 'a Bcc: eve@example.org [31m']);
  });

  test('of several objects the first is named in the subject, and long lists end', async () => {
    const shop = await announcedWorkshop(await openStore());
    const edits = Array.from({ length: 60 }, (_, index) =>
      made('rule', String(100 + index), {
        priority: index,
        product: 'Firefox',
        channel: 'release',
        fallback: 'Firefox-desupport',
      }),
    );
    const { change } = await shop.propose(user('ed'), edits, {
      condition: { time: { after: '2026-11-22T14:00:00Z' } },
    });
    const message = await rendered(shop, change.id, 'scheduled', { dueAtMs: twoMs + 86_400_000 });
    expect(message.subject).toBe(
      '[prod] WILL ENACT 2026-11-22 14:00Z: Firefox release: new rule 100 and 59 more (veto until 2026-11-22 14:00Z)',
    );
    expect(rows(message, 'What it alters')?.at(-1)?.[0]).toMatch(/^and \d+ more$/);
    expect(rows(message, 'What it alters')).toHaveLength(41);
  });
});

describe('the links of a notice', () => {
  test('are personal for recipients who are users and may stop the change, and for nobody else', async () => {
    const to = [
      'Ada@example.org',
      'eve@example.org',
      'releases@lists.example.org',
      'mary@example.org',
      'ed@example.org',
    ];
    const shop = await announcedWorkshop(await openStore(), to);
    const disabled = { kind: 'user', name: 'mary@example.org', body: { roles: ['relman'], disabled: true } } as const;
    await shop.store.commit([disabled], { atMs: startMs, author: 'local:operator', reason: '' });
    const { id } = await proposed(shop, half);
    const { links, kept } = await rendered(shop, id, 'scheduled', { dueAtMs: twoMs });
    expect(links.map(({ recipient }) => recipient)).toEqual([undefined, 'Ada@example.org', 'ed@example.org']);
    expect(links[0]?.url).toBe(`${origin}/notice/change/${id}`);
    expect(links[1]?.url).toMatch(/^https:\/\/sluice\.example\.org\/notice\/sluice_notice_[\w-]{43}$/);
    expect(kept.map(({ owner, change, expiresAtMs }) => [owner, change, expiresAtMs - startMs])).toEqual([
      ['user:ada@example.org', id, 7 * 86_400_000],
      ['user:ed@example.org', id, 7 * 86_400_000],
    ]);
    expect(JSON.stringify(kept)).not.toContain(links[1]?.url.split('sluice_notice_')[1]);
  });
});
