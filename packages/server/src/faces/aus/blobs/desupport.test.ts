import type { DesupportBlob } from 'sluice';
import { describe, expect, test } from 'vitest';
import { updates, xmlOf } from '../answer.fixture.ts';

function release(detailsUrl: string): DesupportBlob {
  return { name: 'No-More', schema_version: 50, detailsUrl, displayVersion: '50.0 & on' };
}

const client = { platform: 'Darwin_x86_64-gcc3', version: '48.0', locale: 'pt-BR' };

describe('the end of support', () => {
  test('is told with a page to read, whose host nobody has to allow', () => {
    const blob = release('https://support.example.com/%LOCALE%/%VERSION%/%OS%?a&b=%locale%/%version%/%os%');
    expect(xmlOf(blob, { request: client, updateType: 'major', hosts: [] })).toBe(
      updates(
        '    <update type="major" unsupported="true" detailsURL="https://support.example.com/pt-BR/48.0/Darwin?a&amp;b=pt-BR/48.0/Darwin" displayVersion="50.0 &amp; on">',
        '    </update>',
      ),
    );
  });

  test('is told whatever the client runs', () => {
    for (const version of ['999.0', '60.0b3', '', 'x']) {
      expect(xmlOf(release('https://x/%VERSION%'), { request: { ...client, version } })).toContain(
        `"https://x/${version}"`,
      );
    }
  });

  test('fills in each placeholder once, in upper or in lower case', () => {
    const request = { ...client, locale: '%VERSION%', version: '$&', platform: 'Solaris' };
    expect(xmlOf(release('https://x/%LOCALE%/%VERSION%/%OS%/%Os%'), { request })).toContain(
      ' detailsURL="https://x/%VERSION%/$&amp;/Solaris/%Os%" ',
    );
  });
});
