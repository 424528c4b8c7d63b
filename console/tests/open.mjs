// What tests of pages have in common: a server, people who may do different things, a browser of each, what no page
// may have.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import { browserOptions } from './browser.mjs'
import { begin, password } from './world.mjs'

/** What the administrator gives others, who choose their own when they come first; the newcomer has not yet. */
export const given = 'given-by-hanako'
export const newcomer = 'midori'

const people = [
  { Name: 'taro', Role: 'triager' },
  { Name: 'jiro', Role: 'approver' },
  { Name: 'aoi', Role: 'viewer' },
]

/**
 * A server and a browser for the tests of a file. The first administrator is hanako, who makes the others, unless the
 * server is to be `empty`; `more` are people whom only this file needs.
 */
export function ready({ empty = false, more = [], ...how } = {}) {
  const it = {
    /** A page of somebody who has signed in, or of nobody. */
    open: (user, options) => openAs(it.world, it.browser, user, options),
  }
  before(async () => {
    it.world = await begin(how)
    if (!empty) await settle(it.world, [...people, ...more])
    it.browser = await chromium.launch(browserOptions)
  })
  after(async () => {
    await it.browser?.close()
    it.world?.close()
  })
  return it
}

async function settle(world, others) {
  const post = (path, body, headers = {}) =>
    fetch(world.address + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const signIn = async (name, password) => {
    const session = await post('/api/session', { Name: name, Password: password })
    const [cookie] = session.headers.getSetCookie()[0].split(';')
    return { cookie, 'x-yagura-csrf': (await session.json()).Csrf }
  }
  await post('/api/setup', { Secret: world.secret, Name: 'hanako', Password: password })
  const hanako = await signIn('hanako', password)
  for (const who of others) {
    const made = await post('/api/users', { ...who, Password: given }, hanako)
    assert.ok(made.ok, `${who.Name} was not made`)
    if (who.Name === newcomer) continue
    const change = { Password: given, NewPassword: password }
    const changed = await post('/api/session/password', change, await signIn(who.Name, given))
    assert.ok(changed.ok, `${who.Name} did not choose a password`)
  }
}

async function openAs(world, browser, user, { lang = 'en-GB', width = 1280, theme = 'light', ...more } = {}) {
  const context = await browser.newContext({
    locale: lang,
    timezoneId: 'Asia/Tokyo',
    colorScheme: theme,
    viewport: { width, height: 800 },
    ...more,
  })
  let csrf = ''
  if (user !== null) {
    const session = await context.request.post(`${world.address}/api/session`, {
      data: { Name: user, Password: password },
    })
    csrf = (await session.json()).Csrf
  }
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const errors = []
  page.on('console', (it) => {
    // Whoever has not signed in is told so by a 401, which Chromium writes down as an error.
    const isExpected = user === null && /status of 401/.test(it.text())
    if (it.type() === 'error' && !isExpected) errors.push(it.text())
  })
  page.on('pageerror', (it) => errors.push(it.message))
  const go = async (path) => {
    await page.goto(world.address + path)
    await page.locator('h1').first().waitFor()
    // A page may wait for several things at once.
    await page.waitForFunction(() => document.querySelector('[role="status"]') === null)
  }
  /** Does as the page would. */
  const api = async (method, path, data) => {
    const answer = await context.request.fetch(world.address + path, {
      method,
      headers: { 'x-yagura-csrf': csrf },
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

export const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor()
