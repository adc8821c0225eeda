import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../packages/server/src/stores/sqlite/connection.ts';
import { makeUsers, type Operator, operator } from './api-operator.ts';
import { makeFile, makeFolder, run, type Server, serve, sluice } from './sluice-process.ts';

const users = {
  'ada@example.org': ['admin', 'release-manager'],
  'bob@example.org': ['release-manager'],
  'carl@example.org': ['qa'],
};
const policies = [
  { kind: 'policy', name: 'managers', product: 'Firefox', role: 'release-manager', signOffs: 1 },
  { kind: 'policy', name: 'testers', product: 'Firefox', role: 'qa', signOffs: 1 },
];

interface Change {
  readonly id: number;
  readonly version: number;
  readonly state: string;
}

/** Each command is a process, and there are many. */
const timeout = 240_000;

let data: string;
let server: Server;
let ada: Operator;
let bob: Operator;
let carl: Operator;

beforeAll(async () => {
  data = makeFolder();
  server = await serve(data, ['--sample']);
  await makeUsers(data, users);
  [ada, bob, carl] = (await Promise.all(Object.keys(users).map((name) => operator(data, server, name)))) as [
    Operator,
    Operator,
    Operator,
  ];
  await sluice('put', makeFile('policies.json', policies), '--data', data);
}, timeout);

async function signBoth({ id, version }: Change): Promise<string> {
  await bob.sluice('change', 'sign', `${id}`, '--seen', `${version}`);
  return carl.sluice('change', 'sign', `${id}`, '--seen', `${version + 1}`);
}

function propose(...args: readonly string[]): Promise<Change> {
  return ada.json<Change>('change', 'propose', ...args);
}

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

const percentIn = (yaml: string): string | undefined => /^ {2}percent: (.*)$/m.exec(yaml)?.[1];

describe('with the command line', { timeout }, () => {
  test('changes are drafted, signed in two roles, enacted, overtaken, mended, vetoed and reverted', async () => {
    const atFirst = await ada.sluice('show', 'rule', '20');
    const draft = await propose(
      '--set',
      'rule 20 share.percent=40',
      '--at',
      '2020-01-01T00:00:00Z',
      '--draft',
      '--reason',
      'forty',
    );
    expect(draft.state).toBe('draft');
    const id = `${draft.id}`;
    expect(await ada.run('change', 'sign', id, '--seen', '1')).toMatchObject({ code: 1 });
    expect(await ada.sluice('change', 'submit', id)).toContain(`change ${id} is pending (version 2)\n`);
    expect(await bob.run('change', 'sign', id, '--seen', '1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('changed this first'),
    });
    expect(await bob.sluice('change', 'sign', id, '--seen', '2')).toContain(
      'waits for 1 of 1 sign-offs as qa (policy testers)',
    );
    await carl.sluice('change', 'sign', id, '--seen', '3');
    await carl.sluice('change', 'withdraw', id);
    expect(await ada.run('change', 'enact', id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not signed off'),
    });
    await carl.sluice('change', 'sign', id, '--seen', '5', '--role', 'qa');
    const enacted = await ada.sluice('change', 'enact', id);
    const revision = /is enacted; revision (\d+)\n$/.exec(enacted)?.[1] ?? '';
    expect(percentIn(await ada.sluice('show', 'rule', '20'))).toBe('40');

    const later = await propose(
      '--set',
      'rule 20 share.percent=0',
      '--at',
      '2099-12-01T10:00',
      '--zone',
      'Europe/Berlin',
      '--priority',
      '5',
      '--reason',
      'stop it then',
    );
    const waiting = await signBoth(later);
    expect(waiting).toMatch(
      /is pending \(version 3\)\n {2}waits for the time from 2099-12-01T10:00 Europe\/Berlin: holds from 2099-12-01T09:00:00.000Z on\n$/,
    );
    const unrelated = await propose('--set', 'rule 20 comment=as agreed', '--reason', 'a comment');
    expect(await signBoth(unrelated)).toContain('is enacted');
    const kept = await ada.sluice('change', 'show', `${later.id}`);
    expect(kept).toContain('signed     by bob@example.org as release-manager');
    expect(kept).not.toContain('in conflict');
    expect(kept).toContain('  ~ rule 20\n      share.percent: 40 → 0\n');
    const overlapping = await propose('--set', 'rule 20 share={kind: percent, percent: 30}', '--reason', 'thirty');
    await signBoth(overlapping);
    const overtaken = await ada.sluice('change', 'show', `${later.id}`);
    expect(overtaken).toContain(`in conflict: change ${overlapping.id} altered rule 20 /share too`);

    const seen = /\(version (\d+)\)/.exec(overtaken)?.[1] ?? '';
    const mend = ['change', 'edit', `${later.id}`, '--set', 'rule 20 share.percent=1', '--seen', seen];
    expect(await ada.run(...mend)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('void the sign-offs of bob@example.org'),
    });
    expect(await ada.sluice(...mend, '--void-sign-offs')).toContain('waits for 1 of 1 sign-offs as qa');
    expect(await carl.sluice('change', 'veto', `${later.id}`, '--reason', 'no need')).toMatch(
      /is vetoed by user:carl@example.org at .*: no need\n$/,
    );
    expect(await ada.sluice('change', 'list')).toBe('no changes\n');
    expect(await ada.sluice('change', 'list', '--state', 'vetoed', '--kind', 'rule', '--name', '20')).toMatch(
      /^ +\d+ {2}vetoed {4}user:ada@example\.org: stop it then/,
    );

    const back = await ada.json<Change>('change', 'revert', `${overlapping.id}`, '--reason', 'forty was better');
    await signBoth(back);
    expect(percentIn(await ada.sluice('show', 'rule', '20'))).toBe('40');
    expect(await ada.sluice('show', 'rule', '20', '--as-of', '1')).toBe(atFirst);
    expect(percentIn(await ada.sluice('show', 'rule', '20', '--as-of', revision))).toBe('40');
    const history = await ada.sluice('history', 'rule', '20');
    expect(
      history.split('\n').map((line) => line.replace(/^(version \d+) .* user:ada@example.org: (.*) {2}\(.*$/, '$1 $2')),
    ).toEqual([
      'version 5 forty was better',
      'version 4 thirty',
      'version 3 a comment',
      'version 2 forty',
      expect.stringMatching(/^version 1 /),
      '',
    ]);
    expect(await ada.sluice('history', 'rule', '20', '--diff', '2..4')).toBe(
      '~ rule 20\n    comment: "a quarter of those who ask" → "as agreed"\n    share.percent: 40 → 30\n',
    );
  });

  test('a stop is made at once, told of with when it holds, and lifted by a change', async () => {
    const stopped = await bob.run('stop', 'Firefox', '--version', '150.0', '--reason', 'x');
    expect(stopped).toMatchObject({ code: 1, stderr: expect.stringContaining('bob@example.org may not stop Firefox') });
    const text = await ada.sluice('stop', 'Firefox', '--channel', 'release', '--reason', 'it crashes');
    const name = 'Firefox/release';
    expect(text).toMatch(new RegExp(`^stopped ${name}; revision \\d+, change \\d+\n`));
    expect(text).toMatch(
      / {2}every node that reaches the database holds it within 5 s, from \d{4}-.*Z at the latest\n/,
    );
    expect(text).toMatch(/ {2}caches in front may hand out what they hold for 90 s more, until .*Z\n/);
    const url = '/update/3/Firefox/156.0/1/Linux_x86_64-gcc3/en-US/release/x/default/default/update.xml?force=1';
    await expect.poll(async () => (await server.ask(url)).body, { timeout: 5000 }).not.toContain('<update ');
    expect(await ada.sluice('stop', 'Firefox', '--channel', 'release')).toContain('was stopped already');
    const lift = await propose('--delete', `emergency-stop ${name}`, '--reason', 'mended');
    expect(lift.state).toBe('pending');
    await signBoth(lift);
    await expect.poll(async () => (await server.ask(url)).body, { timeout: 5000 }).toContain('<update ');
  });

  test('what a change would do is said before it is proposed', async () => {
    const url = '/update/3/Firefox/156.0/1/Linux_x86_64-gcc3/en-US/release/x/default/default/update.xml';
    await server.ask(url);
    const text = await ada.sluice('preview', '--set', 'rule 20 share.percent=90');
    expect(text).toContain('needs 1 sign-off as qa (policy testers)');
    expect(text).toMatch(/ {2}product Firefox: \d+ of \d+ lines, [\d.]+ other answers\n/);
    const { id } = await propose('--set', 'rule 20 share.percent=90', '--draft', '--reason', 'ninety');
    const withoutTime = (preview: string): string => preview.replace(/^.*\n/, '');
    expect(withoutTime(await ada.sluice('preview', `${id}`))).toBe(withoutTime(text));
    await ada.sluice('change', 'veto', `${id}`, '--reason', 'only looked');
  });

  test('a chain is proposed, signed and stopped as one thing, which says where the share stays', async () => {
    const share = percentIn(await ada.sluice('show', 'rule', '20'));
    const chain = await ada.json<Change>(
      ...['chain', 'propose', '--rule', '20', '--steps', '1,5@24h', '--at', '2099-12-01T10:00:00Z'],
      ...['--back-when', '{change: {id: 1, state: enacted}}', '--reason', 'in steps'],
    );
    const id = `${chain.id}`;
    await bob.sluice('chain', 'sign', id, '--seen', `${chain.version}`);
    const signed = await carl.sluice('chain', 'sign', id, '--seen', `${chain.version + 3}`);
    expect(signed).toContain(`chain ${id} is pending (version ${chain.version + 6}): in steps (proposed by user:ada@`);
    expect(signed).toContain(`rule 20 share ${share} % -> 1 %  (change ${id}; not before 2099-12-01T10:00:00.000Z)\n`);
    expect(signed).toContain(
      `rule 20 share 1 % -> 5 %  (change ${chain.id + 1}; not before 2099-12-02T10:00:00.000Z)\n`,
    );
    expect(signed).toContain('rule 20 share 5 % -> 0 %');
    expect(signed).toContain(`  if stopped rule 20 stays at ${share} %\n`);
    const vetoed = await ada.sluice('chain', 'veto', id, '--reason', 'no need');
    expect(vetoed).toContain(`step 1 of chain ${id} was vetoed: no need)\n  now        rule 20 stays at ${share} %\n`);
    const file = makeFile('chain.json', {
      reason: 'x',
      steps: [
        { edits: [{ op: 'patch', kind: 'rule', name: '20', patch: { comment: 'x' } }] },
        { edits: [{ op: 'no' }] },
      ],
    });
    expect(await ada.run('chain', 'propose', file)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('steps[1].edits[0].op'),
    });
  });

  test('the audit log is read and verified, over the API and on the database', async () => {
    const list = await ada.sluice('audit', 'list', '--action', 'change.vetoed', '--limit', '1');
    expect(list).toMatch(/^ +\d+ {2}.*Z {2}user:ada@example\.org {2}change\.vetoed {2}change \d+\n$/);
    const all = await ada.json<{ entries: readonly { seq: number }[] }>('audit', 'list', '--limit', '1000');
    expect(all.entries.at(-1)?.seq).toBe(1);
    expect(new Set(all.entries.map(({ seq }) => seq)).size).toBe(all.entries.length);
    for (const verdict of [await ada.sluice('audit', 'verify'), await sluice('audit', 'verify', '--data', data)])
      expect(verdict).toMatch(/^\d+ entries are as they were written; the last is \d+, [0-9a-f]{64}\n$/);
  });

  test('tokens are made, listed and revoked, and a link for signing in is made', async () => {
    const made = await ada.run('token', 'make', 'reader', '--scope', 'read', '--days', '1');
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^sluice_[\w-]{43}\n$/);
    const id = /^token (\w+) of user:ada@example\.org/.exec(made.stderr)?.[1] ?? '';
    expect(await ada.sluice('token', 'list')).toMatch(
      new RegExp(`^${id}  user:ada@example\\.org  reader  \\(until .*, never used, only read\\)$`, 'm'),
    );
    const environment = { SLUICE_URL: `http://127.0.0.1:${server.adminPort}`, SLUICE_TOKEN: made.stdout.trim() };
    const limited = (...args: readonly string[]) => run(args, { environment });
    expect(await limited('show', 'rule', '20')).toMatchObject({ code: 0 });
    expect(await limited('stop', 'Firefox')).toMatchObject({ code: 1, stderr: expect.stringContaining('may not') });
    expect(await ada.sluice('token', 'revoke', id)).toBe(`revoked token ${id}\n`);
    await expect
      .poll(async () => (await limited('show', 'rule', '20')).stderr, { timeout: 10_000 })
      .toContain('Nobody is signed in');
    const link = await sluice('sign-in-link', 'bob@example.org', '--data', data, '--url', 'http://127.0.0.1:8081/');
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8081\/sign-in\/link\?secret=sluice_link_[\w-]{43}\n$/);
    expect(await run(['sign-in-link', 'nobody@example.org', '--data', data])).toMatchObject({ code: 1 });
  });

  test('nothing is sent without a token, and nothing understood that is not a command', async () => {
    const environment = { SLUICE_URL: `http://127.0.0.1:${server.adminPort}` };
    expect(await run(['change', 'list'], { environment })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('SLUICE_TOKEN'),
    });
    expect(await ada.run('change', 'list', '--url', 'http://192.0.2.1:8081')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--insecure'),
    });
    const elsewhere = { code: 1, stderr: expect.stringContaining('The admin API did not answer as it should: ') };
    for (const port of [server.port, await closedPort()])
      expect(await ada.run('change', 'list', '--url', `http://127.0.0.1:${port}`)).toMatchObject(elsewhere);
    expect(await ada.run('change', 'propose', '--reason', 'x')).toMatchObject({ code: 2 });
    expect(
      await ada.run('change', 'propose', '--set', 'rule 20 priority=1', '--at', '2099-12-01T10:00', '--reason', 'x'),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--zone Europe/Berlin'),
    });
  });

  test('a signal of the server is read from here, by the configuration of here', async () => {
    const url = `http://127.0.0.1:${server.adminPort}/api/v1/me`;
    const written = { kind: 'signal', name: 'here', product: 'Elsewhere', source: 'http-json', url, value: '/x' };
    await sluice('put', makeFile('signal.json', written), '--data', data);
    expect(await ada.run('signal', 'read', 'here', '--set', 'outside.allow=["127.0.0.1"]')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^here: unknown\n {2}127\.0\.0\.1:\d+: it answered 401/),
    });
    expect(await ada.run('signal', 'read', 'gone')).toMatchObject({ code: 1, stdout: '' });
  });

  test('an entry that somebody alters in the database is named', async () => {
    await server.stop();
    const database = connect(`${data}/sluice.db`);
    database.exec("update audit set actor = 'user:nobody@example.org' where seq = 3");
    database.close();
    const altered = await run(['audit', 'verify', '--data', data]);
    expect(altered).toMatchObject({ code: 1, stderr: '', stdout: expect.stringMatching(/^entry 3 is altered: /) });
    const verdict = await run(['audit', 'verify', '--data', data, '--json']);
    expect([verdict.code, JSON.parse(verdict.stdout)]).toEqual([1, expect.objectContaining({ ok: false, seq: 3 })]);
  });
});
