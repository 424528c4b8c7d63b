// An identity provider for tests: OpenID Connect as it is written, on this machine, with people who need no password.
// It lives on `localhost`, which is another site than the `127.0.0.1` of the console, as a real one would be.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'

export const client = { id: 'yagura', secret: 'a secret of the client' }

const encoded = (it) => Buffer.from(it).toString('base64url')

/**
 * Starts; `people` are the claims of each, by name. What was asked for wrongly stands in `refused`. Whoever is in
 * `forged` gets a token that another key has signed.
 */
export async function provide(people, forged = []) {
  const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const others = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const codes = new Map()
  const refused = []
  let issuer

  const refuse = (answer, why) => {
    refused.push(why)
    answer.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: why }))
  }
  const tell = (answer, what) => answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(what))

  /** The page that people choose on; a name leads back with a code, and so does giving up without one. */
  const authorize = (asked, answer) => {
    const of = (name) => asked.searchParams.get(name)
    const isRight =
      of('response_type') === 'code' &&
      of('client_id') === client.id &&
      of('scope')?.split(' ').includes('openid') &&
      of('code_challenge_method') === 'S256' &&
      ['redirect_uri', 'state', 'nonce', 'code_challenge'].every((it) => of(it))
    if (!isRight) return refuse(answer, 'invalid_request')
    const back = (more) => {
      const place = new URL(of('redirect_uri'))
      place.search = new URLSearchParams({ ...more, state: of('state'), iss: issuer })
      return `<p><a href="${place.href.replaceAll('&', '&amp;')}">${more.code ? codes.get(more.code).name : 'Cancel'}</a></p>`
    }
    const links = Object.keys(people).map((name) => {
      const code = randomUUID()
      codes.set(code, { name, nonce: of('nonce'), challenge: of('code_challenge'), redirect: of('redirect_uri') })
      return back({ code })
    })
    const page = `<!doctype html><title>Provider</title><h1>Who are you?</h1>${links.join('')}${back({ error: 'access_denied' })}`
    answer.writeHead(200, { 'content-type': 'text/html' }).end(page)
  }

  const token = (body, authorization, answer) => {
    const form = new URLSearchParams(body)
    const begun = codes.get(form.get('code'))
    // A code is worth something once.
    codes.delete(form.get('code'))
    const basic = [client.id, client.secret].map((it) => new URLSearchParams({ '': it }).toString().slice(1)).join(':')
    if (authorization !== `Basic ${Buffer.from(basic).toString('base64')}`) return refuse(answer, 'invalid_client')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isRight =
      form.get('grant_type') === 'authorization_code' &&
      form.get('redirect_uri') === begun?.redirect &&
      challenge === begun?.challenge
    if (!isRight) return refuse(answer, 'invalid_grant')
    const { name, nonce } = begun
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, aud: client.id, iat: now, exp: now + 300, nonce, ...people[name] }
    const text = [{ alg: 'ES256', typ: 'JWT', kid: 'key' }, claims].map((it) => encoded(JSON.stringify(it))).join('.')
    const { privateKey: key } = forged.includes(name) ? others : ours
    const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
    tell(answer, { token_type: 'Bearer', access_token: randomUUID(), id_token: `${text}.${encoded(signature)}` })
  }

  const server = createServer(async (request, answer) => {
    const asked = new URL(request.url, issuer)
    let body = ''
    for await (const piece of request) body += piece
    const routes = {
      'GET /.well-known/openid-configuration': () =>
        tell(answer, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          authorization_response_iss_parameter_supported: true,
        }),
      'GET /keys': () =>
        tell(answer, { keys: [{ ...ours.publicKey.export({ format: 'jwk' }), kid: 'key', alg: 'ES256', use: 'sig' }] }),
      'GET /authorize': () => authorize(asked, answer),
      // Browsers ask for a picture of their own accord.
      'GET /favicon.ico': () => answer.writeHead(204).end(),
      'POST /token': () => token(body, request.headers.authorization, answer),
    }
    const route = routes[`${request.method} ${asked.pathname}`]
    if (route) route()
    else answer.writeHead(404).end()
  })
  await new Promise((done) => server.listen(0, 'localhost', done))
  issuer = `http://localhost:${server.address().port}`
  return {
    issuer,
    refused,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
