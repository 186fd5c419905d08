# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } người
unit-minutes = { $count } phút
label-people = { $count ->
   *[other] người
}
label-minutes = phút
wait-count = { $count } người đang chờ
wait-range = khoảng { $low }–{ $high } phút
wait-within = dưới { $high } phút
wait-none = Hầu như không phải chờ
wait-unknown = Chưa ước tính được
wait-long = Phải chờ lâu
wait-next = Quý vị là người tiếp theo
number = Số
service = Dịch vụ
counter = Quầy
counter-number = Quầy { $counter }
date-weekdays = Thứ Hai|Thứ Ba|Thứ Tư|Thứ Năm|Thứ Sáu|Thứ Bảy|Chủ Nhật
date-months = 1|2|3|4|5|6|7|8|9|10|11|12
date-day = { $weekday }, { $day } tháng { $month }

## Buttons and states of every page
language = Ngôn ngữ
close = Đóng
yes = Có
no = Không
cancel = Hủy
connecting = Đang kết nối
live = Trực tiếp
announcement = Thông báo
evacuate = Hãy rời khỏi đây theo hướng dẫn
page-unavailable = Không thể hiển thị trang này. Vui lòng hỏi quầy thông tin
system-fault = Hiện không lấy được số. Vui lòng hỏi quầy thông tin

## Kiosk: choosing a service
kiosk-title = Hôm nay quý vị cần làm gì?
kiosk-hint = Chạm một lần để in số thứ tự
kiosk-waits = Tình hình chờ
kiosk-priority = Ưu tiên
kiosk-priority-who = Từ 65 tuổi, người khuyết tật, phụ nữ mang thai, có con nhỏ
kiosk-priority-choose = Ưu tiên: chọn dịch vụ
kiosk-appointment = Có hẹn trước
kiosk-help = Nhờ giúp đỡ
kiosk-help-coming = Nhân viên đang đến
kiosk-other-services = Dịch vụ khác
kiosk-back = Quay lại
kiosk-accessibility = Hỗ trợ tiếp cận
kiosk-big-text = Chữ to
kiosk-contrast = Tương phản
kiosk-lower = Hạ thấp
kiosk-raise = Nâng lên
kiosk-audio = Âm thanh
kiosk-use-below = Dùng các nút bên dưới
kiosk-issuing = Đang lấy số
service-closed = Hôm nay đã ngừng nhận
service-opens-at = Bắt đầu nhận lúc { $time }
service-opens-on = Mở cửa { $day }, { $time }
service-full = Đã hết số
service-late = Dự kiến xong lúc { $time }
service-ask-staff = Vui lòng hỏi nhân viên
hall-from = từ { $time }
no-counter-open = Chưa có quầy nào mở, quý vị vẫn có thể lấy số
counters-paused = Quầy tạm ngừng, vẫn lấy được số
counters-paused-until = Tạm ngừng đến { $time }, vẫn lấy được số
station-closed = Hôm nay đã hết giờ làm việc
station-hours = Giờ làm việc { $open }–{ $close }
kiosk-idle = Quý vị còn ở đây không? Màn hình sẽ xóa sau { $seconds } giây
kiosk-stay = Tôi vẫn ở đây
kiosk-offline = Đang lấy số ngoại tuyến, số vẫn có giá trị
kiosk-out-of-order = Máy này tạm ngừng sử dụng
kiosk-use-another = Vui lòng dùng máy khác hoặc hỏi nhân viên

## Kiosk: the ticket
issued-title = Đã lấy số xong
issued-number = Số của quý vị
issued-ahead = Trước quý vị còn
issued-wait = Dự kiến chờ
issued-take = Lấy phiếu ở bên dưới
issued-printing = Đang in
issued-follow = Theo dõi trên điện thoại
issued-no-app = Không cần tải ứng dụng
issued-remind = Nhắc khi sắp đến lượt
issued-see-ahead = Xem còn bao nhiêu người phía trước
issued-languages = 10 ngôn ngữ
issued-prepare = Trong lúc chờ, hãy chuẩn bị sẵn
issued-change-service = Chọn lại dịch vụ
issued-removed = Đã hủy số { $number }
issued-more-time = Thêm thời gian
issued-done = Xong
issued-qr = Mã QR của trang điện thoại cho số { $number }
paper-out = Máy hết giấy, số của quý vị vẫn có giá trị
paper-out-hint = Hãy chụp màn hình này hoặc quét mã QR. Nhân viên đã được báo.
printer-fault = Máy in bị lỗi, số của quý vị vẫn có giá trị
printer-fault-hint = Hãy chụp màn hình này hoặc quét mã QR. Nhân viên đã được báo.
paper-out-before = Máy hết giấy, số của quý vị sẽ hiện trên màn hình này
printer-fault-before = Máy in bị lỗi, số của quý vị sẽ hiện trên màn hình này
paper-unknown = Nếu không có phiếu, số vẫn có giá trị
paper-unknown-hint = Hãy chụp màn hình này hoặc quét mã QR
paper-ask = Phiếu đã in ra chưa?
paper-yes = Rồi, đã có phiếu
paper-again = Chưa, in lại
paper-sent = Đã gửi phiếu đến máy in
paper-kept = Hãy giữ phiếu cho đến khi được gọi

## Ticket on paper
ticket-number = Số của quý vị
ticket-service = Dịch vụ
ticket-time = Giờ lấy số
ticket-ahead = Trước quý vị còn { $count } người
ticket-wait = Dự kiến chờ { $low }–{ $high } phút
ticket-wait-within = Dự kiến chờ dưới { $high } phút
ticket-latest = Muộn nhất khoảng { $time }
ticket-missed = Nếu lỡ số, vui lòng đến quầy thông tin
ticket-scan = Quét mã để theo dõi
ticket-priority = Ưu tiên
ticket-reprint = In lại
ticket-offline = Lấy số ngoại tuyến
ticket-phone = Điện thoại { $phone }

## Hall board
hall-title = Bảng gọi số
hall-number = Số
hall-counter = Quầy
hall-waits = Tình hình chờ
hall-waiting = Đang chờ
hall-now-at = Đã gọi đến
hall-expected = Dự kiến
hall-nobody = Hiện không có ai chờ
hall-call = Số { $number }, mời đến quầy { $counter }
hall-second-call = Gọi lần thứ 2
hall-again = Gọi lần thứ { $count }
hall-missed-rule = Nếu lỡ số, xem trên phiếu hoặc hỏi quầy thông tin
hall-lost = Bảng này tạm ngừng cập nhật
hall-lost-hint = Vui lòng nghe nhân viên gọi số hoặc xem trên điện thoại
hall-lost-told = Nhân viên đã được báo
hall-last-update = Cập nhật lần cuối { $time }
hall-stale = Mất kết nối, số có thể chưa cập nhật

## Counter display
display-please-come = Mời đến quầy
display-serving = Đang phục vụ
display-paused = Tạm ngừng
display-back-at = Tạm ngừng, trở lại lúc { $time }
display-closed = Mời đến quầy khác
display-open = Đang mở
display-welcome = Xin chào, mời ngồi

## Phone page
phone-title = Số { $number }
phone-ahead = Trước quý vị còn
phone-wait = Chờ khoảng
phone-you = Quý vị
phone-waiting = Đang chờ
phone-remind = Nhắc tôi khi sắp đến lượt
phone-remind-hint = Rung và kêu khi còn { $count } người phía trước
phone-keep-open = Vui lòng giữ trang này mở
phone-seat = Vui lòng ngồi ở khu vực chờ
phone-prepare = Chuẩn bị sẵn
phone-let-go = Nhường { $count } người trước
phone-let-go-done = Đã nhường { $count } người trước, chỗ của quý vị tính từ đó
phone-cancel = Hủy số này
phone-cancel-sure = Sau khi hủy, số không còn giá trị. Quý vị có muốn hủy không?
phone-turn = Đến lượt quý vị
phone-go-to = Mời đến
phone-coming = Tôi đến ngay
phone-need-time = Xin đợi tôi một chút
phone-counter-waits = Quầy sẽ đợi quý vị { $minutes } phút
phone-serving = Đang phục vụ
phone-served = Đã hoàn tất
phone-thanks = Cảm ơn quý vị đã đến hôm nay
phone-rate = Hãy cho chúng tôi biết cảm nhận của quý vị
phone-held = Số của quý vị đang được giữ, quầy sẽ gọi lại
phone-no-show = Đã qua số của quý vị
phone-no-show-hint = Vui lòng đến quầy thông tin để được gọi lại
rule-missed = Nếu lỡ số, quay lại trong { $minutes } phút: xếp sau { $behind } người, tối đa { $times } lần.
rule-missed-again = Nếu lại lỡ số, quay lại trong { $minutes } phút: xếp sau { $behind } người, còn { $times } lần.
rule-missed-last = Xin đừng lỡ số nữa: số này không thể quay lại.
phone-come-back = Tôi đã quay lại, xếp hàng tiếp
phone-come-back-until = Trước { $time } có thể quay lại với số này, quý vị sẽ đứng thứ { $place }
phone-get-ready = Sắp đến lượt quý vị, vui lòng chuẩn bị
phone-room = Vui lòng chờ tại “{ $room }”
phone-too-late = Số này không thể quay lại nữa. Vui lòng lấy số mới
phone-nobody-behind = Không có ai chờ phía sau quý vị
phone-cancelled = Số này đã bị hủy
phone-new-ticket = Khi cần, vui lòng lấy số mới
phone-transferred = Đã chuyển sang “{ $service }”, thứ tự được giữ nguyên
phone-ended = Hôm nay đã hết giờ làm việc
phone-not-found = Không tìm thấy số này
phone-not-found-hint = Vui lòng kiểm tra địa chỉ hoặc hỏi quầy thông tin
phone-lost = Ngoại tuyến, dữ liệu lúc { $time }
phone-no-counter = Hiện chưa có quầy nào mở. Số của quý vị được giữ lại
phone-paused = Các quầy đang tạm ngừng. Số của quý vị được giữ lại
phone-paused-until = Các quầy tạm ngừng đến { $time }. Số của quý vị được giữ lại
phone-reconnecting = Đang kết nối lại, vui lòng nghe gọi số tại chỗ

## Rating
rating-title = Quý vị có hài lòng với dịch vụ lần này không?
rating-5 = Rất hài lòng
rating-4 = Hài lòng
rating-3 = Bình thường
rating-2 = Không hài lòng
rating-1 = Rất không hài lòng
rating-anonymous = Ẩn danh. Nhân viên không thấy lựa chọn của quý vị.
rating-none = Bỏ qua
rating-why = Chúng tôi có thể cải thiện điều gì?
rating-why-many = Có thể chọn nhiều
rating-reason-waiting = Chờ quá lâu
rating-reason-explanation = Giải thích không rõ
rating-reason-attitude = Thái độ phục vụ
rating-reason-place = Môi trường, thiết bị
rating-reason-process = Quy trình
rating-reason-manager = Tôi muốn gặp quản lý
rating-send = Gửi
rating-auto-send = Tự động gửi sau { $seconds } giây
rating-thanks = Cảm ơn ý kiến của quý vị
rating-already = Số này đã được đánh giá
rating-closed = Không còn đánh giá được lần phục vụ này
rating-lost = Mất kết nối
rating-kept = Câu trả lời của bạn được giữ lại và sẽ gửi khi có kết nối

## Phone page: the way to the counter
phone-direction-left = Đi về bên trái bảng số
phone-direction-right = Đi về bên phải bảng số
phone-direction-up = Đi thẳng

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = Vui lòng nhập mã hẹn
kiosk-code-hint = Dãy 4 đến 6 chữ số bạn đã nhận, hoặc quét mã hẹn
kiosk-code-delete = Xóa
kiosk-code-go = Báo đã đến
booking-title = Đặt lịch hẹn
booking-hint = Không cần họ tên và số điện thoại: chỉ cần mã để báo đã đến
booking-choose-service = Vui lòng chọn dịch vụ
booking-choose-day = Vui lòng chọn ngày
booking-choose-time = Vui lòng chọn giờ
booking-none = Ngày này không còn giờ nào để đặt
booking-closed = Nghỉ
booking-full = Đã kín
booking-left = Còn { $count } chỗ
booking-refused = Giờ này không đặt được nữa: vui lòng chọn giờ khác
booking-off = Trạm không nhận đặt lịch qua mạng: vui lòng hỏi quầy hướng dẫn
appointment-title = Lịch hẹn của bạn
appointment-code = Mã của bạn
appointment-keep = Vui lòng ghi lại mã, hoặc giữ hình mã trên trang này
appointment-window = Vui lòng báo đã đến từ { $from } đến { $until }
appointment-on-time = Báo đã đến trước { $time } thì được xếp theo giờ hẹn
appointment-where = Vui lòng nhập mã tại máy lấy số, hoặc quét hình mã
appointment-check-in = Tôi đã đến
appointment-cancel = Hủy lịch hẹn
appointment-cancel-sure = Giờ này sẽ được nhường cho người khác
appointment-cancelled = Lịch hẹn này đã hủy
appointment-early = Chưa đến giờ báo đã đến: vui lòng quay lại sau
appointment-missed = Đã quá giờ báo đã đến: vui lòng lấy số thường
appointment-closed-day = Trạm nghỉ vào giờ này: vui lòng hủy và chọn giờ khác
appointment-done = Lịch hẹn này đã báo đến: vui lòng xem phiếu số
appointment-unknown = Không tìm thấy lịch hẹn: vui lòng kiểm tra lại mã
appointment-tries = Nhập sai quá nhiều lần: vui lòng chờ một phút hoặc hỏi quầy hướng dẫn
## Why somebody is called first, and the rule in force
why-title = Vì sao số { $number } được gọi trước?
why-picked = Nhân viên tại quầy chọn gọi số { $number } trước.
why-urgent = Số { $number } là trường hợp khẩn cấp, được phụ trách chấp thuận gọi trước.
why-sent-back = Số { $number } quay lại từ quầy { $counter } nên được gọi trước.
why-came-first = Số { $number } được lấy sớm hơn nên được gọi trước.
why-counted-earliest = Số { $number } được tính như lấy lúc { $time }, là sớm nhất, nên được gọi trước.
why-head-start = Số { $number } ({ $class }) được tính như lấy sớm hơn { $minutes } phút nên được gọi trước.
why-rank = Số { $number } ({ $class }) được gọi trước { $passed }.
why-points = Số { $number } ({ $class }) có { $points } điểm chờ, nhiều hơn { $passed }, nên được gọi trước.
why-turn = Đến lượt { $class } nên số { $number } được gọi trước.
rule-fcfs = Cách gọi số: theo thứ tự lấy số.
rule-head-start = Cách gọi số: theo thứ tự lấy số; { $classes }.
rule-head-start-class = { $class } được tính như lấy số sớm hơn { $minutes } phút
rule-strict = Cách gọi số: lần lượt { $order }; cùng loại thì theo thứ tự lấy số.
rule-points = Cách gọi số: chờ càng lâu càng nhiều điểm, nhiều điểm gọi trước; { $classes }.
rule-points-class = { $class } { $points } điểm mỗi phút
rule-ratio = Cách gọi số: cứ { $priority } số { $others } rồi đến { $regular } số { $class }; cùng loại thì theo thứ tự lấy số.

# Zones and the identity check
zone-wait-in = Vui lòng chờ ở { $zone }
identity-first = Trước tiên hãy xuất trình giấy tờ tại: { $place }. Sau đó bạn mới được gọi số
phone-get-ready-in = Sắp đến lượt, vui lòng đến { $zone }
identity-document_missing = Không có giấy tờ
identity-document_expired = Giấy tờ đã hết hạn
identity-not_the_holder = Giấy tờ của người khác
identity-not_entitled = Bạn không thuộc diện được làm thủ tục này
identity-other = Chưa qua kiểm tra giấy tờ
