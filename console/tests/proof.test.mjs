// What a session alone does not do, and what a password does not do that somebody else gave.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { given, hasNoBarriers, heading, newcomer, ready } from './open.mjs'
import { password } from './world.mjs'

const yagura = ready({ more: [{ Name: newcomer, Role: 'viewer' }] })

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

for (const [lang, words] of [
  [
    'ja-JP',
    [
      'ユーザー名',
      'パスワード',
      'サインイン',
      '自分のパスワードを設定',
      '渡されたパスワードとは異なるものにしてください',
    ],
  ],
  ['en-GB', ['User name', 'Password', 'Sign in', 'Choose a password of your own', 'one you were given']],
]) {
  test(`who was given a password is led to change it, in ${lang}`, async () => {
    const [name, secret, signIn, title, same] = words
    const { page, go, context } = await yagura.open(null, { lang })
    await go('/rules?text=ssh')
    await page.getByLabel(name).fill(newcomer)
    await page.getByLabel(secret).fill(given)
    await page.getByRole('button', { name: signIn, exact: true }).click()
    await heading(page, title)
    // There is no way around it.
    await go('/findings')
    await heading(page, title)
    await hasNoBarriers(page, '/own-password')
    await page.goBack()
    const fields = page.locator('input[type="password"]')
    for (const [at, value] of [given, given, given].entries()) await fields.nth(at).fill(value)
    await page.getByText(same).waitFor()
    if (lang === 'en-GB') {
      for (const at of [1, 2]) await fields.nth(at).fill(password)
      await page.getByRole('button', { name: 'Change password and go on' }).click()
      await heading(page, 'Rules')
      assert.match(page.url(), /\/rules\?text=ssh$/)
    }
    await context.close()
  })
}
