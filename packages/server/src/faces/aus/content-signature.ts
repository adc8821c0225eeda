import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Problem } from '../../problem.ts';

/** Gives the value of the Content-Signature header for a body. */
export type ContentSigner = (body: string) => string;

/**
 * Signs bodies with a local key: ECDSA on P-384 with SHA-384 over `Content-Signature:`, a NUL and the body, the two
 * numbers of the signature one behind the other in base64url.
 *
 * Source: Mozilla's content-signature scheme, as `ContentSignatureVerifier` in Gecko reads it.
 *
 * @throws Problem `invalid-config` when the file is not there or holds no P-384 private key.
 */
export function openContentSigner({ keyFile, x5u }: { readonly keyFile: string; readonly x5u: string }): ContentSigner {
  const key = readKey(keyFile);
  return (body) => {
    const signature = sign('sha384', Buffer.from(`Content-Signature:\0${body}`), { key, dsaEncoding: 'ieee-p1363' });
    return `x5u=${x5u}; p384ecdsa=${signature.toString('base64url')}`;
  };
}

function readKey(keyFile: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(keyFile));
  } catch (error) {
    throw new Problem('invalid-config', `faces.aus.contentSignature.keyFile ${keyFile} holds no private key`, [], {
      cause: error,
    });
  }
  if (key.asymmetricKeyDetails?.namedCurve === 'secp384r1') return key;
  throw new Problem('invalid-config', `faces.aus.contentSignature.keyFile ${keyFile} holds no P-384 key`);
}
