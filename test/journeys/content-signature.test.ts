import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { config, fileHost, noUpdate, offerIn, releaseRow, ruleRow, updatePath } from './balrog-bundle.ts';
import { type Answer, makeFile, makeFolder, run, serve, sluice } from './sluice-process.ts';

const x5u = 'https://signer.example.org/chain.pem';
const guardian = {
  name: 'Guardian-2.0',
  product: 'Guardian',
  data: {
    name: 'Guardian-2.0',
    schema_version: 10_000,
    version: '2.0',
    required: true,
    hashFunction: 'sha512',
    platforms: { WINNT_x86_64: { fileUrl: `https://${fileHost}/guardian-2.0.msi`, hashValue: 'b5'.repeat(64) } },
  },
};
const world = {
  releases: [releaseRow('MyApp', '2.0.3'), releaseRow('OtherApp', '2.0.3'), guardian],
  rules: [
    ruleRow(1, 'MyApp-2.0.3'),
    ruleRow(2, 'OtherApp-2.0.3', { product: 'OtherApp' }),
    ruleRow(3, 'Guardian-2.0', { product: 'Guardian' }),
  ],
  config: {
    ...config,
    allowlisted_domains: { [fileHost]: ['MyApp', 'OtherApp', 'Guardian'] },
    content_signature_products: ['MyApp'],
  },
};

const signedXml = updatePath({ version: '1.0.5' });
const nothingNew = updatePath({ version: '2.0.3' });
const otherXml = updatePath({ product: 'OtherApp', version: '1.0.5' });
const json = '/json/1/Guardian/1.0/WINNT_x86_64/release/update.json';
const noJson = '/json/1/Nobody/1.0/WINNT_x86_64/release/update.json';

async function inhabitedFolder(): Promise<string> {
  const data = makeFolder();
  await sluice('import', 'balrog', makeFile('bundle.json', world), '--data', data);
  return data;
}

function keyPair(namedCurve: string): { readonly publicKey: KeyObject; readonly file: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  return { publicKey, file: makeFile('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' })) };
}

function withKey(keyFile: string): readonly string[] {
  return ['--set', `faces.aus.contentSignature=${JSON.stringify({ keyFile, x5u })}`];
}

/** As a client verifies it: the two numbers of the signature stand one behind the other, 48 bytes each. */
function isSigned({ headers, body }: Answer, key: KeyObject): boolean {
  const header = String(headers['content-signature']);
  const [, chain, signature = ''] = /^x5u=([^;]+); p384ecdsa=([\w-]{128})$/.exec(header) ?? [];
  expect(chain).toBe(x5u);
  const signed = Buffer.from(`Content-Signature:\0${body}`);
  return verify('sha384', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
}

describe('with a key', () => {
  test('the XML of signed products and all JSON carries a signature that verifies, and nothing else has one', async () => {
    const { publicKey, file } = keyPair('P-384');
    const server = await serve(await inhabitedFolder(), withKey(file));

    const update = await server.ask(signedXml);
    expect(offerIn(update)).toBe('2.0.3 minor');
    expect(isSigned(update, publicKey)).toBe(true);
    expect(isSigned(update, keyPair('P-384').publicKey)).toBe(false);
    expect(isSigned({ ...update, body: update.body.replace('2.0.3', '6.6.6') }, publicKey)).toBe(false);

    const empty = await server.ask(nothingNew);
    expect(empty.body).toBe(noUpdate);
    expect(isSigned(empty, publicKey)).toBe(true);

    const guardianUpdate = await server.ask(json);
    expect(guardianUpdate.status).toBe(200);
    expect(JSON.parse(guardianUpdate.body)).toMatchObject({ version: '2.0', required: true });
    expect(isSigned(guardianUpdate, publicKey)).toBe(true);

    const other = await server.ask(otherXml);
    expect(offerIn(other)).toBe('2.0.3 minor');
    for (const answer of [other, await server.ask(noJson), await server.ask('/nowhere')]) {
      expect(answer.headers).not.toHaveProperty('content-signature');
    }
    expect((await server.stop()).code).toBe(0);
  });

  test('of another curve, or that is not there, the server does not start and says why', async () => {
    const data = await inhabitedFolder();
    for (const file of [keyPair('P-256').file, '/nowhere/key.pem', makeFile('key.pem', 'no key at all')]) {
      const serving = ['serve', '--data', data, '--public', '127.0.0.1:0', ...withKey(file)];
      const { code, stdout, stderr } = await run(serving);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      const complaint = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
      expect(complaint).toEqual([
        expect.stringMatching(/^sluice: .*: faces\.aus\.contentSignature\.keyFile .* holds no (?:P-384|private) key$/),
      ]);
      expect(complaint[0]).toContain(file);
    }
  });
});

test('without a key none is sent, and everything is answered all the same', async () => {
  const server = await serve(await inhabitedFolder());
  for (const path of [signedXml, otherXml, nothingNew, json]) {
    const { status, headers } = await server.ask(path);
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('content-signature');
  }
  expect((await server.stop()).code).toBe(0);
});
