import type { entrance as en } from '../en/entrance'
import type { Words } from '../index'

export const entrance: Words<typeof en> = {
  signIn: 'サインイン',
  signInTitle: 'Yagura にサインイン',
  name: 'ユーザー名',
  password: 'パスワード',
  code: '認証アプリのコード',
  codeHint: '認証アプリを設定している場合のみ、表示中の 6 桁の数字を入力してください。',
  wrong: 'ユーザー名、パスワード、またはコードが正しくないか、サインインが許可されていません。',
  setupTitle: '最初の管理者を作成',
  setupLead:
    'まだ誰もサインインできません。サーバーの起動時に表示されたシークレットを入力してください。使えるのは 1 回だけです。',
  secret: 'シークレット',
  secretHint: '`yagura serve` の出力の "Secret" に続く文字列です。',
  passwordHint: '15 文字以上。',
  passwordAgain: 'パスワード（確認）',
  passwordsDiffer: '2 つのパスワードが一致しません',
  make: '管理者を作成してサインイン',
  done: '最初の管理者はすでに作成されています。',
  toSignIn: 'サインインへ',
  claim: 'AWS 組織を見張る櫓',
}
