import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';

/** Codes of the library for an answer that came and does not hold what it must. */
const untrue: readonly string[] = [
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
];

/** Whose fault of the client's own set-up it is, and not of who signs in. */
const misconfigured: readonly string[] = [
  'invalid_client',
  'unauthorized_client',
  'server_error',
  'temporarily_unavailable',
];

/** Whether what went wrong with the provider is a no, or that it cannot be asked; and why, for the audit log. */
export function troubleOf(error: unknown): { readonly kind: 'refused' | 'unavailable'; readonly why: string } {
  if (error instanceof AuthorizationResponseError) {
    const kind = misconfigured.includes(error.error) ? 'unavailable' : 'refused';
    return { kind, why: `the provider answered ${error.error}` };
  }
  if (error instanceof ResponseBodyError) {
    const kind = error.status >= 500 || misconfigured.includes(error.error) ? 'unavailable' : 'refused';
    return { kind, why: `the provider did not take the code: ${error.error}` };
  }
  const code = error instanceof ClientError ? error.code : undefined;
  const reason =
    error instanceof Error ? [error.message, causeOf(error)].filter((text) => text !== '').join(': ') : String(error);
  return { kind: code !== undefined && untrue.includes(code) ? 'refused' : 'unavailable', why: reason };
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? cause.message : '';
}
