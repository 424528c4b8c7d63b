// How the browser is started: Debian's chromium, which asks nobody outside for anything.
export const browserOptions = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** As if it were then, for the reader and at the server: a recorded organisation does not age. */
export async function asIf(page, at) {
  await page.clock.setFixedTime(at)
  await page.route('**/api/session', async (route) => {
    const response = await route.fetch()
    const told = await response.json()
    await route.fulfill({ response, json: response.ok() ? { ...told, Now: at.toISOString() } : told })
  })
}
