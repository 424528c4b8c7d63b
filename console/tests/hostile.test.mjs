// What others wrote is text: findings, names, tags and configurations full of HTML, scripts, `javascript:` links, signs
// that turn the direction of writing, and very long words. Nothing runs, nothing breaks, the policy has nothing to report.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ready } from './open.mjs'

const image = '<img src=x onerror="window.hacked=1">'
const script = '"><script>window.hacked=2</script><svg onload=window.hacked=3>'
const link = 'javascript:window.hacked=4'
const turned = 'invoice\u202Egnp.exe\u2066\u200F'
const long = 'A'.repeat(10_000)
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like a template
const template = "{{constructor.constructor('window.hacked=5')()}}${window.hacked=6}"
const all = [image, script, link, turned, long, template]

const yagura = ready({
  prepare: (run, place) => {
    const file = join(place, 'hostile.asff.json')
    writeFileSync(file, JSON.stringify(all.map(finding)))
    const { status, stdout, stderr } = run('import', file)
    assert.equal(status, 0, stdout + stderr)
  },
})

function finding(text, index) {
  const at = new Date(Date.now() - 60_000).toISOString()
  return {
    SchemaVersion: '2018-10-08',
    Id: `hostile-${index}-${text.slice(0, 200)}`,
    ProductArn: 'arn:aws:securityhub:ap-northeast-1:901234567890:product/901234567890/default',
    ProductName: text.slice(0, 100),
    CompanyName: text.slice(0, 100),
    GeneratorId: `hostile-${index}-${text.slice(0, 400)}`,
    AwsAccountId: '901234567890',
    Region: 'ap-northeast-1',
    Types: ['TTPs/Execution'],
    CreatedAt: at,
    UpdatedAt: at,
    Severity: { Label: 'CRITICAL' },
    Title: text,
    Description: `${text}\n${text}`,
    Remediation: { Recommendation: { Text: text, Url: link } },
    SourceUrl: link,
    Resources: [
      { Type: 'AwsEc2Instance', Id: `i-${text}`, Partition: 'aws', Region: 'ap-northeast-1', Tags: { [text]: text } },
    ],
    RecordState: 'ACTIVE',
    Workflow: { Status: 'NEW' },
  }
}

async function isHarmless(page, errors, where) {
  const seen = await page.evaluate(() => ({
    hacked: window.hacked,
    violations: window.violations,
    wide: document.documentElement.scrollWidth - window.innerWidth,
    made: [...document.querySelectorAll('main img, main iframe, main script, main svg[onload]')].length,
    links: [...document.querySelectorAll('a[href]')].filter((it) => /^(javascript|data|vbscript):/i.test(it.href))
      .length,
  }))
  assert.deepEqual(seen, { hacked: undefined, violations: [], wide: seen.wide, made: 0, links: 0 }, where)
  assert.ok(seen.wide <= 0, `${where} is ${seen.wide} px too wide`)
  assert.deepEqual(errors, [], where)
}

async function open(width) {
  const it = await yagura.open('hanako', { width })
  await it.page.addInitScript(() => {
    window.violations = []
    document.addEventListener('securitypolicyviolation', (event) => {
      window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`)
    })
  })
  it.page.on('dialog', (dialog) => {
    it.errors.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return it
}

for (const width of [1280, 390]) {
  test(`hostile findings are text, ${width} px wide`, async () => {
    const { page, errors, go, api, context } = await open(width)
    const { body } = await api('GET', '/api/findings?severity=CRITICAL&account=901234567890&limit=500')
    const hostile = body.Findings.filter((it) => /hostile-\d/.test(it.Rule))
    assert.equal(hostile.length, all.length, 'the findings were imported')
    for (const text of [image, script, link, turned, template]) {
      const { ok } = await api('POST', '/api/views', {
        Name: text.slice(0, 100),
        Page: 'findings',
        Query: `text=${text}`,
      })
      assert.ok(ok)
    }
    for (const path of [
      '/findings?severity=CRITICAL&account=901234567890',
      '/findings?group=rule&severity=CRITICAL',
      `/findings?text=${encodeURIComponent(image)}&assignee=${encodeURIComponent(script)}`,
      '/accounts/901234567890',
    ]) {
      await go(path)
      await page.waitForTimeout(300)
      await isHarmless(page, errors, path)
    }
    await go('/findings?severity=CRITICAL&account=901234567890')
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('menuitem', { name: image }).waitFor()
    await isHarmless(page, errors, 'the views')
    await api('POST', '/api/findings/triage', {
      Ids: hostile.map((it) => it.Id),
      Comment: `${image} ${script} ${turned}`,
      Assignee: script.slice(0, 60),
    })
    for (const it of hostile) {
      await go(`/findings/${it.Id}`)
      await page.waitForTimeout(200)
      await isHarmless(page, errors, it.Rule)
    }
    const shown = hostile.find((it) => it.Text?.Title === image)
    await go(`/findings/${shown.Id}`)
    assert.equal(await page.locator('h1').textContent(), image)
    await context.close()
  })

  test(`hostile resources are text, ${width} px wide`, async () => {
    const { page, errors, go, context } = await open(width)
    const key = (text) => ({
      Account: '901234567890',
      Region: 'ap-northeast-1',
      ResourceType: 'AWS::EC2::Instance',
      Id: `i-${text}`,
    })
    const line = (text) => ({
      Key: key(text),
      Arn: `arn:${text}`,
      Name: text,
      IsPresent: true,
      Findings: 3,
      Worst: 'HIGH',
    })
    const resource = (text, more) => ({
      Key: key(text),
      Arn: `arn:${text}`,
      Name: text,
      Tags: Object.fromEntries(all.map((it) => [it, it])),
      Configuration: { [text]: { [text]: all }, list: all, link, ...more },
      Unread: { [text]: { Call: text, Region: text, Status: 'FAILED', Code: text } },
    })
    await page.route('**/api/resources?**', (it) => it.fulfill({ json: { Resources: all.map(line) } }))
    await page.route('**/api/resources/counts**', (it) =>
      it.fulfill({ json: { Total: 6, Types: { [image]: 3, [long]: 3 } } }),
    )
    await page.route('**/api/resources/versions**', (it) => {
      const text = new URL(it.request().url()).searchParams.get('id').slice(2)
      const older = resource(text, { [template]: script, list: [image] })
      return it.fulfill({
        json: {
          Versions: [
            { At: '2026-02-01T00:00:00Z', Scan: 1, Resource: older },
            { At: '2026-02-02T00:00:00Z', Scan: 2, Resource: resource(text, { [template]: image }) },
          ],
        },
      })
    })
    await page.route('**/api/resources/related**', (it) =>
      it.fulfill({
        json: {
          Findings: [],
          PointsTo: all.map((text) => ({ ResourceType: text, Id: text, Resource: line(text) })),
          PointedToBy: all.map((text) => ({ ResourceType: text, Id: text })),
        },
      }),
    )
    await go('/inventory')
    await page.getByRole('link', { name: image }).first().waitFor()
    await isHarmless(page, errors, 'the inventory')
    for (const text of [image, script, turned, template, long.slice(0, 3_000)]) {
      const address = `/inventory/resource?account=901234567890&region=ap-northeast-1&type=AWS::EC2::Instance&id=i-${encodeURIComponent(text)}`
      await go(address)
      await page.getByRole('button', { name: 'Expand all' }).click()
      await page.waitForTimeout(150)
      await isHarmless(page, errors, `the configuration of ${text.slice(0, 40)}`)
      for (const tab of ['relations', 'versions']) {
        await go(`${address}&tab=${tab}`)
        if (tab === 'relations') await page.locator('.react-flow__node').first().waitFor()
        await page.waitForTimeout(150)
        await isHarmless(page, errors, `${tab} of ${text.slice(0, 40)}`)
      }
    }
    await context.close()
  })

  test(`hostile suppressions are text, ${width} px wide`, async () => {
    const { page, errors, go, api, context } = await open(width)
    const Until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    for (const [index, text] of all.entries()) {
      const asked = await api('POST', '/api/suppressions', {
        Name: `${width}-${index} ${text.slice(0, 200)}`,
        Reason: text.slice(0, 3_900),
        CompensatingControl: text.slice(0, 3_900),
        Scope: { Rules: [text.slice(0, 3_000)], Resources: [text.slice(0, 3_000)] },
        Until,
      })
      assert.ok(asked.ok, JSON.stringify(asked.body))
    }
    await go('/suppressions')
    await isHarmless(page, errors, 'the suppressions')
    const { body } = await api('GET', '/api/suppressions')
    for (const it of body.Suppressions) {
      await go(`/suppressions?name=${encodeURIComponent(it.Name)}`)
      await page.getByRole('dialog').waitFor()
      await isHarmless(page, errors, it.Name.slice(0, 60))
    }
    await go('/audit-log')
    await isHarmless(page, errors, 'the audit log')
    await context.close()
  })
}
