// What tests of pages have in common: people who may do different things, a browser of each, what no page may have.
import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import { password } from './world.mjs'

const people = { taro: 'triager', jiro: 'approver', aoi: 'viewer' }

/** Makes the first administrator, hanako, and the others; each may sign in afterwards. */
export async function settle(world) {
  const post = (path, body, headers = {}) =>
    fetch(world.address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  await post('/api/setup', { Secret: world.secret, Name: 'hanako', Password: password })
  const session = await post('/api/session', { Name: 'hanako', Password: password })
  const [cookie] = session.headers.getSetCookie()[0].split(';')
  const { Csrf } = await session.json()
  for (const [Name, Role] of Object.entries(people)) {
    const made = await post('/api/users', { Name, Role, Password: password }, { cookie, 'x-yagura-csrf': Csrf })
    assert.ok(made.ok, `${Name} was not made`)
  }
}

/** A page of somebody who has signed in, and `api` to do as the page would. */
export async function openAs(world, browser, user, { lang = 'en-GB', width = 1280, theme = 'light' } = {}) {
  const context = await browser.newContext({
    locale: lang,
    timezoneId: 'Asia/Tokyo',
    colorScheme: theme,
    viewport: { width, height: 800 },
  })
  const session = await context.request.post(`${world.address}/api/session`, {
    data: { Name: user, Password: password },
  })
  const { Csrf } = await session.json()
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const errors = []
  page.on('console', (it) => {
    if (it.type() === 'error') errors.push(it.text())
  })
  page.on('pageerror', (it) => errors.push(it.message))
  const go = async (path) => {
    await page.goto(world.address + path)
    await page.locator('h1').first().waitFor()
    // A page may wait for several things at once.
    await page.waitForFunction(() => document.querySelector('[role="status"]') === null)
  }
  const api = async (method, path, data) => {
    const answer = await context.request.fetch(world.address + path, {
      method,
      headers: { 'x-yagura-csrf': Csrf },
      ...(data === undefined ? {} : { data }),
    })
    return { ok: answer.ok(), status: answer.status(), body: await answer.json().catch(() => undefined) }
  }
  return { context, page, errors, go, api }
}

export async function hasNoBarriers(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter((it) => ['serious', 'critical'].includes(it.impact))
  const told = serious.map((it) => `${where}: ${it.id}: ${it.nodes.map((node) => node.html).slice(0, 3)}`)
  assert.deepEqual(told, [])
}
