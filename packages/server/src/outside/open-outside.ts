import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { OutsideSettings } from '../outside-settings.ts';
import { Problem } from '../problem.ts';
import type { Secrets } from '../secrets-setting.ts';
import type { Outside } from '../signal.ts';
import { askServer } from './ask-server.ts';
import { type Exemption, readExemption } from './exemption.ts';
import { type LookUp, openLookUp } from './look-up.ts';
import { readSecret } from './read-secret.ts';

export interface OutsideConfig {
  readonly outside: OutsideSettings;
  readonly secrets: Secrets;
}

/** Opens the way out that a configuration describes. @throws Problem `invalid-config`. */
export function openOutside({ outside, secrets }: OutsideConfig, lookUp: LookUp = openLookUp()): Outside {
  const guard = {
    exemptions: outside.allow.map(readExemption).filter((exemption): exemption is Exemption => exemption !== undefined),
    http: outside.http,
    ca: outside.caFile === undefined ? undefined : [...rootCertificates, readCertificates(outside.caFile)],
    lookUp,
  };
  return {
    ask: (request) => askServer(request, guard),
    secret: (name, host) => readSecret(secrets, name, host),
  };
}

function readCertificates(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    // Nothing else says whether there is a certificate in it.
    new X509Certificate(text);
    return text;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('invalid-config', `outside.caFile: ${reason}`, [], { cause });
  }
}
