import { expect, test } from 'vitest';
import { reviewStop } from './review-stop.ts';

test.each(['*', 'r*'])('a stop of the channel %s, which would hold nothing, is doubted', (channel) => {
  expect(reviewStop({ product: 'MyApp', channel })).toMatchObject([{ path: ['channel'], code: 'invalid-object' }]);
});

test('a stop of a version that cannot be read is doubted', () => {
  expect(reviewStop({ product: 'MyApp', version: '<60.0, sixty' })).toMatchObject([
    { path: ['version'], message: 'no version can be read from sixty' },
  ]);
});

test('a stop of channels by a glob, of a partner channel or of all is not doubted', () => {
  for (const channel of ['re*', 'release-cck-acme']) expect(reviewStop({ product: 'MyApp', channel })).toEqual([]);
  expect(reviewStop({ product: 'MyApp', version: '<60.0', platform: 'Linux' })).toEqual([]);
});
