import type { audit as en } from '../en/audit'
import type { Words } from '../index'

export const audit: Words<typeof en> = {
  title: '監査ログ',
  lead: 'すべての変更とサインインの記録です。拒否されたものも含みます。記録は変更できません。',
  who: 'ユーザー',
  filter: 'ユーザー名（完全一致）',
  when: '日時',
  action: '操作',
  what: '対象',
  from: '接続元',
  outcome: '結果',
  done: '成功',
  refused: (status) => `拒否（${status}）`,
  unfinished: '未完了',
  nobody: '不明',
  older: 'さらに古い記録を表示',
  emptyTitle: '記録はありません',
  empty: 'このユーザー名による変更や試行はありません。',
}
