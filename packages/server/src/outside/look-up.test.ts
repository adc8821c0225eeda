import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type LookUp, openLookUp } from './look-up.ts';

/** A name server that answers when it is told to. */
function slowServer() {
  const asked: string[] = [];
  const answers = new Map<string, () => void>();
  const look: LookUp = async (host) => {
    asked.push(host);
    await new Promise<void>((resolve) => answers.set(host, resolve));
    if (host === 'gone') throw new Error('ENOTFOUND');
    return [{ address: '198.41.0.4', family: 4 }];
  };
  return { asked, look, answer: (host: string) => answers.get(host)?.() };
}

test('two names are looked up at a time, and the others wait for their turn', async () => {
  const { asked, look, answer } = slowServer();
  const lookUp = openLookUp(look);
  const found = ['a', 'gone', 'c', 'd'].map((host) => lookUp(host).catch(() => 'nothing'));
  await setImmediate();
  expect(asked).toEqual(['a', 'gone']);
  answer('gone');
  await setImmediate();
  expect(asked).toEqual(['a', 'gone', 'c']);
  for (const host of ['c', 'a']) answer(host);
  await setImmediate();
  expect(asked).toEqual(['a', 'gone', 'c', 'd']);
  answer('d');
  expect(await found[1]).toBe('nothing');
  expect(await found[3]).toHaveLength(1);
});

test('a name that is being looked up is not looked up beside it, and anew once that is done', async () => {
  const { asked, look, answer } = slowServer();
  const lookUp = openLookUp(look);
  const both = Promise.all([lookUp('a'), lookUp('a')]);
  await setImmediate();
  answer('a');
  await both;
  expect(asked).toEqual(['a']);
  void lookUp('a');
  await setImmediate();
  expect(asked).toEqual(['a', 'a']);
  answer('a');
});

test('this machine knows its own name', async () => {
  expect((await openLookUp()('localhost')).map(({ address }) => address)).toContainEqual(
    expect.stringMatching(/^(?:127\.0\.0\.1|::1)$/),
  );
});
