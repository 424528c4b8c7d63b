import type { deliveries as en } from '../en/deliveries'
import type { Words } from '../index'

export const deliveries: Words<typeof en> = {
  title: '通知',
  lead: '各プロジェクトへの通知の送信状況です。送信済み、送信待ち、未達の通知を確認できます。',
  tabs: { all: 'すべて', WAITING: '送信待ち', SENT: '送信済み', DEAD: '送信失敗' },
  states: { WAITING: '送信待ち', SENT: '送信済み', DEAD: '送信失敗' },
  message: '内容',
  kinds: { alert: 'アラート', digest: 'サマリー', test: 'テスト送信' },
  destination: '通知先',
  state: '状態',
  made: '作成日時',
  sent: (when) => `${when}に送信`,
  next: (when) => `次の試行：${when}`,
  tries: (n) => `試行 ${n} 回`,
  rules: (first, more) => (more > 0 ? `${first} ほか ${more} ルール` : first),
  resend: '再送',
  resent: '次回の通知処理で再送します',
  arrived: '送信済みのため、再送できません',
  noMore: (n) => `新しい順に ${n} 件を表示しています`,
  emptyTitle: '通知はまだ作成されていません',
  empty: 'yagura.toml に各プロジェクトの通知先を設定し、スキャン後に「yagura notify run」を実行してください。',
  nothingFound: '該当する通知はありません',
  nothingDead: '送信に失敗したままの通知はありません。',
  failures: (_, shown) => `${shown} 件の通知が届いておらず、再試行も終了しています。`,
  failuresHint: 'エラーの原因を解消してから、再送してください。',
  search: 'プロジェクト、通知先、ルール、エラー',
}
