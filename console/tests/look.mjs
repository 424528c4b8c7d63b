// Takes pictures of pages, to look at: node tests/look.mjs ADDRESS NAME PASSWORD OUT path[@lang,theme,width,full]...
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { asIf, browserOptions } from './browser.mjs'

const [address, name, password, out, ...pages] = process.argv.slice(2)
await mkdir(out, { recursive: true })
const browser = await chromium.launch(browserOptions)
for (const it of pages) {
  const [path, how = ''] = it.split('@')
  const options = how.split(',')
  const lang = options.includes('ja') ? 'ja-JP' : 'en-GB'
  const colorScheme = options.includes('dark') ? 'dark' : 'light'
  const width = Number(options.find((o) => /^\d+$/.test(o)) ?? 1280)
  const context = await browser.newContext({
    locale: lang,
    timezoneId: 'Asia/Tokyo',
    colorScheme,
    viewport: { width, height: width < 500 ? 844 : 800 },
  })
  const page = await context.newPage()
  if (process.env.AT) await asIf(page, new Date(process.env.AT))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) console.log(path, message.text())
  })
  page.on('pageerror', (error) => console.log(path, error.stack))
  if (name !== '-') {
    await context.request.post(`${address}/api/session`, { data: { Name: name, Password: password } })
  }
  await page.goto(address + path)
  await page.waitForLoadState('networkidle', { timeout: 4000 }).catch(() => undefined)
  await page.waitForTimeout(300)
  for (const key of options.filter((o) => o.startsWith('key='))) await page.keyboard.press(key.slice(4))
  for (const key of options.filter((o) => o.startsWith('click='))) await page.click(key.slice(6))
  await page.waitForTimeout(200)
  const file = `${path.replaceAll(/[^a-z0-9]+/gi, '_').slice(0, 40)}-${how.replaceAll(/[^a-z0-9]+/gi, '_')}.png`
  await page.screenshot({ path: join(out, file), fullPage: options.includes('full') })
  console.log(file)
  await context.close()
}
await browser.close()
