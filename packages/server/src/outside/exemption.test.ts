import { expect, test } from 'vitest';
import { outsideSettings } from '../outside-settings.ts';
import { isExempt, readExemption } from './exemption.ts';

const allows = (text: string, host: string, port: number, address: string): boolean => {
  const exemption = readExemption(text);
  return exemption !== undefined && isExempt(exemption, { host, port }, address);
};

test('a name is that name on every port, or on one', () => {
  expect(allows('Prometheus.Internal', 'prometheus.internal', 9090, '10.0.0.1')).toBe(true);
  expect(allows('prometheus.internal:9090', 'prometheus.internal', 9090, '10.0.0.1')).toBe(true);
  expect(allows('prometheus.internal:9090', 'prometheus.internal', 9091, '10.0.0.1')).toBe(false);
  expect(allows('prometheus.internal', 'a.prometheus.internal', 9090, '10.0.0.1')).toBe(false);
});

test('an address or a network is every name that leads there', () => {
  expect(allows('10.0.0.1', 'a.example.org', 80, '10.0.0.1')).toBe(true);
  expect(allows('10.0.0.1:80', 'a.example.org', 81, '10.0.0.1')).toBe(false);
  expect(allows('10.0.0.0/8', 'a.example.org', 80, '10.255.0.1')).toBe(true);
  expect(allows('10.0.0.0/8', 'a.example.org', 80, '11.0.0.1')).toBe(false);
  expect(allows('[::1]:80', '[::1]', 80, '::1')).toBe(true);
  expect(allows('::1', '[::1]', 80, '0:0:0:0:0:0:0:1')).toBe(true);
  expect(allows('fd00::/8', 'a.example.org', 80, 'fd12::1')).toBe(true);
});

test('a network of one family is never that of another, however an address is wrapped', () => {
  expect(allows('127.0.0.0/8', '[::ffff:7f00:1]', 80, '::ffff:127.0.0.1')).toBe(false);
  expect(allows('0.0.0.0/0', '[::1]', 80, '::1')).toBe(false);
});

test.each(['', '10.0.0.0/33', '10.0.0.0/', '10.1/8', 'a/8', 'a b', 'http://a', 'a:0', 'a:65536', 'a:b', '[::1', 'u@a'])(
  '%j is none',
  (text) => {
    expect(readExemption(text)).toBeUndefined();
    expect(outsideSettings.safeParse({ allow: [text] }).success).toBe(false);
  },
);
