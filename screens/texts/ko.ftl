# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count }명
unit-minutes = { $count }분
label-people = { $count ->
   *[other] 명
}
label-minutes = 분
wait-count = { $count }명 대기
wait-range = 약 { $low }–{ $high }분
wait-within = { $high }분 이내
wait-none = 거의 대기 없음
wait-unknown = 예상할 수 없음
wait-long = 대기가 깁니다
wait-next = 다음 차례입니다
number = 번호
service = 업무
counter = 창구
counter-number = { $counter }번 창구
date-weekdays = 월요일|화요일|수요일|목요일|금요일|토요일|일요일
date-months = 1|2|3|4|5|6|7|8|9|10|11|12
date-day = { $month }월 { $day }일 { $weekday }

## Buttons and states of every page
language = 언어
close = 닫기
yes = 예
no = 아니요
cancel = 취소
connecting = 연결 중
live = 실시간
announcement = 공지
evacuate = 안내에 따라 대피하세요
page-unavailable = 이 페이지를 표시할 수 없습니다. 안내 데스크에 문의하세요
system-fault = 지금은 번호를 뽑을 수 없습니다. 안내 데스크에 문의하세요

## Kiosk: choosing a service
kiosk-title = 어떤 업무로 오셨나요?
kiosk-hint = 한 번 누르면 번호표가 나옵니다
kiosk-waits = 대기 현황
kiosk-priority = 우선 서비스
kiosk-priority-who = 65세 이상, 장애인, 임산부, 영유아 동반
kiosk-priority-choose = 우선 서비스: 업무를 선택하세요
kiosk-appointment = 예약했습니다
kiosk-help = 도움 요청
kiosk-help-coming = 직원이 곧 갑니다
kiosk-other-services = 다른 업무
kiosk-back = 뒤로
kiosk-accessibility = 접근성
kiosk-big-text = 큰 글씨
kiosk-contrast = 고대비
kiosk-lower = 아래로
kiosk-raise = 위로
kiosk-audio = 음성
kiosk-use-below = 아래 버튼을 사용하세요
kiosk-issuing = 번호를 뽑는 중
service-closed = 오늘 접수 마감
service-opens-at = { $time }부터 접수
service-opens-on = { $day } { $time } 접수 시작
service-full = 번호표가 모두 발급되었습니다
service-late = { $time }경 종료 예상
service-ask-staff = 직원에게 문의해 주세요
hall-from = { $time } 부터
no-counter-open = 열린 창구가 없지만 번호표는 뽑을 수 있습니다
counters-paused = 창구가 잠시 멈췄지만 번호표는 뽑을 수 있습니다
counters-paused-until = 창구가 { $time }까지 멈췄지만 번호표는 뽑을 수 있습니다
station-closed = 오늘 업무가 끝났습니다
station-hours = 업무 시간 { $open }–{ $close }
kiosk-idle = 아직 계신가요? { $seconds }초 뒤에 화면이 지워집니다
kiosk-stay = 아직 있습니다
kiosk-offline = 오프라인 발급 중입니다. 번호는 유효합니다
kiosk-out-of-order = 이 기계는 사용할 수 없습니다
kiosk-use-another = 다른 발권기를 이용하거나 직원에게 문의하세요

## Kiosk: the ticket
issued-title = 접수되었습니다
issued-number = 내 번호
issued-ahead = 앞에
issued-wait = 예상 대기
issued-take = 아래에서 번호표를 가져가세요
issued-printing = 인쇄 중
issued-follow = 휴대폰으로 보기
issued-no-app = 앱이 필요 없습니다
issued-remind = 차례가 가까워지면 알려 드립니다
issued-see-ahead = 앞에 몇 명인지 볼 수 있습니다
issued-languages = 10개 언어
issued-prepare = 기다리는 동안 준비하세요
issued-change-service = 업무 다시 선택
issued-removed = { $number }번이 취소되었습니다
issued-more-time = 시간 연장
issued-done = 완료
issued-qr = { $number }번의 휴대폰 페이지 QR 코드
paper-out = 용지가 없지만 번호는 유효합니다
paper-out-hint = 이 화면을 찍거나 QR 코드를 스캔하세요. 직원에게 알렸습니다.
printer-fault = 프린터 고장이지만 번호는 유효합니다
printer-fault-hint = 이 화면을 찍거나 QR 코드를 스캔하세요. 직원에게 알렸습니다.
paper-out-before = 용지가 없습니다. 번호는 이 화면에 나옵니다
printer-fault-before = 프린터 고장입니다. 번호는 이 화면에 나옵니다
paper-unknown = 종이가 나오지 않아도 번호는 유효합니다
paper-unknown-hint = 이 화면을 찍거나 QR 코드를 스캔하세요
paper-ask = 번호표가 나왔나요?
paper-yes = 예, 받았습니다
paper-again = 아니요, 다시 인쇄
paper-sent = 번호표를 프린터로 보냈습니다
paper-kept = 호출될 때까지 번호표를 보관하세요

## Ticket on paper
ticket-number = 내 번호
ticket-service = 업무
ticket-time = 발급 시각
ticket-ahead = 앞에 { $count }명
ticket-wait = 예상 대기 { $low }–{ $high }분
ticket-wait-within = 예상 대기 { $high }분 이내
ticket-latest = 늦어도 { $time }쯤
ticket-missed = 번호가 지났으면 안내 데스크로 오세요
ticket-scan = 스캔하여 순서 보기
ticket-priority = 우선
ticket-reprint = 재발행
ticket-offline = 오프라인 발급
ticket-phone = 전화 { $phone }

## Hall board
hall-title = 호출 현황
hall-number = 번호
hall-counter = 창구
hall-waits = 대기 현황
hall-waiting = 대기
hall-now-at = 현재 번호
hall-expected = 예상
hall-nobody = 기다리는 사람이 없습니다
hall-call = { $number }번, { $counter }번 창구로 오세요
hall-second-call = 두 번째 호출
hall-again = { $count }번째 호출
hall-missed-rule = 번호가 지났으면 번호표를 보거나 안내 데스크에 문의하세요
hall-lost = 이 화면은 잠시 멈췄습니다
hall-lost-hint = 직원의 호출을 듣거나 휴대폰을 확인하세요
hall-lost-told = 직원에게 알렸습니다
hall-last-update = 마지막 업데이트 { $time }
hall-stale = 연결이 끊겨 번호가 최신이 아닐 수 있습니다

## Counter display
display-please-come = 오세요
display-serving = 업무 중
display-paused = 잠시 멈춤
display-back-at = 잠시 멈춤, { $time }에 다시 시작
display-closed = 다른 창구로 가세요
display-open = 업무 중
display-welcome = 어서 오세요, 앉으세요

## Phone page
phone-title = 번호 { $number }
phone-ahead = 앞에
phone-wait = 예상 대기
phone-you = 나
phone-waiting = 대기 중
phone-remind = 차례가 가까우면 알림
phone-remind-hint = 앞에 { $count }명 남으면 진동과 소리로 알립니다
phone-keep-open = 이 페이지를 열어 두세요
phone-seat = 대기 장소에 앉아 주세요
phone-prepare = 준비하세요
phone-let-go = { $count }명 먼저 보내기
phone-let-go-done = { $count }명을 먼저 보냈습니다. 순서는 거기부터 셉니다
phone-cancel = 이 번호 취소
phone-cancel-sure = 취소하면 번호가 무효가 됩니다. 취소할까요?
phone-turn = 차례가 되었습니다
phone-go-to = 여기로 오세요
phone-coming = 지금 갑니다
phone-need-time = 조금만 기다려 주세요
phone-counter-waits = 창구에서 { $minutes }분 기다립니다
phone-serving = 업무 중
phone-served = 완료되었습니다
phone-thanks = 오늘 와 주셔서 감사합니다
phone-rate = 의견을 들려주세요
phone-held = 번호가 보류되었습니다. 창구에서 다시 부릅니다
phone-no-show = 번호가 지났습니다
phone-no-show-hint = 안내 데스크로 오시면 다시 부릅니다
rule-missed = 번호가 지났으면 { $minutes }분 안에 돌아오세요. { $behind }명 뒤에 서며 최대 { $times }번입니다.
rule-missed-again = 또 지나면 { $minutes }분 안에 돌아오세요. { $behind }명 뒤에 서며 { $times }번 남았습니다.
rule-missed-last = 다시 지나면 이 번호로는 돌아올 수 없습니다.
phone-come-back = 돌아왔습니다. 다시 줄서기
phone-come-back-until = { $time } 전까지 이 번호로 돌아올 수 있으며 { $place }번째가 됩니다
phone-get-ready = 곧 차례입니다. 준비해 주세요
phone-room = “{ $room }”에서 기다려 주세요
phone-too-late = 이 번호로는 더 돌아올 수 없습니다. 새 번호를 받으세요
phone-nobody-behind = 뒤에서 기다리는 사람이 없습니다
phone-cancelled = 이 번호는 취소되었습니다
phone-new-ticket = 필요하면 번호를 다시 뽑으세요
phone-transferred = “{ $service }”(으)로 옮겼습니다. 순서는 그대로입니다
phone-ended = 오늘 업무가 끝났습니다
phone-not-found = 이 번호를 찾을 수 없습니다
phone-not-found-hint = 주소를 확인하거나 안내 데스크에 문의하세요
phone-lost = 오프라인, { $time } 기준
phone-no-counter = 열린 창구가 없습니다. 번호는 그대로 유효합니다
phone-paused = 창구가 잠시 멈췄습니다. 번호는 그대로 유효합니다
phone-paused-until = 창구가 { $time }까지 멈췄습니다. 번호는 그대로 유효합니다
phone-reconnecting = 다시 연결 중입니다. 현장 호출을 들어 주세요

## Rating
rating-title = 이번 서비스에 만족하셨나요?
rating-5 = 매우 만족
rating-4 = 만족
rating-3 = 보통
rating-2 = 불만족
rating-1 = 매우 불만족
rating-anonymous = 익명입니다. 담당자는 선택을 볼 수 없습니다.
rating-none = 건너뛰기
rating-why = 무엇을 개선하면 좋을까요?
rating-why-many = 여러 개 선택할 수 있습니다
rating-reason-waiting = 너무 오래 기다림
rating-reason-explanation = 설명이 불분명함
rating-reason-attitude = 직원 태도
rating-reason-place = 장소와 시설
rating-reason-process = 업무 절차
rating-reason-manager = 책임자와 이야기하고 싶음
rating-send = 보내기
rating-auto-send = { $seconds }초 뒤 자동 전송
rating-thanks = 의견 감사합니다
rating-already = 이 번호는 이미 평가되었습니다
rating-closed = 이번 서비스는 더 이상 평가할 수 없습니다
rating-lost = 연결이 끊어졌습니다
rating-kept = 답변은 보관되었다가 다시 연결되면 전송됩니다

## Phone page: the way to the counter
phone-direction-left = 안내판 왼쪽으로
phone-direction-right = 안내판 오른쪽으로
phone-direction-up = 앞으로 곧장

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = 예약 코드를 입력해 주세요
kiosk-code-hint = 받으신 4~6자리 숫자, 또는 예약 코드를 스캔해 주세요
kiosk-code-delete = 지우기
kiosk-code-go = 도착 확인
booking-title = 방문 예약
booking-hint = 이름과 전화번호는 필요 없습니다. 코드로 확인합니다
booking-choose-service = 업무를 선택해 주세요
booking-choose-day = 날짜를 선택해 주세요
booking-choose-time = 시간을 선택해 주세요
booking-none = 이 날은 예약할 수 있는 시간이 없습니다
booking-closed = 휴무
booking-full = 예약 마감
booking-left = { $count }명 남음
booking-refused = 이 시간은 더 이상 예약할 수 없습니다. 다른 시간을 선택해 주세요
booking-off = 웹 예약을 받지 않습니다. 안내 데스크에 문의해 주세요
appointment-title = 예약 내용
appointment-code = 확인 코드
appointment-keep = 코드를 적어 두시거나 이 화면의 코드를 보관해 주세요
appointment-window = { $from }~{ $until } 사이에 도착 확인을 해 주세요
appointment-on-time = { $time }까지 확인하면 예약 시간 기준으로 순서가 정해집니다
appointment-where = 발권기에서 코드를 입력하거나 스캔해 주세요
appointment-check-in = 도착했습니다
appointment-cancel = 예약 취소
appointment-cancel-sure = 이 시간은 다른 분께 넘어갑니다
appointment-cancelled = 취소된 예약입니다
appointment-early = 아직 확인 시간이 아닙니다. 나중에 다시 와 주세요
appointment-missed = 확인 시간이 지났습니다. 일반 번호표를 뽑아 주세요
appointment-closed-day = 이 시간에는 쉽니다. 취소하고 다른 시간을 선택해 주세요
appointment-done = 이미 확인된 예약입니다. 번호표를 봐 주세요
appointment-unknown = 예약을 찾을 수 없습니다. 코드를 확인해 주세요
appointment-tries = 잘못된 코드가 너무 많습니다. 1분 기다리시거나 안내 데스크에 문의해 주세요
## Why somebody is called first, and the rule in force
why-title = 왜 { $number }번을 먼저 불렀나요?
why-picked = 창구 직원이 { $number }번을 지정해 먼저 불렀습니다.
why-urgent = { $number }번은 긴급한 경우로 책임자 승인을 받아 먼저 불렀습니다.
why-sent-back = { $number }번은 { $counter }번 창구에서 돌아와 먼저 불렀습니다.
why-came-first = { $number }번이 더 일찍 발급되어 먼저 불렀습니다.
why-counted-earliest = { $number }번은 { $time }에 발급된 것으로 보아 가장 이르므로 먼저 불렀습니다.
why-head-start = { $number }번({ $class })은 { $minutes }분 일찍 발급된 것으로 보아 먼저 불렀습니다.
why-rank = { $number }번({ $class })은 { $passed }보다 먼저 부릅니다.
why-points = { $number }번({ $class })의 대기 점수는 { $points }점으로 { $passed }점보다 많아 먼저 불렀습니다.
why-turn = { $class } 차례이므로 { $number }번을 먼저 불렀습니다.
rule-fcfs = 호출 순서: 번호표를 받은 순서입니다.
rule-head-start = 호출 순서: 번호표를 받은 순서이며, { $classes }.
rule-head-start-class = { $class }은(는) { $minutes }분 일찍 받은 것으로 봅니다
rule-strict = 호출 순서: { $order } 순이며, 같은 종류는 번호표를 받은 순서입니다.
rule-points = 호출 순서: 오래 기다릴수록 점수가 늘고 점수가 많은 분을 먼저 부릅니다. { $classes }.
rule-points-class = { $class } 1분에 { $points }점
rule-ratio = 호출 순서: { $others } { $priority }명, 다음에 { $class } { $regular }명을 번갈아 부르며, 같은 종류는 번호표를 받은 순서입니다.

# Zones and the identity check
zone-wait-in = { $zone }에서 기다려 주세요
identity-first = 먼저 { $place }에서 신분 확인을 받으세요. 확인 후 호출됩니다
phone-get-ready-in = 곧 차례입니다. { $zone }(으)로 와 주세요
identity-document_missing = 신분증이 없었습니다
identity-document_expired = 신분증이 만료되었습니다
identity-not_the_holder = 본인의 신분증이 아닙니다
identity-not_entitled = 이 업무를 이용할 자격이 없습니다
identity-other = 신분 확인이 되지 않았습니다
