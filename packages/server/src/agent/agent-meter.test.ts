import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openAgentMeter } from './agent-meter.ts';

const page = readFileSync(new URL('../../../../docs/operating/metrics.md', import.meta.url), 'utf8');

test('each metric of an agent has a row on the page, with its type and labels, and no other has', async () => {
  const meter = openAgentMeter(
    () => ({ isReady: true, pending: 3, oldestReadyAtMs: undefined }),
    () => 0,
  );
  meter.passed('ok', 0.1);
  meter.judged('unknown');
  meter.readSignal(true);
  const text = await meter.text();
  const told = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  const rows = [...page.matchAll(/^\| `(sluice_agent_\w+)` *\| (\w+)/gm)].map(([, name, type]) => `${name} ${type}`);
  expect(rows.sort()).toEqual(told.sort());
  for (const [, name, label] of text.matchAll(/^(\w+)\{(\w+)=/gm)) {
    const family = name?.replace(/_bucket$/, '');
    expect(page).toMatch(new RegExp(`^\\| \`${family}\` *\\| \\w+ *\\| \`${label}\``, 'm'));
  }
});
