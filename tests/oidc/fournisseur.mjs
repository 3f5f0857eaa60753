// A real OpenID provider for the tests: panva's `oidc-provider`, the engine of ProConnect, shaped like it
// (identity-security.md §1). It listens on loopback, takes its clients and people from its one argument (JSON), and
// writes one line of JSON once it is ready: its issuer.

import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import Provider, { interactionPolicy } from 'oidc-provider';

const { clients, personnes } = JSON.parse(process.argv[2]);

const PREFIXE = '/api/v2';
const PORTEES = ['given_name', 'usual_name', 'email', 'uid', 'siret', 'idp_id', 'organization_label'];
const NIVEAUX = ['eidas0', 'eidas0-mfa', 'eidas1', 'eidas1-mfa', 'eidas2', 'eidas3'];

// Any other parameter is refused, `max_age` among them (Y000400).
const PARAMETRES = new Set([
  'response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'nonce', 'claims', 'prompt', 'idp_hint',
  'login_hint', 'siret_hint', 'acr_values', 'response_mode', 'code_challenge', 'code_challenge_method',
]);

function cle() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: randomBytes(8).toString('hex') };
}

function policeSansConsentement() {
  const police = interactionPolicy.base();
  police.remove('consent');
  return police;
}

// Everything that the client asked is granted: ProConnect has no screen of consent.
async function accorder(ctx) {
  const { client, session, requestParamOIDCScopes, requestParamClaims } = ctx.oidc;
  const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  grant.addOIDCClaims([...requestParamClaims]);
  await grant.save();
  return grant;
}

function configuration() {
  return {
    clients: clients.map((client) => ({
      grant_types: ['authorization_code'],
      response_types: ['code'],
      subject_type: 'pairwise',
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
      userinfo_signed_response_alg: 'ES256',
      ...client,
    })),
    jwks: { keys: [cle()] },
    acrValues: NIVEAUX,
    claims: { acr: null, amr: null, openid: ['sub'], ...Object.fromEntries(PORTEES.map((nom) => [nom, [nom]])) },
    scopes: ['openid'],
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (ctx, compte, client) => createHash('sha256').update(`${compte} ${client.clientId}`).digest('hex'),
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      userinfoSigningAlgValues: ['ES256', 'RS256'],
    },
    clientAuthMethods: ['client_secret_post'],
    pkce: { required: () => false },
    extraParams: ['siret_hint', 'idp_hint'],
    features: {
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      jwtUserinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, formulaire) => { ctx.body = `<!doctype html><title>fin</title>${formulaire}`; },
      },
    },
    findAccount: (ctx, compte) => ({ accountId: compte, claims: () => ({ sub: compte, ...personnes[compte] }) }),
    interactions: { policy: policeSansConsentement(), url: (ctx, { uid }) => `${PREFIXE}/interaction/${uid}` },
    loadExistingGrant: accorder,
    cookies: { keys: [randomBytes(16).toString('hex')] },
    routes: {
      authorization: '/authorize', token: '/token', userinfo: '/userinfo', jwks: '/jwks', end_session: '/session/end',
    },
    ttl: { AuthorizationCode: 60, AccessToken: 60, IdToken: 60, Interaction: 600, Session: 43200, Grant: 43200 },
    renderError: (ctx, sortie) => { ctx.type = 'text/plain'; ctx.body = sortie.error; },
  };
}

// What ProConnect refuses before its engine sees it.
function refuse(adresse) {
  const parametres = adresse.searchParams;
  const inconnu = [...parametres.keys()].some((nom) => !PARAMETRES.has(nom));
  const court = ['state', 'nonce'].some((nom) => (parametres.get(nom) ?? '').length < 32);
  return inconnu || court;
}

function finir(reponse, statut, corps) {
  reponse.writeHead(statut, { 'Content-Type': 'text/plain; charset=utf-8' }).end(corps);
}

async function corpsDe(requete) {
  const morceaux = [];
  for await (const morceau of requete) morceaux.push(morceau);
  return new URLSearchParams(Buffer.concat(morceaux).toString());
}

// The one screen: GET says that somebody must identify themselves, POST does it (`compte`, `acr`, `amr`) or gives up.
async function interaction(provider, requete, reponse) {
  if (requete.method === 'GET') {
    const { prompt } = await provider.interactionDetails(requete, reponse);
    finir(reponse, 200, `interaction ${prompt.reasons.join(' ')}`);
    return;
  }
  const { params } = await provider.interactionDetails(requete, reponse);
  const choix = await corpsDe(requete);
  const acr = choix.get('acr');
  const demande = JSON.parse(params.claims ?? '{}').id_token?.acr;
  if (!personnes[choix.get('compte')]) {
    await provider.interactionFinished(requete, reponse, { error: 'access_denied' });
  } else if (demande?.essential && !demande.values.includes(acr)) {
    const description = 'requested ACRs could not be satisfied';
    await provider.interactionFinished(requete, reponse, { error: 'access_denied', error_description: description });
  } else {
    const login = { accountId: choix.get('compte'), acr, amr: choix.get('amr').split(' ') };
    await provider.interactionFinished(requete, reponse, { login });
  }
}

const serveur = createServer();
serveur.listen(0, '127.0.0.1', () => {
  const origine = `http://127.0.0.1:${serveur.address().port}`;
  const provider = new Provider(origine + PREFIXE, configuration());
  provider.on('server_error', (ctx, erreur) => { console.error(erreur); });
  const moteur = provider.callback();
  serveur.on('request', (requete, reponse) => {
    const adresse = new URL(requete.url, origine);
    if (!adresse.pathname.startsWith(`${PREFIXE}/`)) {
      finir(reponse, 404, 'Y000404');
    } else if (adresse.pathname.startsWith(`${PREFIXE}/interaction/`)) {
      interaction(provider, requete, reponse).catch((erreur) => finir(reponse, 400, erreur.error ?? 'erreur'));
    } else if (adresse.pathname === `${PREFIXE}/authorize` && refuse(adresse)) {
      finir(reponse, 400, 'Y000400');
    } else {
      // The engine reads where it is mounted from what its own address lacks.
      requete.originalUrl = requete.url;
      requete.url = requete.url.slice(PREFIXE.length);
      moteur(requete, reponse);
    }
  });
  console.log(JSON.stringify({ emetteur: provider.issuer }));
});

// The tests hold the other end of this pipe: when they die, so does the provider.
process.stdin.on('end', () => process.exit(0)).resume();
