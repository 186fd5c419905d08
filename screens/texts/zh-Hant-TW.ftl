# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } 人
unit-minutes = { $count } 分鐘
label-people = { $count ->
   *[other] 人
}
label-minutes = 分鐘
wait-count = 等候 { $count } 人
wait-range = 約 { $low }–{ $high } 分
wait-within = { $high } 分以內
wait-none = 幾乎不用等
wait-unknown = 無法預估
wait-long = 等候較久
wait-next = 您是下一位
number = 號碼
service = 業務
counter = 櫃台
counter-number = { $counter } 號櫃台
date-weekdays = 週一|週二|週三|週四|週五|週六|週日
date-months = 1|2|3|4|5|6|7|8|9|10|11|12
date-day = { $month } 月 { $day } 日 { $weekday }

## Buttons and states of every page
language = 語言
close = 關閉
yes = 是
no = 否
cancel = 取消
connecting = 連線中
live = 即時
announcement = 公告
evacuate = 請依指示離開
page-unavailable = 目前無法顯示這個頁面，請洽服務台
system-fault = 系統暫時無法取號，請洽服務台

## Kiosk: choosing a service
kiosk-title = 請選擇要辦理的業務
kiosk-hint = 輕觸一下，就會印出號碼牌
kiosk-waits = 等候狀況
kiosk-priority = 優先服務
kiosk-priority-who = 65 歲以上、身心障礙、孕婦、帶嬰幼兒
kiosk-priority-choose = 優先服務：請選擇業務
kiosk-appointment = 預約報到
kiosk-help = 請人幫忙
kiosk-help-coming = 服務人員馬上過來
kiosk-other-services = 其他業務
kiosk-back = 回到前頁
kiosk-accessibility = 輔助功能
kiosk-big-text = 大字
kiosk-contrast = 高對比
kiosk-lower = 按鍵下移
kiosk-raise = 按鍵上移
kiosk-audio = 語音
kiosk-use-below = 請用下方按鈕
kiosk-issuing = 取號中
service-closed = 今日已截止
service-opens-at = { $time } 開始受理
service-opens-on = { $day } { $time } 開始受理
service-full = 號碼已取完
service-late = 預計 { $time } 才能辦完
service-ask-staff = 請向服務人員取號
hall-from = { $time } 起
no-counter-open = 目前沒有櫃台辦理，仍可取號
counters-paused = 櫃台暫停中，仍可取號
counters-paused-until = 櫃台暫停到 { $time }，仍可取號
station-closed = 今日服務時間已結束
station-hours = 服務時間 { $open }–{ $close }
kiosk-idle = 還在嗎？畫面將在 { $seconds } 秒後清除
kiosk-stay = 我還在
kiosk-offline = 離線取號中，號碼一樣有效
kiosk-out-of-order = 這台機器暫停使用
kiosk-use-another = 請到另一台取號機，或找服務人員

## Kiosk: the ticket
issued-title = 取號完成
issued-number = 您的號碼
issued-ahead = 前面還有
issued-wait = 大約等候
issued-take = 請由下方取出號碼牌
issued-printing = 列印中
issued-follow = 用手機看進度
issued-no-app = 不用下載 App
issued-remind = 快到號時提醒您
issued-see-ahead = 看前面還有幾位
issued-languages = 10 種語言
issued-prepare = 等候時，請先準備
issued-change-service = 重選業務
issued-removed = 號碼 { $number } 已取消
issued-more-time = 多一點時間
issued-done = 完成
issued-qr = 號碼 { $number } 的手機頁面 QR 碼
paper-out = 這台機器沒有紙了，號碼仍然有效
paper-out-hint = 請用手機拍下這個畫面，或掃描 QR 碼。已通知服務人員。
printer-fault = 印表機故障，號碼仍然有效
printer-fault-hint = 請用手機拍下這個畫面，或掃描 QR 碼。已通知服務人員。
paper-out-before = 這台機器沒有紙了，號碼會顯示在這個畫面上
printer-fault-before = 印表機故障，號碼會顯示在這個畫面上
paper-unknown = 如果沒有拿到紙，號碼仍然有效
paper-unknown-hint = 請用手機拍下這個畫面，或掃描 QR 碼
paper-ask = 號碼牌印出來了嗎？
paper-yes = 有，已拿到
paper-again = 沒有，再印一次
paper-sent = 已送到印表機
paper-kept = 請保留號碼牌，等候叫號

## Ticket on paper
ticket-number = 您的號碼
ticket-service = 業務
ticket-time = 取號時間
ticket-ahead = 前面還有 { $count } 人
ticket-wait = 大約等候 { $low }–{ $high } 分鐘
ticket-wait-within = 大約等候 { $high } 分鐘以內
ticket-latest = 最晚約 { $time }
ticket-missed = 過號請洽服務台
ticket-scan = 掃描看進度
ticket-priority = 優先
ticket-reprint = 補印
ticket-offline = 離線取號
ticket-phone = 電話 { $phone }

## Hall board
hall-title = 叫號看板
hall-number = 號碼
hall-counter = 櫃台
hall-waits = 等候狀況
hall-waiting = 等候
hall-now-at = 叫到
hall-expected = 預估
hall-nobody = 目前無人等候
hall-call = { $number } 請到 { $counter } 號櫃台
hall-second-call = 第 2 次叫號
hall-again = 第 { $count } 次叫號
hall-missed-rule = 過號請看號碼牌，或洽服務台
hall-lost = 看板暫停更新
hall-lost-hint = 請聽現場叫號，或看手機上的進度
hall-lost-told = 服務人員已收到通知
hall-last-update = 最後更新 { $time }
hall-stale = 連線中斷，號碼可能不是最新

## Counter display
display-please-come = 請前來
display-serving = 服務中
display-paused = 暫停服務
display-back-at = 暫停，{ $time } 回來
display-closed = 請到其他櫃台
display-open = 目前開放
display-welcome = 歡迎，請坐

## Phone page
phone-title = 號碼 { $number }
phone-ahead = 前面還有
phone-wait = 大約再等
phone-you = 您
phone-waiting = 等候中
phone-remind = 快到號時提醒我
phone-remind-hint = 前面剩 { $count } 位時震動並發出聲音
phone-keep-open = 請讓這個頁面開著
phone-seat = 請在等候區就座
phone-prepare = 請先準備
phone-let-go = 讓 { $count } 位先辦
phone-let-go-done = 已讓 { $count } 位先辦，之後從新的順位算起
phone-cancel = 取消這個號碼
phone-cancel-sure = 取消後號碼就失效，要取消嗎？
phone-turn = 輪到您了
phone-go-to = 請到
phone-coming = 我馬上到
phone-need-time = 請再等我一下
phone-counter-waits = 櫃台會等您 { $minutes } 分鐘
phone-serving = 服務中
phone-served = 已辦理完成
phone-thanks = 謝謝您今天前來
phone-rate = 請告訴我們您的感受
phone-held = 您的號碼保留中，櫃台會再叫您
phone-no-show = 已過號
phone-no-show-hint = 請洽服務台，可以補叫
rule-missed = 過號 { $minutes } 分鐘內回來，排在 { $behind } 位之後，最多 { $times } 次。
rule-missed-again = 再過號 { $minutes } 分鐘內回來，排在 { $behind } 位之後，還可以回來 { $times } 次。
rule-missed-last = 請不要再過號，這個號碼不能再回來排隊。
phone-come-back = 我回來了，重新排隊
phone-come-back-until = { $time } 前可以用同一個號碼回來，您會排在第 { $place } 位
phone-get-ready = 快輪到您了，請準備
phone-room = 請在「{ $room }」等候
phone-too-late = 這個號碼不能再回來排隊，請重新取號
phone-nobody-behind = 後面沒有人在等，不用讓
phone-cancelled = 這個號碼已取消
phone-new-ticket = 需要辦理時，請重新取號
phone-transferred = 已轉到「{ $service }」，順位保留
phone-ended = 今日服務已結束
phone-not-found = 找不到這個號碼
phone-not-found-hint = 請檢查網址，或洽服務台
phone-lost = 離線，{ $time } 的資料
phone-no-counter = 目前沒有櫃台辦理。您的號碼會保留
phone-paused = 櫃台暫停中。您的號碼會保留
phone-paused-until = 櫃台暫停到 { $time }。您的號碼會保留
phone-reconnecting = 重新連線中，請留意現場叫號

## Rating
rating-title = 這次的服務，您滿意嗎？
rating-5 = 非常滿意
rating-4 = 滿意
rating-3 = 普通
rating-2 = 不滿意
rating-1 = 非常不滿意
rating-anonymous = 不記名。承辦人員看不到您選了哪一個。
rating-none = 不填
rating-why = 哪裡可以做得更好？
rating-why-many = 可以複選
rating-reason-waiting = 等太久
rating-reason-explanation = 說明不清楚
rating-reason-attitude = 服務態度
rating-reason-place = 環境、設備
rating-reason-process = 辦事流程
rating-reason-manager = 我想找主管談
rating-send = 送出
rating-auto-send = { $seconds } 秒後自動送出
rating-thanks = 謝謝您的意見
rating-already = 這個號碼已經評價過了
rating-closed = 這次服務已不能評價
rating-lost = 連線中斷
rating-kept = 您的回答會保留，恢復連線後自動送出

## Phone page: the way to the counter
phone-direction-left = 往看板左邊走
phone-direction-right = 往看板右邊走
phone-direction-up = 往前走

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = 請輸入報到代碼
kiosk-code-hint = 預約時收到的數字，4 到 6 碼；也可以掃描預約條碼
kiosk-code-delete = 清除
kiosk-code-go = 報到
booking-title = 預約辦理時間
booking-hint = 不必留姓名和電話，憑代碼報到
booking-choose-service = 請選擇業務
booking-choose-day = 請選擇日期
booking-choose-time = 請選擇時間
booking-none = 這一天沒有可以預約的時間
booking-closed = 休息
booking-full = 已額滿
booking-left = 尚餘 { $count } 位
booking-refused = 這個時間已經不能預約，請選擇其他時間
booking-off = 本站不開放網路預約，請洽服務台
appointment-title = 您的預約
appointment-code = 報到代碼
appointment-keep = 請記下代碼，或保留這個頁面的條碼
appointment-window = 請於 { $from } 到 { $until } 報到
appointment-on-time = { $time } 以前報到，依預約時間排隊
appointment-where = 請在取號機輸入代碼，或掃描條碼
appointment-check-in = 我到了，我要報到
appointment-cancel = 取消預約
appointment-cancel-sure = 取消後，這個時間會讓給別人
appointment-cancelled = 這個預約已經取消
appointment-early = 還沒到報到時間，請晚一點再來
appointment-missed = 已經超過報到時間，請取一般號碼牌
appointment-closed-day = 這個時間本站休息，請取消後改約其他時間
appointment-done = 這個預約已經報到，請看您的號碼牌
appointment-unknown = 找不到這個預約，請再確認一次代碼
appointment-tries = 輸入錯誤太多次，請等一分鐘，或洽服務台
## Why somebody is called first, and the rule in force
why-title = 為什麼先叫 { $number }？
why-picked = { $number } 由櫃台人員指定先叫。
why-urgent = { $number } 有緊急情形，由主管核准先叫。
why-sent-back = { $number } 從 { $counter } 號櫃台辦完回來，先叫。
why-came-first = { $number } 比較早取號，所以先叫。
why-counted-earliest = { $number } 視同 { $time } 取號，是最早的，所以先叫。
why-head-start = { $number } 是{ $class }號，視同提早 { $minutes } 分鐘取號，所以先叫。
why-rank = { $number } 是{ $class }號，排在{ $passed }號前面，所以先叫。
why-points = { $number } 是{ $class }號，等候點數 { $points } 點，比 { $passed } 點多，所以先叫。
why-turn = 這次輪到{ $class }號，所以先叫 { $number }。
rule-fcfs = 本站叫號規則：依取號先後。
rule-head-start = 本站叫號規則：依取號先後；{ $classes }。
rule-head-start-class = { $class }號視同提早 { $minutes } 分鐘取號
rule-strict = 本站叫號規則：依序為{ $order }；同一類依取號先後。
rule-points = 本站叫號規則：等候越久點數越多，點數多的先叫；{ $classes }。
rule-points-class = { $class }號每分鐘 { $points } 點
rule-ratio = 本站叫號規則：每叫 { $priority } 位{ $others }號，再叫 { $regular } 位{ $class }號；同一類依取號先後。

# Zones and the identity check
zone-wait-in = 請在{ $zone }等候
identity-first = 請先到{ $place }核對證件，核對後才會叫號
phone-get-ready-in = 快輪到您了，請到{ $zone }準備
identity-document_missing = 未帶證件
identity-document_expired = 證件已過期
identity-not_the_holder = 非本人證件，也沒有委託書
identity-not_entitled = 不符合申辦資格
identity-other = 證件核對未通過
