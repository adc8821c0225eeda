import { describe, expect, test } from 'vitest';
import { type Bundle, config, releaseRow, ruleRow } from './balrog-bundle.ts';
import { administratorIn, peopleIn, well } from './people.ts';
import { exportOf, makeFile, makeFolder, run, serve, sluice } from './sluice-process.ts';

const rule = {
  kind: 'rule',
  name: '10',
  priority: 100,
  product: 'Firefox',
  channel: 'release',
  release: 'Firefox-desupport',
  fallback: 'Firefox-desupport',
};

async function ruleIn(data: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await exportOf(data)).objects.find(({ kind, name }) => kind === 'rule' && name === '10');
}

test('what is put under a policy waits for sign-offs over the API, and then it is served', async () => {
  const data = makeFolder();
  const { ada, mary, ed } = await peopleIn({ data }, 'protected');
  const { adminPort: port } = await serve(data);
  const file = makeFile('rule.json', { ...rule, comment: 'new' });
  const put = () => run(['put', file, '--data', data, '--reason', 'better so']);
  const first = await put();
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(
    /^change \d+ waits for 1 sign-off as releng and 1 sign-off as relman; nothing is altered until then\n$/,
  );
  expect((await put()).stdout).toBe(first.stdout);
  expect((await ruleIn(data))?.['comment']).toBeUndefined();

  const id = Number(/\d+/.exec(first.stdout)?.[0]);
  const { headers, body } = await ed.ask(port, 'GET', `/changes/${id}`);
  expect(body).toMatchObject({ state: 'pending', reason: 'better so', proposer: expect.stringMatching(/^local:/) });
  const seen = { 'If-Match': headers.get('etag') ?? '' };
  const signed = await ada.ask(port, 'POST', `/changes/${id}/sign-off`, {}, seen);
  const now = { 'If-Match': signed.headers.get('etag') ?? '' };
  expect(await well(mary.ask(port, 'POST', `/changes/${id}/sign-off`, {}, now))).toMatchObject({ state: 'enacted' });
  expect((await ruleIn(data))?.['comment']).toBe('new');

  const gone = await sluice('delete', 'rule', '10', '--data', data);
  expect(gone).toMatch(/^change \d+ waits for /);
  expect(await ruleIn(data)).toBeDefined();
  expect(await sluice('put', file, '--data', data)).toMatch(/^nothing changed by 1 object; revision \d+\n$/);
});

const later = Date.UTC(2099, 0, 1);
const world: Bundle = {
  releases: ['1.0.5', '2.0.3'].map((version) => releaseRow('MyApp', version)),
  rules: [ruleRow(1, 'MyApp-1.0.5')],
  config,
};
const scheduled = Object.entries(ruleRow(1, 'MyApp-2.0.3')).map(([key, value]) => [`base_${key}`, value]);
const bundle = {
  ...world,
  permissions: [
    { permission: 'admin', username: 'root@example.org', options: null },
    { permission: 'rule', username: 'ada@example.org', options: { products: ['MyApp'] } },
    { permission: 'release_locale', username: 'ada@example.org', options: null },
  ],
  user_roles: [
    { username: 'ada@example.org', role: 'releng' },
    { username: 'root@example.org', role: 'releng' },
  ],
  product_req_signoffs: [{ product: 'MyApp', channel: 'release', role: 'releng', signoffs_required: 1 }],
  rules_scheduled_changes: [
    {
      sc_id: 4,
      scheduled_by: 'ada@example.org',
      complete: false,
      change_type: 'update',
      ...Object.fromEntries(scheduled),
    },
    { sc_id: 5, scheduled_by: 'ada@example.org', complete: false, change_type: 'delete', base_rule_id: 1 },
  ],
  rules_scheduled_changes_conditions: [
    { sc_id: 4, when: later },
    { sc_id: 5, when: null, telemetry_product: 'MyApp', telemetry_channel: 'release', telemetry_uptake: 1000 },
  ],
  rules_scheduled_changes_signoffs: [{ sc_id: 4, username: 'ada@example.org', role: 'releng' }],
};

describe('a bundle of Balrog with people, required sign-offs and scheduled changes', () => {
  test('is imported as a whole, and its changes wait to be signed here', async () => {
    const data = makeFolder();
    const file = makeFile('bundle.json', bundle);
    expect(await sluice('check', file)).toBe(`${file}: balrog, 10 objects, 1 scheduled change, no mistakes\n`);
    const admin = await administratorIn({ data });
    const first = await run(['import', 'balrog', file, '--data', data]);
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(
      'imported 2 releases, 1 rule, 1 file-host, 1 settings, 2 users, 2 grants, 1 policy; revision 2\n' +
        'one scheduled change waits: 3\n',
    );
    for (const told of [
      'permissions[2]: not taken: release_locale has no counterpart here',
      'rules_scheduled_changes[1]: not taken: it waits for uptake and not for a time',
      'rules_scheduled_changes_signoffs[0]: not taken: ',
    ]) {
      expect(first.stderr).toContain(`warning: ${told}`);
    }

    const { adminPort: port } = await serve(data);
    expect(await well(admin.ask(port, 'GET', '/changes/3'))).toMatchObject({
      state: 'pending',
      reason: "scheduled change 4 of Balrog's rules, by ada@example.org",
      condition: { time: { after: '2099-01-01T00:00:00Z' } },
      edits: [{ kind: 'rule', name: '1', op: 'patch', patch: { release: 'MyApp-2.0.3' } }],
      facts: { isSigned: false, required: [{ role: 'releng', count: 1, ownSignOff: true }] },
    });
    expect(await well(admin.ask(port, 'GET', '/audit/verify'))).toMatchObject({ ok: true });
  });

  test('under the policies of the first import the second waits, and takes its scheduled changes later', async () => {
    const data = makeFolder();
    await sluice(
      'import',
      'balrog',
      makeFile('bundle.json', { ...bundle, rules_scheduled_changes: [] }),
      '--data',
      data,
    );
    const next = makeFile('next.json', { ...bundle, rules: [ruleRow(1, 'MyApp-1.0.5', { comment: 'another' })] });
    const second = await run(['import', 'balrog', next, '--data', data]);
    expect(second.stdout).toMatch(/^change \d+ waits for 1 sign-off as releng; nothing is altered until then\n$/);
    expect(second.stderr).toMatch(
      /rules_scheduled_changes\[0\]: not taken: it rests on change \d+; import the file again/,
    );
  });
});
