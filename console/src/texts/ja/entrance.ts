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
  ownPasswordTitle: '自分のパスワードを設定',
  ownPasswordLead: (name) =>
    `${name} としてサインインしましたが、このパスワードは他の人から渡されたものです。続けるには、自分だけが知るパスワードに変更してください。`,
  givenPassword: '渡されたパスワード',
  newPassword: '新しいパスワード',
  newPasswordAgain: '新しいパスワード（確認）',
  samePassword: '渡されたパスワードとは異なるものにしてください',
  changeAndGoOn: 'パスワードを変更して続ける',
  notNow: 'サインアウト',
  or: 'または',
  signInWith: (provider) => `${provider} でサインイン`,
  troubles: {
    'openid-unreachable': {
      title: 'ID プロバイダーに接続できません',
      detail:
        '数分後にもう一度お試しください。解消しない場合は管理者にご連絡ください。原因は Yagura のログに記録されています。',
    },
    'openid-expired': {
      title: 'サインインの有効時間が切れました',
      detail:
        'サインインは 10 分以内に、開始したときと同じウィンドウで完了する必要があります。もう一度サインインしてください。',
    },
    'openid-denied': {
      title: 'ID プロバイダーでサインインが完了しませんでした',
      detail:
        '途中で中止したか、Yagura の利用が許可されていません。ID プロバイダーの管理者に確認するか、もう一度お試しください。',
    },
    'openid-token': {
      title: 'ID プロバイダーから受け取った情報を検証できませんでした',
      detail: '管理者による対応が必要です。トークンの問題点は Yagura のログに記録されています。',
    },
    'openid-no-group': {
      title: 'Yagura の利用を許可されたグループに所属していません',
      detail: '社内のグループ管理者に追加を依頼し、もう一度サインインしてください。',
    },
    'openid-disabled': {
      title: 'このユーザーは無効になっています',
      detail: '管理者に依頼し、「設定」の「ユーザー」で有効にしてもらってください。',
    },
    'openid-name': {
      title: '同じ名前の別のユーザーがすでに存在します',
      detail: '管理者に依頼し、そのユーザーを削除するか、ID プロバイダー側の名前を変更してもらってください。',
    },
    'openid-last-administrator': {
      title: '最後の管理者のため、ロールを変更できません',
      detail:
        '所属グループに従うと管理者でなくなります。先に別のユーザーを管理者にするか、グループを変更してから、もう一度サインインしてください。',
    },
    'openid-not-set-up': {
      title: 'Yagura の初期設定が済んでいません',
      detail:
        '最初にサインインできるのは管理者だけです。管理者に対応するグループのユーザーでサインインするか、サーバーが表示したシークレットで管理者を作成してください。',
    },
    'openid-too-many': {
      title: '試行回数が多すぎます',
      detail: 'お使いのネットワークからのサインインの失敗が続いています。15 分ほど待ってから、もう一度お試しください。',
    },
  },
  claim: 'AWS 組織を見張る櫓',
}
