import { expect, test } from 'vitest';
import { clientAddress } from './client-address.ts';
import { followTrust, type TrustSettings } from './follow-trust.ts';

test('a proxy is believed as long as the configuration names it', () => {
  let settings: TrustSettings = { trustedProxies: ['10.0.0.2'], forwardedHeader: 'x-forwarded-for' };
  const trust = followTrust(() => settings);
  const whoAsks = () => clientAddress('10.0.0.2', { 'x-forwarded-for': '192.0.2.7' }, trust());
  expect(whoAsks()).toBe('192.0.2.7');
  expect(trust()).toBe(trust());
  settings = { ...settings, trustedProxies: [] };
  expect(whoAsks()).toBe('10.0.0.2');
});
