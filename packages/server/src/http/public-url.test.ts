import { expect, test } from 'vitest';
import { publicUrlSetting } from './public-url.ts';

test.each([
  ['https://updates.example.org', 'https://updates.example.org'],
  ['https://updates.example.org/', 'https://updates.example.org'],
  ['HTTPS://Updates.Example.org:8443/aus/', 'https://updates.example.org:8443/aus'],
  ['http://[2001:db8::1]:8080', 'http://[2001:db8::1]:8080'],
  ['https://example.org:443', 'https://example.org'],
])('%s is the public URL %s', (text, url) => {
  expect(publicUrlSetting.parse(text)).toBe(url);
});

test.each([
  '',
  'updates.example.org',
  '/aus',
  'ftp://example.org',
  'https:example.org',
  'https://',
  'https://example.org?',
  'https://example.org/?a=b',
  'https://example.org/#a',
  'https://user@example.org',
  'https://user:secret@example.org',
  'https://exa mple.org',
  'javascript:alert(1)',
])('%j is no public URL', (text) => {
  expect(publicUrlSetting.safeParse(text).error?.issues).toMatchObject([
    { message: expect.stringContaining('is no http or https URL') },
  ]);
});
