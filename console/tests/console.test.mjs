// The console as people use it, in a real browser before a real server: every page in both languages without a console
// error, an untranslated text or a serious problem for assistive technology; and the main flows.
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { before, test } from 'node:test'
import { runnerImport } from 'vite'
import { hasNoBarriers, heading, ready } from './open.mjs'
import { password } from './world.mjs'

const yagura = ready({ empty: true })
/** Texts of the English dictionary that are something else in Japanese. */
const english = new Set()

before(async () => {
  for (const name of await readdir(new URL('../src/texts/en', import.meta.url))) {
    const [en, ja] = await Promise.all(
      ['en', 'ja'].map(async (lang) => (await runnerImport(`./src/texts/${lang}/${name}`)).module),
    )
    collect(Object.values(en)[0], Object.values(ja)[0])
  }
  assert.ok(english.size > 100, 'the dictionaries were not found')
})

function collect(en, ja) {
  for (const [key, value] of Object.entries(en)) {
    if (typeof value === 'string' && value !== ja[key] && /[a-z]{3}/i.test(value)) english.add(value)
    else if (typeof value === 'object') collect(value, ja[key])
  }
}

// The network is never idle: the stream of events stays open.
const settle = (page) => page.waitForTimeout(500)

test('the first administrator is made with the secret of the link', async () => {
  const { page, errors, context } = await yagura.open(null)
  await page.goto(`${yagura.world.address}/setup#secret=${yagura.world.secret}`)
  await page.getByLabel('User name').fill('hanako')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Password, again').fill(password)
  await hasNoBarriers(page, '/setup')
  await page.getByRole('button', { name: 'Make administrator' }).click()
  await heading(page, 'Overview')
  assert.deepEqual(errors, [])
  await context.close()
})

test('a wrong password is told, the right one leads to where one was going', async () => {
  const { page, context } = await yagura.open(null)
  await page.goto(`${yagura.world.address}/rules?text=ssh`)
  await page.getByLabel('User name').fill('hanako')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  await hasNoBarriers(page, '/sign-in')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await heading(page, 'Rules')
  assert.match(page.url(), /\/rules\?text=ssh$/)
  await context.close()
})

const instance = 'i-9869e65c1597e9e5b'

async function paths() {
  const { context } = await yagura.open('hanako')
  const get = async (path) => (await context.request.get(yagura.world.address + path)).json()
  const [finding, threat, incident] = await Promise.all([
    get('/api/findings?limit=1'),
    get('/api/findings?limit=1&kind=threat'),
    get('/api/incidents'),
  ])
  await context.close()
  return [
    '/',
    '/compliance',
    '/compliance/cis-aws-5.0',
    '/compliance/cis-aws-5.0?answer=INSUFFICIENT_DATA',
    '/compliance/cis-aws-5.0/1.1',
    '/scores',
    '/scores?tab=accounts',
    '/scores?tab=rules',
    '/scores?tab=scans',
    '/reports',
    '/findings?status=archived&ended=2026-01-01T00:00:00Z',
    '/findings',
    '/findings?group=rule',
    '/findings?group=account',
    '/findings?text=nothing-is-called-this',
    `/findings/${finding.Findings[0].Id}`,
    `/findings/${threat.Findings[0].Id}`,
    '/incidents',
    `/incidents/${incident.Incidents[0].Id}`,
    '/accounts',
    '/accounts?tab=projects',
    '/accounts/901234567890',
    '/rules',
    '/rules/restricted-ssh',
    '/rules/restricted-ssh?tab=try',
    `/rules/ec2-imdsv2-check?tab=try&account=901234567890&region=ap-northeast-1&type=AWS::EC2::Instance&resource=${instance}`,
    '/suppressions',
    '/deliveries',
    '/inventory',
    '/inventory?gone=true',
    '/inventory/resource',
    ...['configuration', 'findings', 'relations', 'versions'].map(
      (tab) =>
        `/inventory/resource?account=901234567890&region=ap-northeast-1&type=AWS::EC2::Instance&id=${instance}&tab=${tab}`,
    ),
    '/coverage',
    '/audit-log',
    '/settings',
    '/settings?tab=tokens',
    '/settings?tab=users',
  ]
}

for (const [lang, theme] of [
  ['en-GB', 'light'],
  ['ja-JP', 'dark'],
]) {
  test(`every page in ${lang}`, async () => {
    const { page, errors, go, context } = await yagura.open('hanako', { lang, theme })
    for (const path of await paths()) {
      await go(path)
      await settle(page)
      assert.deepEqual(errors, [], path)
      await hasNoBarriers(page, path)
      if (lang === 'ja-JP') {
        const left = await page.evaluate(visibleTexts)
        assert.deepEqual(
          left.filter((it) => english.has(it)),
          [],
          `${path} has English in it`,
        )
      }
    }
    await context.close()
  })
}

function visibleTexts() {
  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  // Code, and what stands in another language on purpose, is nobody's translation.
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement
    if (!parent.closest('code, pre, [translate="no"], [lang="en"], option:not(:checked)'))
      texts.push(walker.currentNode.data.trim())
  }
  for (const it of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
    texts.push(it.getAttribute('aria-label'), it.getAttribute('placeholder'), it.getAttribute('title'))
  }
  return texts.filter(Boolean)
}

test('on a phone nothing is wider than the screen', async () => {
  const { page, go, context } = await yagura.open('hanako', { width: 390, lang: 'ja-JP' })
  for (const path of await paths()) {
    await go(path)
    await settle(page)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok(wide <= 0, `${path} is ${wide} px too wide`)
  }
  await context.close()
})

test('findings are narrowed, selected and triaged', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await go('/findings')
  await page.getByRole('checkbox', { name: /^Critical/ }).check()
  await page.waitForURL(/severity=CRITICAL/)
  await page.getByRole('table').getByRole('checkbox').nth(1).check()
  await page.getByRole('table').getByRole('checkbox').nth(2).check()
  await page.getByRole('button', { name: 'Triage 2' }).click()
  await page.getByRole('dialog').getByLabel('Assignee').fill('hanako')
  await page.getByRole('dialog').getByLabel('Comment').fill('looking at it')
  await page.getByRole('dialog').getByRole('button', { name: 'Triage' }).click()
  await page.getByText('2 findings changed').waitFor()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('[data-row-link]').first().click()
  await page.getByText('looking at it').first().waitFor()
  await page.goBack()
  await page.waitForURL(/severity=CRITICAL/)
  assert.deepEqual(errors, [])
  await context.close()
})

test('the keyboard alone is enough', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await go('/findings')
  await page.locator('[data-row-link]').first().waitFor()
  for (const key of ['j', 'j', 'x']) await page.keyboard.press(key)
  await page.getByText('1 selected').waitFor()
  await page.keyboard.press('o')
  await page.waitForURL(/\/findings\/[0-9a-f]+$/)
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.waitForURL(/\/incidents$/)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('restricted-ssh')
  await page
    .getByRole('option', { name: /restricted-ssh/ })
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('language and theme are switched and kept, and one signs out', async () => {
  const { page, go, context } = await yagura.open('hanako')
  await go('/findings')
  await page.getByRole('button', { name: 'Language' }).click()
  await heading(page, '検出結果')
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja')
  await page.getByRole('button', { name: '外観' }).click()
  await page.getByRole('menuitem', { name: 'ダーク' }).click()
  await page.reload()
  await heading(page, '検出結果')
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
  await page.getByRole('button', { name: /アカウントメニュー/ }).click()
  await page.getByRole('menuitem', { name: 'サインアウト' }).click()
  await page.getByRole('button', { name: 'サインイン' }).waitFor()
  await context.close()
})
