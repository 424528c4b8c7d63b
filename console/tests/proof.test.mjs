// What a session alone does not do: people prove who they are once more.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasNoBarriers, ready } from './open.mjs'
import { password } from './world.mjs'

const yagura = ready()

test('a token takes the password of who makes it, and is shown once', async () => {
  const { page, errors, go, context } = await yagura.open('taro')
  await go('/settings?tab=tokens')
  await page.getByRole('button', { name: 'Make a token' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What it is for').fill('nightly export')
  await dialog.getByLabel('Present password').fill('somebody else’s password')
  await dialog.getByRole('button', { name: 'Make' }).click()
  await dialog.getByText('The password or the code is wrong').waitFor()
  await hasNoBarriers(page, 'a token that was refused')
  await dialog.getByLabel('Present password').fill(password)
  await dialog.getByRole('button', { name: 'Make' }).click()
  await page.getByText(/^yagura_/).waitFor()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await page.getByRole('table').getByText('nightly export').waitFor()
  assert.deepEqual(
    errors.filter((it) => !/status of 403/.test(it)),
    [],
  )
  await context.close()
})
