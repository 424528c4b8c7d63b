// What the console takes from the server that it stands before: its clock, the news of its jobs, and what it lets a
// project's member see.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ready } from './open.mjs'
import { recorded } from './world.mjs'

/** The morning after the second scan, whatever the time is where the browser runs. */
const now = '2026-02-08T06:00:00Z'

const yagura = ready({
  now,
  more: [{ Name: 'sora', Role: 'project-member', Projects: ['shop'] }],
  configure: () => `
[serve.scan]
snapshot = "${recorded}"

[[projects]]
name = "shop"
accounts = ["hinode-shop-*"]

[[projects]]
name = "platform"
ou = ["Root", "Root/Security", "Root/Infrastructure*"]

[[projects]]
name = "workloads"
ou = ["Root/Workloads/*"]
`,
})

test('ages and dates go by the clock of the server', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await go('/')
  await page.getByText(/^Last scan: 6 hr ago/).waitFor()
  assert.equal(await page.getByText('The last scan is old').count(), 0)
  await page.getByRole('link', { name: /^New/ }).click()
  await page.waitForURL(/since=2026-02-07T06%3A0\d%3A\d\dZ/)
  await go('/findings')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'New since yesterday' }).click()
  // Midnight in Tokyo.
  await page.waitForURL(/since=2026-02-06T15%3A00%3A00/)
  await go('/suppressions')
  await page.getByRole('button', { name: 'Ask for a suppression' }).click()
  assert.equal(await page.getByRole('dialog').getByLabel('Last day').inputValue(), '2026-05-09')
  assert.deepEqual(errors, [])
  await context.close()
})

test('who has just signed in goes by it, too', async () => {
  const { page, go, context } = await yagura.open(null)
  await go('/?')
  await page.getByLabel('User name').fill('aoi')
  await page.getByLabel('Password').fill('correct-horse-battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText(/^Last scan: 6 hr ago/).waitFor()
  await context.close()
})

const scanOf = (page) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Scan', exact: true }) })

/** Notes whatever the page shows of how far a scan has come: a fast one shows it for the blink of an eye. */
async function noteProgress(page) {
  await page.evaluate(() => {
    window.progress = []
    const look = () => window.progress.push(...(document.body.textContent.match(/\d+ of 12 accounts/g) ?? []))
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

test('a job that begins, comes further and ends is seen without asking again and again', async () => {
  const watcher = await yagura.open('aoi')
  let asked = 0
  watcher.page.on('request', (it) => {
    if (new URL(it.url()).pathname === '/api/jobs') asked += 1
  })
  await watcher.go('/jobs')
  const scan = scanOf(watcher.page)
  await scan.getByText('Not yet').waitFor()
  // Whether the stream is open cannot be seen; that it opened is what the second request is for.
  await watcher.page.waitForTimeout(1_500)
  const before = asked
  const { page, go, context } = await yagura.open('hanako')
  await go('/jobs')
  await noteProgress(watcher.page)
  await scanOf(page).getByRole('button', { name: 'Run now' }).click()
  await scan.getByText('Succeeded').waitFor({ timeout: 120_000 })
  assert.notDeepEqual(await watcher.page.evaluate(() => window.progress), [])
  const after = asked
  // The scan and the messages that follow it: each begins and ends.
  assert.ok(after > before && after - before <= 8, `asked ${after - before} times`)
  await watcher.page.waitForTimeout(3_000)
  assert.ok(asked - after <= 4, `asked ${asked - after} times while nothing happened`)
  assert.deepEqual(watcher.errors, [])
  await context.close()
  await watcher.context.close()
})

/** Everything that is said of other projects' accounts: their ids, their names, and what the projects are called. */
async function foreign() {
  const { api, context } = await yagura.open('hanako')
  const { Accounts: accounts } = (await api('GET', '/api/accounts')).body
  await context.close()
  const others = accounts.filter((it) => !it.Projects.includes('shop')).map((it) => it.Account)
  assert.ok(others.length > 5 && others.length < accounts.length)
  return [...others.flatMap((it) => [it.Id, it.Name]), '"workloads"', '"platform"'].filter(Boolean)
}

/** An answer without what resources say of themselves. */
async function told(response, path) {
  const text = await response.text()
  const own = (key, value) => (['Configuration', 'Evidence'].includes(key) ? undefined : value)
  return [path, response.status(), text && JSON.stringify(JSON.parse(text, own))]
}

test('a member of a project sees its accounts and nothing of others, on every page', async () => {
  const others = await foreign()
  const { page, errors, go, api, context } = await yagura.open('sora')
  const answers = []
  page.on('response', (it) => {
    const { pathname } = new URL(it.url())
    const isStream = pathname === '/api/events'
    if (pathname.startsWith('/api/') && !isStream) answers.push(told(it, pathname))
  })
  await go('/')
  const entries = page.getByRole('navigation').getByRole('link')
  const offered = await entries.evaluateAll((links) => links.map((it) => it.getAttribute('href')))
  assert.ok(offered.length > 8, `${offered}`)
  const { Findings: findings } = (await api('GET', '/api/findings?limit=1')).body
  const { Accounts: accounts } = (await api('GET', '/api/accounts')).body
  const { Resources: resources } = (await api('GET', '/api/resources?limit=1')).body
  assert.ok(findings.length === 1 && accounts.length > 0 && resources.length === 1)
  const { Account, Region, ResourceType, Id } = resources[0].Key
  const resource = new URLSearchParams({ account: Account, region: Region, type: ResourceType, id: Id })
  const paths = [
    ...new Set(offered),
    '/findings?group=rule',
    '/findings?group=account',
    '/findings?group=project',
    `/findings/${findings[0].Id}`,
    '/accounts?tab=projects',
    `/accounts/${accounts[0].Account.Id}`,
    '/compliance/cis-aws-5.0',
    '/compliance/cis-aws-5.0/2.1.1',
    '/scores?tab=accounts',
    '/scores?tab=projects',
    '/scores?tab=rules',
    '/scores?tab=scans',
    '/rules/restricted-ssh',
    ...['configuration', 'findings', 'relations', 'versions'].map(
      (tab) => `/inventory/resource?${resource}&tab=${tab}`,
    ),
    '/settings?tab=tokens',
    '/settings?tab=users',
    // Not offered, and yet somebody may have the address.
    '/jobs',
    '/deliveries',
    '/audit-log',
  ]
  for (const path of paths) {
    await go(path)
    await page.waitForTimeout(300)
    const text = await page.evaluate(() => {
      const shown = document.body.cloneNode(true)
      // What the member's own resources say of others, they say.
      for (const it of shown.querySelectorAll('[role="tree"], pre')) it.remove()
      return shown.textContent
    })
    assert.deepEqual(
      others.filter((it) => text.includes(it)),
      [],
      path,
    )
    for (const alert of await page.getByRole('alert').allTextContents()) {
      assert.match(alert, /^Needs the permission|^Only for those who see the whole organisation/, path)
    }
    assert.deepEqual(errors, [], path)
  }
  const all = await Promise.all(answers)
  assert.ok(all.length > paths.length)
  for (const [path, status, text] of all) {
    assert.ok(status < 400, `${path} answers ${status}: ${text}`)
    assert.deepEqual(
      others.filter((it) => text.includes(it)),
      [],
      path,
    )
  }
  await context.close()
})
