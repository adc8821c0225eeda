import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Message, Sending } from '../notifier.ts';
import { openOutside } from '../outside/open-outside.ts';
import { outsideSettings } from '../outside-settings.ts';
import type { OutsideRequest } from '../signal.ts';
import { messageOf } from './message.fixture.ts';
import { openReceiver } from './receiver.fixture.ts';
import { slack } from './slack.ts';

/** What would be posted to Slack, and where. */
async function posted(message: Message, secret = 'https://hooks.slack.com/services/T0/B0/xyz') {
  const asked: OutsideRequest[] = [];
  const outside: Sending['outside'] = {
    ask: async (request) => {
      asked.push(request);
      return { status: 200, headers: {}, body: 'ok' };
    },
    secret: (_, host) => {
      if (host !== 'hooks.slack.com') throw new Error('not for that host');
      return secret;
    },
  };
  const sending = { outside, nowMs: Date.now, signal: new AbortController().signal };
  const delivery = await slack.deliver([message], { secret: 'team' } as never, sending);
  return { delivery, url: asked[0]?.url, payload: JSON.parse(asked[0]?.body ?? '{}') };
}

test('the address is the secret, and of the server that is meant', async () => {
  expect((await posted(messageOf())).url).toBe('https://hooks.slack.com/services/T0/B0/xyz');
  for (const wrong of ['https://hooks.slack.com.evil.example/x', 'no address', 'ftp://hooks.slack.com/x']) {
    const { delivery, url } = await posted(messageOf(), wrong);
    expect(delivery).toEqual({ kind: 'later', trouble: 'the secret is no address of hooks.slack.com' });
    expect(url).toBeUndefined();
  }
});

test('what people wrote is plain text in blocks, and mentions and links nothing outside of them', async () => {
  const evil = '<!channel> <https://evil.example|here> @all *bold* [x](https://evil.example) `c` & ada@example.org';
  const { payload } = await posted(
    messageOf({ subject: evil, summary: evil, sections: [{ title: 't', rows: [[], [evil]] }] }),
  );
  const { text, blocks } = payload as {
    text: string;
    blocks: { type: string; text: { type: string; text: string } }[];
  };
  expect(text).not.toMatch(/[<>]|@all|\*bold|\[x|`c/);
  expect(text).toContain('ada@example.org');
  const read = blocks.filter((block) => block.text.type === 'mrkdwn');
  expect(read.map((block) => block.text.text)).toEqual([
    '<https://sluice.example.org/notice/change/12|See it, and stop it>',
  ]);
  expect(blocks.filter((block) => block.text.type === 'plain_text')).toHaveLength(3);
});

test('no text is longer than Slack takes, nor are there too many blocks', async () => {
  const long = 'x'.repeat(10_000);
  const sections = Array.from({ length: 100 }, () => ({ title: long, rows: [[long], [long]] }));
  const { payload } = await posted(messageOf({ subject: long, summary: long, sections }));
  expect(payload.blocks.length).toBeLessThanOrEqual(50);
  for (const { type, text } of payload.blocks)
    expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
});

test('personal links are for nobody in a channel', async () => {
  const links = [{ label: 'yours', url: 'https://sluice.example.org/notice/secret', recipient: 'ada@example.org' }];
  expect(JSON.stringify((await posted(messageOf({ links }))).payload)).not.toContain('secret');
});

test('a server of the same kind says when to come back', async () => {
  const receiver = await openReceiver();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-slack-'));
  try {
    const file = join(folder, 'address');
    writeFileSync(file, `${receiver.url}/hooks/abc\n`);
    receiver.answer = {
      status: 429,
      headers: { 'retry-after': '30', 'content-type': 'text/plain' },
      body: 'slow down',
    };
    const outside = openOutside({
      outside: outsideSettings.parse({ allow: ['localhost'] }),
      secrets: { team: { file, hosts: [receiver.host] } },
    });
    const sending = { outside, nowMs: () => 1_000_000, signal: new AbortController().signal };
    const body = { secret: 'team', url: receiver.url } as never;
    expect(await slack.deliver([messageOf()], body, sending)).toEqual({
      kind: 'later',
      trouble: `${receiver.host} answered 429: slow down`,
      retryAtMs: 1_030_000,
    });
    expect(receiver.received[0]?.path).toBe('/hooks/abc');
  } finally {
    await receiver.close();
    rmSync(folder, { recursive: true });
  }
});
