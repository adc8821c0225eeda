import { createServer } from 'node:http';
import Provider from 'oidc-provider';

// A provider of OpenID Connect as a process of its own. It says where it listens, is told its client, and then who sits
// before it: whoever comes is that person and consents at once.

let person = { email: 'nobody@example.org', verified: true, cancels: false };
const server = createServer();

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', ({ client, sits }) => {
  if (client !== undefined) serve(client);
  if (sits !== undefined) person = sits;
  process.send('done');
});
// Without whoever started it there is nobody to end it.
process.on('disconnect', () => process.exit());

function serve(client) {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ ...client, grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['for tests only'] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: person.email, email_verified: person.verified }),
    }),
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return callback(request, response);
    interact(provider, request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
}

async function interact(provider, request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const result = await answerTo(provider, prompt.name, params.client_id, session?.accountId);
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

async function answerTo(provider, prompt, clientId, accountId) {
  if (person.cancels) return { error: 'access_denied', error_description: 'the person said no' };
  if (prompt === 'login') return { login: { accountId: person.email } };
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid email');
  return { consent: { grantId: await grant.save() } };
}
