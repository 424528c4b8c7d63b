// Signing in through an identity provider, from the button on the sign-in page and over another site back to where one
// was going; and what is told to those who do not come in.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { hasNoBarriers, heading, ready } from './open.mjs'
import { client, provide } from './provider.mjs'

const provider = await provide(
  {
    chief: { sub: '1000', preferred_username: 'chief', groups: ['heads'] },
    saki: { sub: '1001', preferred_username: 'saki', groups: ['security'] },
    kenji: { sub: '1002', preferred_username: 'kenji', groups: ['kitchen'] },
    mallory: { sub: '1001', preferred_username: 'saki', groups: ['security'] },
  },
  ['mallory'],
)
after(() => provider.close())

process.env.YAGURA_OPENID_SECRET = client.secret
const yagura = ready({
  empty: true,
  configure: (address) => `
[serve.openid_connect]
issuer = "${provider.issuer}"
client_id = "${client.id}"
client_secret_env = "YAGURA_OPENID_SECRET"
name = "Hinode"
redirect_url = "${address}"

[[serve.openid_connect.roles]]
groups = ["heads"]
role = "administrator"

[[serve.openid_connect.roles]]
groups = ["security"]
role = "viewer"
`,
})

/** From the sign-in page over the provider, as whom one chooses there. */
async function through(page, whom) {
  await page.getByRole('link', { name: 'Sign in with Hinode' }).click()
  await heading(page, 'Who are you?')
  assert.equal(new URL(page.url()).hostname, 'localhost', 'the provider is another site')
  await page.getByRole('link', { name: whom }).click()
}

test('the first to come in through the provider has to be an administrator', async () => {
  assert.ok(yagura.world.isInside, 'the binary has no console in it: npm run build, then cargo build -p yagura-cli')
  const { page, errors, go, context } = await yagura.open(null)
  await go('/')
  await heading(page, 'Make the first administrator')
  await through(page, 'saki')
  await page.getByRole('alert').getByText('Nobody has set up Yagura yet').waitFor()
  await heading(page, 'Make the first administrator')
  await hasNoBarriers(page, 'setting up with a provider')
  await through(page, 'chief')
  await heading(page, 'Overview')
  await go('/settings?tab=users')
  await page.getByRole('table').getByText('chief').waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('somebody comes in through the provider, and is where they were going', async () => {
  const { page, errors, go, context } = await yagura.open(null)
  await go('/rules?text=ssh')
  await heading(page, 'Sign in to Yagura')
  await hasNoBarriers(page, 'sign-in with a provider')
  await through(page, 'saki')
  await heading(page, 'Rules')
  assert.match(page.url(), /\/rules\?text=ssh$/)
  await page.getByRole('button', { name: 'Account menu: saki' }).click()
  await page.getByText('saki · Viewer').waitFor()
  await page.keyboard.press('Escape')
  // Once: the first page is the first page again.
  await go('/')
  await heading(page, 'Overview')
  assert.deepEqual(provider.refused, [])
  assert.deepEqual(errors, [])
  await context.close()
})

test('who has no password makes a token, or is led to sign in again first', async () => {
  const { page, go, context } = await yagura.open(null)
  await go('/settings?tab=tokens')
  await through(page, 'saki')
  const make = async () => {
    await page.getByRole('button', { name: 'Make a token' }).click()
    assert.equal(await page.getByRole('dialog').getByLabel('Present password').count(), 0)
    await page.getByRole('dialog').getByLabel('What it is for').fill('nightly export')
    await page.getByRole('dialog').getByRole('button', { name: 'Make' }).click()
  }
  await make()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  // Ten minutes later.
  const problem = { status: 403, code: 'sign-in-again', title: 'Sign in again first', detail: '' }
  await page.route('**/api/tokens', (route) =>
    route.request().method() === 'POST' ? route.fulfill({ status: 403, json: problem }) : route.continue(),
  )
  await make()
  await page.getByText('within the last ten minutes').waitFor()
  await page.getByRole('button', { name: 'Sign in again' }).click()
  await heading(page, 'Sign in to Yagura')
  await through(page, 'saki')
  await page.getByRole('table').getByText('nightly export').waitFor()
  await context.close()
})

test('who is of no group, gives up or brings a forged token is told so, and may try again', async () => {
  const { page, errors, go, context } = await yagura.open(null)
  await go('/accounts')
  for (const [whom, title] of [
    ['kenji', 'You are in no group that may use Yagura'],
    ['Cancel', 'The identity provider did not let you through'],
    ['mallory', 'What the identity provider said about you cannot be trusted'],
  ]) {
    await through(page, whom)
    await page.getByRole('alert').getByText(title).waitFor()
    assert.equal(new URL(page.url()).pathname, '/sign-in')
  }
  await hasNoBarriers(page, 'a sign-in that was refused')
  // Where one was going is not forgotten by that.
  await through(page, 'saki')
  await heading(page, 'Accounts and projects')
  assert.deepEqual(provider.refused, [])
  assert.deepEqual(errors, [])
  await context.close()
})

test('for everything that the server sends people back with there are words in both languages', async () => {
  const source = await readFile(new URL('../../crates/server/src/api/openid.rs', import.meta.url), 'utf8')
  const codes = [...source.matchAll(/=> "(openid-[a-z-]+)"/g)].map(([, code]) => code)
  assert.ok(codes.length >= 10, 'the codes were not found')
  const told = new Set()
  for (const lang of ['en-GB', 'ja-JP']) {
    const { page, go, context } = await yagura.open(null, { lang })
    for (const code of codes) {
      await go(`/sign-in?problem=${code}`)
      told.add(await page.getByRole('alert').textContent())
    }
    await go('/sign-in?problem=constructor')
    await page.getByRole('button', { name: /^(Sign in|サインイン)$/ }).waitFor()
    assert.equal(await page.getByRole('alert').count(), 0)
    await context.close()
  }
  assert.equal(told.size, 2 * codes.length)
})
