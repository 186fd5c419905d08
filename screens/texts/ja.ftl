# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } 人
unit-minutes = { $count } 分
label-people = { $count ->
   *[other] 人
}
label-minutes = 分
wait-count = { $count } 人待ち
wait-range = 約 { $low }〜{ $high } 分
wait-within = { $high } 分以内
wait-none = ほぼ待ち時間なし
wait-unknown = 予測できません
wait-long = お待たせしています
wait-next = 次はあなたの番です
number = 番号
service = ご用件
counter = 窓口
counter-number = { $counter } 番窓口
date-weekdays = 月|火|水|木|金|土|日
date-months = 1|2|3|4|5|6|7|8|9|10|11|12
date-day = { $month }月{ $day }日（{ $weekday }）

## Buttons and states of every page
language = 言語
close = 閉じる
yes = はい
no = いいえ
cancel = 取り消し
connecting = 接続中
live = 最新
announcement = お知らせ
evacuate = 案内に従って避難してください
page-unavailable = このページは表示できません。案内所でお尋ねください
system-fault = ただいま番号をお取りできません。案内所でお尋ねください

## Kiosk: choosing a service
kiosk-title = ご用件をお選びください
kiosk-hint = 一度触れると番号券が出ます
kiosk-waits = 待ち状況
kiosk-priority = 優先案内
kiosk-priority-who = 65 歳以上、障害のある方、妊娠中の方、乳幼児連れの方
kiosk-priority-choose = 優先案内：ご用件をお選びください
kiosk-appointment = 予約あり
kiosk-help = 係員を呼ぶ
kiosk-help-coming = 係員がすぐに参ります
kiosk-other-services = その他のご用件
kiosk-back = 前に戻る
kiosk-accessibility = 使いやすさ
kiosk-big-text = 大きい文字
kiosk-contrast = コントラスト
kiosk-lower = 下げる
kiosk-raise = 上げる
kiosk-audio = 音声
kiosk-use-below = 下のボタンをお使いください
kiosk-issuing = 番号を取っています
service-closed = 本日の受付終了
service-opens-at = { $time } から受付
service-opens-on = { $day } { $time } 受付開始
service-full = 番号札は終了しました
service-late = 終了予定 { $time }
service-ask-staff = 係員にお申し出ください
hall-from = { $time } から
no-counter-open = 開いている窓口がありませんが、番号はお取りいただけます
counters-paused = 窓口は休止中ですが、番号はお取りいただけます
counters-paused-until = 窓口は { $time } まで休止中ですが、番号はお取りいただけます
station-closed = 本日の業務は終了しました
station-hours = 受付時間 { $open }〜{ $close }
kiosk-idle = 操作を続けますか？ あと { $seconds } 秒で画面が消えます
kiosk-stay = 続ける
kiosk-offline = オフラインで発券中です。番号は有効です
kiosk-out-of-order = この機械は使用を停止しています
kiosk-use-another = 別の発券機をお使いになるか、係員にお尋ねください

## Kiosk: the ticket
issued-title = 受付しました
issued-number = あなたの番号
issued-ahead = 前の方
issued-wait = 待ち時間の目安
issued-take = 下から番号券をお取りください
issued-printing = 印刷中
issued-follow = スマートフォンで確認
issued-no-app = アプリは不要です
issued-remind = 順番が近づくとお知らせします
issued-see-ahead = 前に何人いるか見られます
issued-languages = 10 言語
issued-prepare = お待ちの間にご用意ください
issued-change-service = ご用件を選び直す
issued-removed = 番号 { $number } を取り消しました
issued-more-time = 時間を延ばす
issued-done = 完了
issued-qr = 番号 { $number } のスマートフォン用ページの QR コード
paper-out = 用紙がありませんが、番号は有効です
paper-out-hint = この画面を撮影するか、QR コードを読み取ってください。係員に連絡しました。
printer-fault = プリンターの故障ですが、番号は有効です
printer-fault-hint = この画面を撮影するか、QR コードを読み取ってください。係員に連絡しました。
paper-out-before = 用紙がありません。番号はこの画面に出ます
printer-fault-before = プリンターの故障です。番号はこの画面に出ます
paper-unknown = 紙が出なくても番号は有効です
paper-unknown-hint = この画面を撮影するか、QR コードを読み取ってください
paper-ask = 番号券は出ましたか？
paper-yes = はい、受け取りました
paper-again = いいえ、もう一度印刷
paper-sent = 番号券をプリンターに送りました
paper-kept = 呼ばれるまで番号券をお持ちください

## Ticket on paper
ticket-number = あなたの番号
ticket-service = ご用件
ticket-time = 発券時刻
ticket-ahead = 前の方 { $count } 人
ticket-wait = 待ち時間の目安 { $low }〜{ $high } 分
ticket-wait-within = 待ち時間の目安 { $high } 分以内
ticket-latest = 遅くとも { $time } ごろ
ticket-missed = 番号を過ぎた方は案内所へ
ticket-scan = 読み取って順番を確認
ticket-priority = 優先
ticket-reprint = 再発行
ticket-offline = オフライン発券
ticket-phone = 電話 { $phone }

## Hall board
hall-title = お呼び出し
hall-number = 番号
hall-counter = 窓口
hall-waits = 待ち状況
hall-waiting = 待ち人数
hall-now-at = 現在の番号
hall-expected = 目安
hall-nobody = お待ちの方はいません
hall-call = { $number } の方、{ $counter } 番窓口へお越しください
hall-second-call = 2 回目のお呼び出し
hall-again = { $count } 回目のお呼び出し
hall-missed-rule = 番号を過ぎた方は番号札をご覧いただくか案内所へ
hall-lost = この表示は停止しています
hall-lost-hint = 係員の呼び出しをお聞きになるか、スマートフォンでご確認ください
hall-lost-told = 係員に連絡しました
hall-last-update = 最終更新 { $time }
hall-stale = 接続が切れています。番号は最新でない場合があります

## Counter display
display-please-come = お越しください
display-serving = 対応中
display-paused = 休止中
display-back-at = 休止中、{ $time } に再開
display-closed = 別の窓口へお越しください
display-open = 受付中
display-welcome = ようこそ、お掛けください

## Phone page
phone-title = 番号 { $number }
phone-ahead = 前の方
phone-wait = あと約
phone-you = あなた
phone-waiting = お待ちください
phone-remind = 順番が近づいたら知らせる
phone-remind-hint = あと { $count } 人で振動と音でお知らせします
phone-keep-open = このページを開いたままにしてください
phone-seat = 待合所でお待ちください
phone-prepare = ご用意ください
phone-let-go = 先に { $count } 人に譲る
phone-let-go-done = { $count } 人に先に譲りました。順番はそこから数えます
phone-cancel = この番号を取り消す
phone-cancel-sure = 取り消すと番号は無効になります。取り消しますか？
phone-turn = あなたの番です
phone-go-to = こちらへ
phone-coming = すぐ行きます
phone-need-time = 少し待ってください
phone-counter-waits = 窓口で { $minutes } 分お待ちします
phone-serving = 対応中
phone-served = 手続きが終わりました
phone-thanks = 本日はお越しいただきありがとうございました
phone-rate = ご感想をお聞かせください
phone-held = 番号は保留中です。窓口からまたお呼びします
phone-no-show = 番号を過ぎました
phone-no-show-hint = 案内所へお越しください。もう一度お呼びできます
rule-missed = 番号を過ぎた方は { $minutes } 分以内に戻れば { $behind } 人の後に並べます（{ $times } 回まで）。
rule-missed-again = また番号を過ぎた方は { $minutes } 分以内に戻れば { $behind } 人の後に並べます（あと { $times } 回）。
rule-missed-last = 次に番号を過ぎると、この番号では戻れません。
phone-come-back = 戻りました。もう一度並びます
phone-come-back-until = { $time } までこの番号で戻れます。{ $place } 番目になります
phone-get-ready = まもなくお呼びします。ご準備ください
phone-room = 「{ $room }」でお待ちください
phone-too-late = この番号では戻れません。新しい番号をお取りください
phone-nobody-behind = 後ろでお待ちの方はいません
phone-cancelled = この番号は取り消されました
phone-new-ticket = ご用の際は、番号をお取り直しください
phone-transferred = 「{ $service }」に移りました。順番はそのままです
phone-ended = 本日の業務は終了しました
phone-not-found = この番号は見つかりません
phone-not-found-hint = アドレスを確かめるか、案内所でお尋ねください
phone-lost = オフライン、{ $time } の情報
phone-no-counter = 開いている窓口がありません。番号はそのまま有効です
phone-paused = 窓口は休止中です。番号はそのまま有効です
phone-paused-until = 窓口は { $time } まで休止中です。番号はそのまま有効です
phone-reconnecting = 再接続中です。会場の呼び出しにご注意ください

## Rating
rating-title = 今回の対応にご満足いただけましたか？
rating-5 = とても満足
rating-4 = 満足
rating-3 = ふつう
rating-2 = 不満
rating-1 = とても不満
rating-anonymous = 無記名です。担当者にあなたの選択は見えません。
rating-none = 答えない
rating-why = どこを良くすればよいですか？
rating-why-many = いくつでも選べます
rating-reason-waiting = 待ち時間が長い
rating-reason-explanation = 説明が分かりにくい
rating-reason-attitude = 係員の態度
rating-reason-place = 場所や設備
rating-reason-process = 手続きの流れ
rating-reason-manager = 責任者と話したい
rating-send = 送信
rating-auto-send = { $seconds } 秒後に自動で送信します
rating-thanks = ご意見ありがとうございました
rating-already = この番号は評価済みです
rating-closed = 今回の評価は締め切りました
rating-lost = 接続が切れています
rating-kept = 回答は保存され、接続が戻りしだい送信されます

## Phone page: the way to the counter
phone-direction-left = 案内板の左側へ
phone-direction-right = 案内板の右側へ
phone-direction-up = まっすぐ前へ

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = 予約コードを入力してください
kiosk-code-hint = お受け取りになった 4～6 桁の数字、または予約コードの読み取り
kiosk-code-delete = 消す
kiosk-code-go = 受付する
booking-title = 来所の予約
booking-hint = お名前とお電話は不要です。コードで受付します
booking-choose-service = 手続きをお選びください
booking-choose-day = 日にちをお選びください
booking-choose-time = 時間をお選びください
booking-none = この日に予約できる時間はありません
booking-closed = 休業
booking-full = 満席
booking-left = 残り { $count } 名
booking-refused = この時間は予約できなくなりました。別の時間をお選びください
booking-off = ウェブ予約は受け付けていません。案内窓口へどうぞ
appointment-title = ご予約
appointment-code = 受付コード
appointment-keep = コードをお控えになるか、この画面のコードを保存してください
appointment-window = { $from }～{ $until } に受付してください
appointment-on-time = { $time } までに受付すると、予約時間の順になります
appointment-where = 発券機でコードを入力、または読み取らせてください
appointment-check-in = 到着しました。受付する
appointment-cancel = 予約を取り消す
appointment-cancel-sure = この時間はほかの方に回ります
appointment-cancelled = この予約は取り消されました
appointment-early = 受付時間の前です。後ほどお越しください
appointment-missed = 受付時間を過ぎました。通常の番号札をお取りください
appointment-closed-day = この時間は休業です。取り消して、別の時間をお選びください
appointment-done = この予約は受付済みです。番号札をご覧ください
appointment-unknown = 予約が見つかりません。コードをお確かめください
appointment-tries = 入力の誤りが続きました。1 分お待ちになるか、案内窓口へどうぞ
## Why somebody is called first, and the rule in force
why-title = なぜ { $number } が先に呼ばれたのですか？
why-picked = { $number } は窓口の職員が指定して呼びました。
why-urgent = { $number } は緊急のため、責任者の承認で先に呼びました。
why-sent-back = { $number } は { $counter } 番窓口から戻ったため先に呼びました。
why-came-first = { $number } のほうが先に発券されたため、先に呼びました。
why-counted-earliest = { $number } は { $time } の発券として扱われ、最も早いため、先に呼びました。
why-head-start = { $number }（{ $class }）は { $minutes } 分早い発券として扱われるため、先に呼びました。
why-rank = { $number }（{ $class }）は{ $passed }より先に呼びます。
why-points = { $number }（{ $class }）の待ち点数は { $points } 点で、{ $passed } 点より多いため、先に呼びました。
why-turn = { $class }の順番のため、{ $number } を先に呼びました。
rule-fcfs = 呼び出しの順番：発券順です。
rule-head-start = 呼び出しの順番：発券順です。{ $classes }。
rule-head-start-class = { $class }は { $minutes } 分早い発券として扱います
rule-strict = 呼び出しの順番：{ $order }の順で、同じ種類の中では発券順です。
rule-points = 呼び出しの順番：待つほど点数が増え、点数の多い方から呼びます。{ $classes }。
rule-points-class = { $class }は 1 分 { $points } 点
rule-ratio = 呼び出しの順番：{ $others }を { $priority } 名、次に{ $class }を { $regular } 名、交互に呼びます。同じ種類の中では発券順です。

# Zones and the identity check
zone-wait-in = { $zone }でお待ちください
identity-first = 先に{ $place }で本人確認をお受けください。確認後にお呼びします
phone-get-ready-in = まもなくお呼びします。{ $zone }へお越しください
identity-document_missing = 本人確認書類がありませんでした
identity-document_expired = 書類の有効期限が切れています
identity-not_the_holder = ご本人の書類ではありません
identity-not_entitled = この手続きの対象ではありません
identity-other = 本人確認ができませんでした
