// npm `oidc-provider` as a mutual-TLS authorization server: `node provider.mjs config.json`.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { errors, Provider } from 'oidc-provider';
// Its store in memory forgets the oldest of a thousand entries; we ask about more.
import MemoryAdapter from './node_modules/oidc-provider/lib/adapters/memory_adapter.js';
import LRU from './node_modules/oidc-provider/lib/helpers/lru.js';

const store = new LRU({ maxSize: 2_000_000 });
const config = JSON.parse(readFileSync(process.argv[2]));
const read = (path) => readFileSync(path);
const RESOURCE = 'https://localhost:9445';

const keys = [['ec', { namedCurve: 'P-256' }], ['rsa', { modulusLength: 2048 }]].map(
  ([kind, options]) => ({
    ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), use: 'sig',
  }),
);

// How Node writes a subject, and RFC 4514: the other way round, and other names.
const TYPES = { organizationIdentifier: '2.5.4.97', 'organization identifier': '2.5.4.97' };
const rfc4514 = (subject) => subject.split('\n').reverse().map((line) => {
  const at = line.indexOf('=');
  const type = line.slice(0, at);
  return `${TYPES[type] ?? type}=${line.slice(at + 1).replace(/,/g, '\\,')}`;
}).join(',');

// Read once for each connection, as one who cares for speed would.
const presented = new WeakMap();
const certificate = ({ socket }) => {
  if (!presented.has(socket)) presented.set(socket, socket.getPeerX509Certificate());
  return presented.get(socket);
};

const provider = new Provider(`https://localhost:${config.port}`, {
  adapter: (model) => new MemoryAdapter(model, store),
  clients: config.clients,
  jwks: { keys },
  scopes: ['openid', 'accounts'],
  clientAuthMethods: ['tls_client_auth'],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  pkce: { required: () => true },
  cookies: { keys: ['bench'] },
  findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  extraTokenClaims: (ctx, token) => (token.accountId ? undefined : { sub: token.clientId }),
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: {
      enabled: true, allowedPolicy: (ctx, client) => client.clientId === config.introspecting,
    },
    revocation: { enabled: true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      tlsClientAuth: true,
      getCertificate: certificate,
      certificateAuthorized: (ctx) => ctx.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) => {
        if (property !== 'tls_client_auth_subject_dn') throw new errors.InvalidRequest('none');
        return rfc4514(certificate(ctx).subject) === expected;
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource, client) => {
        const { format, alg } = config.tokens[client.clientId];
        return {
          scope: 'accounts', audience: RESOURCE, accessTokenTTL: 300, accessTokenFormat: format,
          ...(format === 'jwt' ? { jwt: { sign: { alg } } } : {}),
        };
      },
    },
  },
});
for (const event of ['server_error', 'grant.error', 'introspection.error',
  'pushed_authorization_request.error', 'authorization.error']) {
  provider.on(event, (ctx, error) => console.error(event, error, error.error_detail ?? ''));
}

// The customer signs in and consents at once; after that her session and grant are there.
async function interact(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: config.customer, clientId: params.client_id });
  grant.addOIDCScope('openid');
  grant.addResourceScope(RESOURCE, 'accounts');
  await provider.interactionFinished(request, response, {
    login: { accountId: config.customer }, consent: { grantId: await grant.save() },
  });
}

const callback = provider.callback();
const server = createServer({
  key: read(config.key), cert: read(config.certificate), ca: read(config.roots),
  requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3',
}, (request, response) => {
  if (!request.url.startsWith('/interaction/')) return callback(request, response);
  return interact(request, response).catch((error) => {
    console.error('interaction', error);
    response.writeHead(500, { 'Content-Length': 0 }).end();
  });
});
server.listen(config.port, '127.0.0.1');
