// An OpenID provider (oidc-provider) that tests talk to: `node provider.mjs SETTINGS.json`. Its clock can be moved.
import { readFileSync } from 'node:fs';

const told = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const now = Date.now.bind(Date);
let shift = 0; // seconds
Date.now = () => now() + shift * 1000;

const { Provider, errors } = await import('oidc-provider');

const provider = new Provider(told.issuer, {
  clients: [
    {
      client_id: 'frontend',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [told.redirect],
    },
    {
      client_id: 'machine',
      client_secret: told.secret,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ],
  clientDefaults: { id_token_signed_response_alg: told.alg },
  jwks: told.jwks,
  cookies: { keys: ['of these tests alone'] },
  pkce: { required: () => true },
  scopes: ['openid', 'cluster'],
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo(_ctx, resource) {
        if (!told.resources.includes(resource)) throw new errors.InvalidTarget();
        return {
          scope: 'cluster',
          audience: resource,
          accessTokenTTL: told.ttl,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: told.alg } },
        };
      },
    },
  },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  extraTokenClaims: (_ctx, token) => ({ realm_access: { roles: told.roles[token.accountId ?? token.clientId] ?? [] } }),
});

provider.use(async (ctx, next) => {
  if (ctx.path === '/clock') {
    shift = Number(ctx.query.shift);
    ctx.body = 'moved';
    return;
  }
  console.log(ctx.method, ctx.path);
  await next();
});
provider.listen(told.port, '127.0.0.1', () => console.log('listening'));
