// The inventory, suppressions, deliveries, saved views and a rule that is tried, as people use them.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { hasNoBarriers, ready } from './open.mjs'

const yagura = ready()

const instance =
  '/inventory/resource?account=901234567890&region=ap-northeast-1&type=AWS::EC2::Instance&id=i-9869e65c1597e9e5b'
const tried =
  '/rules/ec2-imdsv2-check?tab=try&account=901234567890&region=ap-northeast-1&type=AWS::EC2::Instance&resource=i-9869e65c1597e9e5b'

test('resources are searched, narrowed and opened', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await go('/inventory')
  await page.getByRole('checkbox', { name: /^EC2::SecurityGroup/ }).check()
  await page.waitForURL(/type=AWS%3A%3AEC2%3A%3ASecurityGroup/)
  await page.getByPlaceholder(/over all accounts/).fill('ssh-open')
  await page.waitForURL(/text=ssh-open/)
  await page.getByText(/^\d+ resources? of/).waitFor()
  await page.locator('[data-row-link]', { hasText: 'ssh-open' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'ssh-open' }).waitFor()
  await page.goBack()
  await page.waitForURL(/text=ssh-open/)
  await go('/inventory?gone=true')
  await page.getByText('Nothing that was seen before is gone').waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('the whole inventory is scrolled through, with few rows on the page', async () => {
  const { page, errors, go, api, context } = await yagura.open('hanako')
  const { Total } = (await api('GET', '/api/resources/counts')).body
  await go('/inventory')
  const shown = page.getByText(`All ${new Intl.NumberFormat('en-GB').format(Total)} shown`)
  for (let step = 0; step < 60 && !(await shown.isVisible()); step += 1) {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await page.waitForTimeout(120)
  }
  await shown.waitFor()
  assert.ok((await page.locator('[role="row"]').count()) < 80, 'only rows on screen exist')
  assert.deepEqual(errors, [])
  await context.close()
})

test('a configuration is searched and walked with the keyboard', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await go(instance)
  const tree = page.getByRole('tree')
  await tree.getByRole('treeitem').first().focus()
  for (const key of ['ArrowDown', 'ArrowLeft', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key)
  await page.getByText('BlockDeviceMappings[0]', { exact: true }).waitFor()
  await page.getByPlaceholder('Search keys and values').fill('httptokens')
  await page.getByText('1 found').waitFor()
  assert.equal(await tree.getByRole('treeitem').count(), 2)
  await page.getByRole('treeitem', { name: /HttpTokens/ }).click()
  await page.getByText('MetadataOptions.HttpTokens', { exact: true }).waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('versions are compared path by path', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await page.route('**/api/resources/versions**', async (route) => {
    const answer = await route.fetch()
    const { Versions: versions } = await answer.json()
    const newer = structuredClone(versions[0])
    newer.At = '2026-02-03T00:00:00Z'
    newer.Scan += 1
    newer.Resource.Configuration.MetadataOptions.HttpTokens = 'required'
    newer.Resource.Configuration.NetworkInterfaces[0].Groups.unshift({ GroupId: 'sg-new', GroupName: 'new' })
    newer.Resource.Tags = { ...newer.Resource.Tags, Reviewed: 'yes' }
    delete newer.Resource.Configuration.Hypervisor
    await route.fulfill({ json: { Versions: [newer, ...versions] } })
  })
  await go(`${instance}&tab=versions`)
  await page.getByText('2 added, 1 removed, 1 changed').waitFor()
  await page.getByText('NetworkInterfaces[0].Groups[0]', { exact: true }).waitFor()
  await page.getByText('MetadataOptions.HttpTokens', { exact: true }).waitFor()
  await hasNoBarriers(page, 'versions')
  await page.getByLabel('Newer').selectOption({ index: 1 })
  await page.getByText('Choose two versions that differ.').waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('relationships are a graph and a list, both reached with the keyboard', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await go(`${instance}&tab=relations`)
  await page.locator('.react-flow__node').nth(4).waitFor()
  const nodes = await page.locator('.react-flow__node').count()
  await page
    .getByRole('button', { name: /^Show what .* is related to/ })
    .first()
    .focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction((before) => document.querySelectorAll('.react-flow__node').length >= before, nodes)
  await page
    .getByRole('button', { name: /^Hide what/ })
    .first()
    .waitFor()
  await page.getByRole('heading', { name: /^Points to/ }).waitFor()
  await page.locator('.react-flow__node a', { hasText: 'ssh-open' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'ssh-open' }).waitFor()
  assert.match(page.url(), /tab=relations/)
  assert.deepEqual(errors, [])
  await context.close()
})

test('a finding leads to its resource, and to how the rule came to its answer', async () => {
  const { page, errors, go, api, context } = await yagura.open('hanako')
  const { body } = await api('GET', '/api/findings?rule=ec2-imdsv2-check&account=901234567890&limit=1')
  await go(`/findings/${body.Findings[0].Id}`)
  await page.getByRole('link', { name: 'How the rule came to this answer' }).click()
  await page.getByText('Non-compliant', { exact: true }).waitFor()
  await page.getByText('resource.MetadataOptions.HttpTokens == "required"', { exact: true }).waitFor()
  await hasNoBarriers(page, 'a rule that is tried')
  await page.getByRole('link', { name: 'See the resource' }).click()
  await page.getByRole('tree').waitFor()
  await go('/rules/ec2-imdsv2-check?tab=try')
  await page.getByPlaceholder('Name, id or ARN').fill('batch')
  await page
    .getByRole('link', { name: /^batch/ })
    .first()
    .click()
  await page.getByText('Answer').or(page.getByText('How it comes to that')).first().waitFor()
  await go(tried)
  assert.deepEqual(errors, [])
  await context.close()
})

test('a suppression is asked for out of the list, agreed to by somebody else, and ended', async () => {
  const asking = await yagura.open('taro')
  await asking.go('/findings?rule=restricted-ssh&account=901234567890')
  await asking.page.getByRole('table').getByRole('checkbox').nth(1).check()
  await asking.page.getByRole('button', { name: 'Suppress…' }).click()
  const dialog = asking.page.getByRole('dialog')
  await dialog.getByText(/It would hide 1 open finding/).waitFor()
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
  await dialog.getByText('Fill in a name, a reason and the last day.').waitFor()
  await dialog.getByLabel('Name').fill('bastion')
  await dialog.getByLabel('Reason').fill('The bastion of the operations team')
  await dialog.getByLabel('What protects instead').fill('Reached through the VPN only')
  await hasNoBarriers(asking.page, 'the request')
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
  await asking.page.getByText('“bastion” waits for somebody to agree').waitFor()
  await asking.go('/suppressions?tab=requested')
  await asking.page.locator('[data-row-link]', { hasText: 'bastion' }).click()
  const own = asking.page.getByRole('button', { name: 'Agree' })
  assert.equal(await own.getAttribute('aria-disabled'), 'true')
  await asking.page.getByRole('button', { name: 'Take back' }).waitFor()
  assert.deepEqual(asking.errors, [])
  await asking.context.close()

  const agreeing = await yagura.open('jiro')
  await agreeing.go('/suppressions?name=bastion')
  await hasNoBarriers(agreeing.page, 'a suppression')
  await agreeing.page.getByRole('button', { name: 'Agree' }).click()
  await agreeing.page.getByText('1 finding will be suppressed until').waitFor()
  await agreeing.page.getByRole('dialog').last().getByRole('button', { name: 'Agree' }).click()
  await agreeing.page.getByText('“bastion” hides now').waitFor()
  await agreeing.page.getByRole('button', { name: 'End now' }).click()
  await agreeing.page.getByText('1 finding comes back as new').waitFor()
  await agreeing.page.getByRole('dialog').last().getByRole('button', { name: 'End now' }).click()
  await agreeing.page.getByText('1 came back').waitFor()
  assert.deepEqual(agreeing.errors, [])
  await agreeing.context.close()
})

test('who hides many says so, and nobody agrees to what they asked for', async () => {
  const { page, errors, go, context } = await yagura.open('jiro')
  await go('/findings?account=901234567890&severity=LOW')
  await page.getByRole('table').getByRole('checkbox').first().check()
  await page.getByRole('button', { name: /^Select all/ }).click()
  await page.getByRole('button', { name: 'Suppress…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/A suppression cannot say: Severity/).waitFor()
  await dialog.getByLabel('Name').fill('the sandbox')
  await dialog.getByLabel('Reason').fill('Nothing of value is in it')
  await dialog.getByText(/It would hide \d+ open findings/).waitFor()
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
  await dialog.getByText(/More than 20 findings would be hidden/).waitFor()
  await dialog.getByRole('checkbox', { name: /^Yes, all/ }).check()
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('“the sandbox” waits for somebody to agree').waitFor()
  await go('/suppressions?name=the+sandbox')
  await page.getByTitle(/asked for it yourself/).waitFor()
  await page.getByRole('button', { name: 'Take back' }).click()
  await page.getByRole('dialog').last().getByRole('button', { name: 'Take back' }).click()
  await page.getByText('“the sandbox” was taken back').waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('a viewer sees suppressions and learns why nothing can be done', async () => {
  const { page, errors, go, context } = await yagura.open('aoi')
  await go('/suppressions')
  await page.getByTitle('Needs the permission “Triage”').waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('a view is saved, found again, renamed, shared and deleted', async () => {
  const { page, errors, go, context } = await yagura.open('taro')
  await go('/findings?severity=HIGH&account=901234567890')
  const menu = page.getByRole('button', { name: 'Views' })
  await menu.click()
  await page.getByRole('menuitem', { name: 'Save this view…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Sandbox, high')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('“Sandbox, high” is saved').waitFor()
  await go('/findings')
  await menu.click()
  await page.getByRole('menuitem', { name: 'Sandbox, high' }).click()
  await page.waitForURL(/severity=HIGH&account=901234567890|account=901234567890&severity=HIGH/)
  await menu.click()
  await page.getByRole('menuitem', { name: /^Rename, share/ }).click()
  const name = page.getByLabel('Rename “Sandbox, high”')
  await name.fill('The sandbox')
  await name.press('Enter')
  await page.getByText('Renamed', { exact: true }).waitFor()
  await page.getByLabel('Share “The sandbox”').check()
  await page.getByText('“The sandbox” is shared now').waitFor()
  await hasNoBarriers(page, 'the views')
  const other = await yagura.open('aoi')
  await other.go('/findings')
  await other.page.getByRole('button', { name: 'Views' }).click()
  await other.page.getByRole('menuitem', { name: /The sandbox/ }).waitFor()
  await other.context.close()
  await page.getByRole('button', { name: 'Delete “The sandbox”' }).click()
  await page.getByRole('button', { name: 'Really delete “The sandbox”?' }).click()
  await page.getByText('You have saved no view of this page yet.').waitFor()
  assert.deepEqual(errors, [])
  await context.close()
})

test('the views that are always there lead somewhere', async () => {
  const { page, errors, go, context } = await yagura.open('taro')
  await go('/findings')
  for (const [name, address] of [
    ['Critical and high that nobody takes care of', /severity=HIGH&unassigned=true/],
    ['New since yesterday', /since=/],
    ['Threats', /kind=threat/],
  ]) {
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('menuitem', { name }).click()
    await page.waitForURL(address)
  }
  assert.deepEqual(errors, [])
  await context.close()
})

test('messages that did not arrive say why and are sent again', async () => {
  const { page, errors, go, context } = await yagura.open('jiro')
  const delivery = (id, state, more) => ({
    Id: id,
    Destination: 'shop-chat',
    State: state,
    Tries: 8,
    CreatedAt: '2026-02-01T00:00:00Z',
    NextAt: '2026-02-01T00:00:00Z',
    Project: 'shop',
    Kind: 'alert',
    Rules: ['restricted-ssh', 'ec2-imdsv2-check'],
    Findings: 3,
    ...more,
  })
  const all = [
    delivery(2, 'DEAD', { Error: '403 Forbidden: invalid_token' }),
    delivery(1, 'SENT', { SentAt: '2026-02-01T00:00:00Z' }),
  ]
  await go('/deliveries')
  await page.getByText('No message was drawn up yet').waitFor()
  await page.route('**/api/deliveries?**', (it) => {
    const state = new URL(it.request().url()).searchParams.get('state')
    return it.fulfill({ json: { Deliveries: all.filter((one) => state === null || one.State === state) } })
  })
  let again = 0
  await page.route('**/api/deliveries/2/resend', (it) => {
    again += 1
    return it.fulfill({ status: 204 })
  })
  await go('/deliveries')
  await page.getByText('403 Forbidden: invalid_token').waitFor()
  await page.getByText('1 message did not arrive').waitFor()
  await hasNoBarriers(page, 'deliveries')
  await page.getByRole('button', { name: 'Send again' }).click()
  await page.getByText('It is sent again with the next run').waitFor()
  assert.equal(again, 1)
  await page.getByRole('link', { name: /^Given up/ }).click()
  await page.waitForURL(/tab=DEAD/)
  assert.deepEqual(errors, [])
  await context.close()
})

test('a destination is tried out, and what is wrong with one is told', async () => {
  const { page, errors, go, context } = await yagura.open('jiro')
  await go('/deliveries?tab=destinations')
  await page.getByText('No destination yet').waitFor()
  const destination = (Name, Kind, Digest) => ({ Name, Kind, Digest, ImmediateSeverity: 'HIGH', Projects: ['shop'] })
  const all = [destination('shop-chat', 'slack-bot', 'immediate'), destination('shop-mail', 'smtp', 'daily')]
  await page.route('**/api/destinations', (it) => it.fulfill({ json: { Destinations: all } }))
  await page.route('**/api/destinations/*/test', (it) =>
    it.request().url().includes('chat')
      ? it.fulfill({ status: 204 })
      : it.fulfill({
          status: 409,
          json: { status: 409, code: 'conflict', title: '', detail: 'the test message did not arrive: relay denied' },
        }),
  )
  await go('/deliveries?tab=destinations')
  await page.getByText('Once a day').waitFor()
  await hasNoBarriers(page, 'destinations')
  await page.getByRole('button', { name: 'Send a test' }).first().click()
  await page.getByText('The test message to shop-chat has arrived').waitFor()
  await page.getByRole('button', { name: 'Send a test' }).last().click()
  await page.getByText('the test message did not arrive: relay denied').waitFor()
  // The browser tells of the refusal by itself.
  assert.deepEqual(
    errors.filter((it) => !it.includes('409')),
    [],
  )
  await context.close()
})

test('somebody is told of a finding, and sees beforehand what they will read', async () => {
  const { page, errors, go, api, context } = await yagura.open('jiro')
  const { Findings: found } = (await api('GET', '/api/findings?rule=restricted-ssh&limit=1')).body
  await page.route('**/api/destinations', (it) =>
    it.fulfill({
      json: {
        Destinations: [{ Name: 'tickets', Kind: 'jira', Digest: 'immediate', ImmediateSeverity: 'HIGH', Projects: [] }],
      },
    }),
  )
  let sent
  await page.route('**/api/deliveries', (it) => {
    sent = it.request().postDataJSON()
    return it.fulfill({ status: 204 })
  })
  await go(`/findings/${found[0].Id}`)
  await page.getByRole('button', { name: 'Send to…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('region', { name: 'What they will read' }).getByText(found[0].Resource.Id).first().waitFor()
  await hasNoBarriers(page, 'send')
  await dialog.getByLabel('Language').selectOption('ja')
  await dialog.getByText('対応手順').first().waitFor()
  await dialog.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('On its way to tickets').waitFor()
  assert.deepEqual(sent, { About: { Finding: found[0].Id }, Destination: 'tickets', Lang: 'ja' })
  assert.deepEqual(errors, [])
  await context.close()
})

test('a list of findings is taken along as a file', async () => {
  const { page, errors, go, api, context } = await yagura.open('jiro')
  const { Total } = (await api('GET', '/api/findings/counts?severity=CRITICAL')).body
  await go('/findings?severity=CRITICAL')
  await page.getByRole('button', { name: 'Download' }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /one finding a line/ }).click(),
  ])
  assert.match(file.suggestedFilename(), /^yagura-findings-\d{4}-\d{2}-\d{2}\.ndjson$/)
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
  assert.equal(lines.length, Total)
  assert.ok(lines.every((it) => JSON.parse(it).Severity === 'CRITICAL'))
  assert.deepEqual(errors, [])
  await context.close()
})

test('jobs show how they ended and what runs, and are run now', async () => {
  const { page, errors, go, context } = await yagura.open('hanako')
  await withJobs(page)
  let asked
  await page.route('**/api/scans', (it) => {
    if (it.request().method() !== 'POST') return it.continue()
    asked = it.request().postDataJSON()
    return it.fulfill({ status: 202 })
  })
  await page.route('**/api/jobs/notify/run', (it) => it.fulfill({ status: 202 }))
  await go('/jobs')
  await page.getByText('7 of 12 accounts').waitFor()
  await page.getByText('GuardDuty in us-east-1 was refused').waitFor()
  await page.getByText('sqs://cloudtrail').waitFor()
  await hasNoBarriers(page, 'jobs')
  await page.getByTitle('It runs already').first().waitFor()
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Messages' })
    .last()
    .getByRole('button', { name: 'Run now' })
    .click()
  await page.getByText('“Messages” has begun').waitFor()
  await withJobs(page, { isIdle: true })
  await go('/jobs')
  await page.getByRole('button', { name: 'Scan some…' }).click()
  await page.getByRole('dialog').getByLabel('Accounts').fill('hinode-shop-*, 901234567890')
  await page.getByRole('dialog').getByRole('button', { name: 'Scan', exact: true }).click()
  await page.getByText('“Scan” has begun').waitFor()
  assert.deepEqual(asked, { Accounts: ['hinode-shop-*', '901234567890'], Regions: [], Rules: [] })
  assert.deepEqual(errors, [])
  await context.close()
  const other = await yagura.open('jiro', { lang: 'ja-JP', width: 390, theme: 'dark' })
  await withJobs(other.page)
  await other.go('/jobs')
  await other.page.getByTitle('「管理」の権限が必要です').first().waitFor()
  const wide = await other.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.ok(wide <= 0, `jobs are ${wide} px too wide`)
  await hasNoBarriers(other.page, 'jobs on a phone')
  assert.deepEqual(other.errors, [])
  await other.context.close()
})

async function withJobs(page, { isIdle = false } = {}) {
  const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString()
  const last = { Began: at(-600), Ended: at(-588), End: 'SUCCEEDED', Told: '4,031 resources, 2,467 violations' }
  const jobs = [
    {
      Name: 'import',
      Failures: 3,
      Schedule: '*/30 * * * *',
      TimeZone: 'Asia/Tokyo',
      Next: at(12),
      Last: { Began: at(-18), Ended: at(-17), End: 'FAILED', Told: 'GuardDuty in us-east-1 was refused' },
    },
    { Name: 'notify', Failures: 0, Last: { ...last, By: 'hanako' } },
    {
      Name: 'scan',
      Failures: 0,
      Schedule: '0 2 * * *',
      TimeZone: 'Asia/Tokyo',
      Next: at(900),
      Last: last,
      ...(isIdle ? {} : { Running: { Began: at(-3), By: 'taro', Done: 7, Total: 12 } }),
    },
  ]
  const sources = [
    {
      Name: 'sqs://cloudtrail',
      Condition: 'FOLLOWING',
      Events: 120_345,
      LagSeconds: 42,
      NewestEvent: at(-1),
      Looked: at(0),
    },
    {
      Name: 's3://audit-logs/AWSLogs',
      Condition: 'FAILING',
      Events: 0,
      Error: 'AccessDenied',
      ErrorAt: at(-1),
      RetryAt: at(2),
    },
  ]
  await page.route('**/api/jobs', (it) => it.fulfill({ json: { Jobs: jobs } }))
  await page.route('**/api/sources', (it) => it.fulfill({ json: { Sources: sources } }))
}
