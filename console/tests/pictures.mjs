// The pictures of docs/images, of a server that has scanned some time: node tests/pictures.mjs ADDRESS NAME PASSWORD
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { asIf, browserOptions } from './browser.mjs'

const [address, name, password] = process.argv.slice(2)
const folder = fileURLToPath(new URL('../../docs/images', import.meta.url))
const limit = 250_000
await mkdir(folder, { recursive: true })
const browser = await chromium.launch(browserOptions)

async function signedIn(locale) {
  const context = await browser.newContext({
    locale,
    timezoneId: 'Asia/Tokyo',
    colorScheme: 'light',
    viewport: { width: 1280, height: 860 },
  })
  await context.request.post(`${address}/api/session`, { data: { Name: name, Password: password } })
  return context
}

const asked = await signedIn('en-GB')
const get = async (path) => (await asked.request.get(address + path)).json()
const home = await get('/api/home')
const { Findings: findings } = await get('/api/findings?rule=restricted-ssh&limit=1')
// Soon after the last scan.
const now = new Date(Date.parse(home.Scan.Started) + 25 * 60_000)

const pictures = [
  ['console-home.png', '/'],
  ['console-home.ja.png', '/', 'ja-JP'],
  ['console-findings.png', '/findings'],
  ['console-finding.png', `/findings/${findings[0].Id}`],
  ['console-incident.png', `/incidents/${home.Incidents[0].Id}`],
  ['console-compliance.png', '/compliance/cis-aws-5.0'],
  ['console-reports.png', '/reports?weeks=13'],
]
for (const [file, path, locale = 'en-GB'] of pictures) {
  const context = await signedIn(locale)
  const page = await context.newPage()
  await asIf(page, now)
  await page.goto(address + path)
  await page.locator('h1').first().waitFor()
  await page.locator('[role="status"]').waitFor({ state: 'detached' })
  await page.waitForTimeout(700)
  const target = join(folder, file)
  await page.screenshot({ path: target })
  const { size } = await stat(target)
  console.log(`${file}: ${Math.round(size / 1000)} kB`)
  if (size > limit) process.exitCode = 1
  await context.close()
}
await asked.close()
await browser.close()
