# Yagura が送る文面です。手元のディレクトリの `messages/ja.ftl` に写し、変えたい行だけを残して、`--packs` でその
# ディレクトリを指定してください。キーと変数は en.ftl と同じです。

### 言葉
severity-critical = 重大
severity-high = 高
severity-medium = 中
severity-low = 低
severity-informational = 情報

change-opened = 新規検出
change-reopened = 再発
change-severity-changed = 重大度変更
change-advanced = 新しい段階
change-overdue = 期限超過
change-resolved = 解消
change-merged = 別のインシデントへ統合

kind-configuration = 予防（設定の不備）
kind-threat = 脅威（不審な操作・通信）
kind-access = 予防（アクセス権限）
kind-vulnerability = 予防（脆弱性）
kind-sensitive-data = 予防（機密データ）
kind-other = その他

### 日時（strftime の書式）
time-format = %Y年%-m月%-d日 %H:%M:%S（%Z）

### 件名
subject-one = 【{ $severity }】{ $change }：{ $title }｜{ $environment }｜{ $account }
subject-many = 【{ $severity }】{ $change }：{ $title }（{ $count } 件）｜{ $environment }
subject-incident = 【{ $severity }】インシデント（{ $change }）：{ $title }｜{ $environment }
subject-digest = Yagura サマリー：変化 { $count } 件（未解決 { $open } 件、解消 { $resolved } 件）｜{ $environment }
subject-test = Yagura：{ $destination } へのテスト送信

### 書き出し
intro-opened = ご利用の環境で次の問題を検出しました。内容をご確認のうえ、ご対応をお願いいたします。
intro-reopened = 一度解消した次の問題が再び検出されました。ご確認をお願いいたします。
intro-severity-changed = 次の問題の重大度が変わりました。
intro-overdue = 次の問題が対応期限を過ぎています。ご対応いただくか、例外の申請をお願いいたします。
intro-resolved = 次の問題の解消を確認しました。ご対応ありがとうございました。追加の作業は不要です。
intro-incident-opened = ご利用の環境で、攻撃とみられる一連の操作を検出しました。経緯をご確認のうえ、「最初の対応」から着手をお願いいたします。
intro-incident-reopened = 対応済みまたは許容とされていた次のインシデントが、再び要対応となりました。ご確認をお願いいたします。
intro-incident-severity-changed = 次のインシデントの重大度が上がりました。ご確認をお願いいたします。
intro-incident-advanced = 次のインシデントが新たな段階（{ $stages }）に進みました。至急ご確認をお願いいたします。
intro-incident-overdue = 次のインシデントが対応期限を過ぎています。ご対応をお願いいたします。
intro-incident-resolved = 次のインシデントに含まれるすべての検出結果が対応済みになりました。追加の作業は不要です。
intro-incident-merged = 次のインシデントは、インシデント { $whole } の一部であることが判明しました。以降の経過は統合先のインシデントでお知らせします。
intro-digest = 前回のサマリー以降に { $environment } で変化があった検出結果をお知らせいたします。すべての検出結果と対応手順は添付の CSV をご覧ください。
intro-digest-plain = 前回のサマリー以降に { $environment } で変化があった検出結果をお知らせいたします。
intro-test = Yagura からのテスト送信です。このメッセージが届いていれば、{ $destination } への配信は正しく設定されています。
greeting = ご担当者様

### 検出結果の項目
label-alert-id = アラート ID
label-time = 日時
label-change = イベント
label-severity = 重大度
label-kind = 検出の種別
label-environment = 環境
label-project = プロジェクト
label-account = AWS アカウント
label-region = リージョン
label-rule = ルール
label-problem = 問題
label-why = 影響
label-resource-type = リソースタイプ
label-resource = リソース
label-arn = ARN
label-resources = 対象リソース（{ $count } 件）
label-reference = 参考リンク
label-requirements = 該当する CIS 要件
label-detectors = 検出元
label-steps = 対応手順
label-impact = 対応時の注意点
label-mentions = 担当者

### インシデントの項目
heading-incident = 【{ $severity }】インシデント（{ $change }）：{ $title }
label-incident = インシデント ID
label-part-of = 統合先のインシデント ID
label-accounts = AWS アカウント
label-who = 実行者
label-from = 接続元
label-since = 開始日時
label-until = 最終検出日時
label-stages = 攻撃の段階
label-new-stages = 新たな段階
label-story = 経緯
label-stage = 経緯【{ $stage }】
label-made = 攻撃者が作成したもの
label-first-steps = 最初の対応
label-findings = 含まれる検出結果（{ $count } 件）
steps-left-out = （この間の { $count } 件は省略しています）
between-names = 、

no-requirements = なし
and-more = ほか { $count } 件
of-resources = { $count } リソース
in-account = { $name }（{ $id }）

### サマリーに添付する表
csv-event = イベント
csv-severity = 重大度
csv-resource = リソース名
csv-guideline = 違反しているガイドライン
csv-requirements = 該当する要件
csv-steps = 対応手順
csv-impact = 対応時の注意点

### 結び
footer = このメッセージは、Yagura で { $project } の担当者として登録されている方にお送りしています。メッセージ番号：{ $key }
