# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } คน
unit-minutes = { $count } นาที
label-people = { $count ->
   *[other] คน
}
label-minutes = นาที
wait-count = รออยู่ { $count } คน
wait-range = ประมาณ { $low }–{ $high } นาที
wait-within = ไม่เกิน { $high } นาที
wait-none = แทบไม่ต้องรอ
wait-unknown = ยังประมาณเวลาไม่ได้
wait-long = รอนาน
wait-next = คุณคือคนถัดไป
number = หมายเลข
service = บริการ
counter = ช่อง
counter-number = ช่อง { $counter }
date-weekdays = วันจันทร์|วันอังคาร|วันพุธ|วันพฤหัสบดี|วันศุกร์|วันเสาร์|วันอาทิตย์
date-months = มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม
date-day = { $weekday }ที่ { $day } { $month }

## Buttons and states of every page
language = ภาษา
close = ปิด
yes = ใช่
no = ไม่
cancel = ยกเลิก
connecting = กำลังเชื่อมต่อ
live = สด
announcement = ประกาศ
evacuate = โปรดออกจากที่นี่ตามคำแนะนำ
page-unavailable = แสดงหน้านี้ไม่ได้ โปรดติดต่อโต๊ะประชาสัมพันธ์
system-fault = ขณะนี้รับบัตรคิวไม่ได้ โปรดติดต่อโต๊ะประชาสัมพันธ์

## Kiosk: choosing a service
kiosk-title = วันนี้ต้องการทำเรื่องอะไร
kiosk-hint = แตะหนึ่งครั้งเพื่อพิมพ์บัตรคิว
kiosk-waits = สถานะการรอ
kiosk-priority = ช่องทางพิเศษ
kiosk-priority-who = อายุ 65 ปีขึ้นไป ผู้พิการ หญิงมีครรภ์ มีเด็กเล็ก
kiosk-priority-choose = ช่องทางพิเศษ: เลือกบริการ
kiosk-appointment = มีนัดไว้แล้ว
kiosk-help = เรียกเจ้าหน้าที่
kiosk-help-coming = เจ้าหน้าที่กำลังมา
kiosk-other-services = เรื่องอื่น
kiosk-back = ย้อนกลับ
kiosk-accessibility = ตัวช่วยการใช้งาน
kiosk-big-text = ตัวใหญ่
kiosk-contrast = คมชัด
kiosk-lower = เลื่อนลง
kiosk-raise = เลื่อนขึ้น
kiosk-audio = เสียง
kiosk-use-below = ใช้ปุ่มด้านล่าง
kiosk-issuing = กำลังรับหมายเลข
service-closed = วันนี้ปิดรับแล้ว
service-opens-at = เปิดรับเวลา { $time }
service-opens-on = เปิด { $day } { $time }
service-full = หมายเลขหมดแล้ว
service-late = คาดว่าเสร็จ { $time }
service-ask-staff = กรุณาติดต่อเจ้าหน้าที่
hall-from = ตั้งแต่ { $time }
no-counter-open = ยังไม่มีช่องเปิด แต่รับบัตรคิวได้
counters-paused = ช่องบริการพักอยู่ แต่รับบัตรคิวได้
counters-paused-until = ช่องบริการพักถึง { $time } แต่รับบัตรคิวได้
station-closed = วันนี้หมดเวลาทำการแล้ว
station-hours = เวลาทำการ { $open }–{ $close }
kiosk-idle = ยังอยู่ไหม หน้าจอจะล้างใน { $seconds } วินาที
kiosk-stay = ยังอยู่
kiosk-offline = ขณะนี้ออฟไลน์ บัตรคิวยังใช้ได้
kiosk-out-of-order = เครื่องนี้งดใช้ชั่วคราว
kiosk-use-another = โปรดใช้เครื่องอื่นหรือแจ้งเจ้าหน้าที่

## Kiosk: the ticket
issued-title = รับคิวเรียบร้อย
issued-number = หมายเลขของคุณ
issued-ahead = ก่อนหน้าคุณ
issued-wait = รอประมาณ
issued-take = รับบัตรคิวด้านล่าง
issued-printing = กำลังพิมพ์
issued-follow = ดูคิวบนโทรศัพท์
issued-no-app = ไม่ต้องโหลดแอป
issued-remind = เตือนเมื่อใกล้ถึงคิว
issued-see-ahead = ดูว่าเหลืออีกกี่คน
issued-languages = 10 ภาษา
issued-prepare = ระหว่างรอ โปรดเตรียม
issued-change-service = เลือกบริการใหม่
issued-removed = ยกเลิกหมายเลข { $number } แล้ว
issued-more-time = ขอเวลาเพิ่ม
issued-done = เสร็จ
issued-qr = คิวอาร์โค้ดหน้าโทรศัพท์ของหมายเลข { $number }
paper-out = กระดาษหมด หมายเลขยังใช้ได้
paper-out-hint = ถ่ายรูปหน้าจอนี้หรือสแกนคิวอาร์โค้ด แจ้งเจ้าหน้าที่แล้ว
printer-fault = เครื่องพิมพ์ขัดข้อง หมายเลขยังใช้ได้
printer-fault-hint = ถ่ายรูปหน้าจอนี้หรือสแกนคิวอาร์โค้ด แจ้งเจ้าหน้าที่แล้ว
paper-out-before = กระดาษหมด หมายเลขจะแสดงบนหน้าจอนี้
printer-fault-before = เครื่องพิมพ์ขัดข้อง หมายเลขจะแสดงบนหน้าจอนี้
paper-unknown = ถ้าไม่ได้รับกระดาษ หมายเลขยังใช้ได้
paper-unknown-hint = ถ่ายรูปหน้าจอนี้หรือสแกนคิวอาร์โค้ด
paper-ask = บัตรคิวพิมพ์ออกมาหรือไม่
paper-yes = ใช่ ได้รับแล้ว
paper-again = ไม่ พิมพ์อีกครั้ง
paper-sent = ส่งบัตรคิวไปที่เครื่องพิมพ์แล้ว
paper-kept = โปรดเก็บบัตรคิวไว้จนกว่าจะถูกเรียก

## Ticket on paper
ticket-number = หมายเลขของคุณ
ticket-service = บริการ
ticket-time = เวลารับบัตร
ticket-ahead = ก่อนหน้าคุณ { $count } คน
ticket-wait = รอประมาณ { $low }–{ $high } นาที
ticket-wait-within = รอไม่เกิน { $high } นาที
ticket-latest = ช้าสุดประมาณ { $time }
ticket-missed = หากเลยคิว โปรดติดต่อโต๊ะประชาสัมพันธ์
ticket-scan = สแกนเพื่อดูคิว
ticket-priority = ช่องทางพิเศษ
ticket-reprint = พิมพ์ซ้ำ
ticket-offline = รับคิวแบบออฟไลน์
ticket-phone = โทร { $phone }

## Hall board
hall-title = จอเรียกคิว
hall-number = หมายเลข
hall-counter = ช่อง
hall-waits = สถานะการรอ
hall-waiting = รออยู่
hall-now-at = เรียกถึง
hall-expected = คาดว่า
hall-nobody = ไม่มีคนรอ
hall-call = หมายเลข { $number } เชิญที่ช่อง { $counter }
hall-second-call = เรียกครั้งที่ 2
hall-again = เรียกครั้งที่ { $count }
hall-missed-rule = หากเลยคิว ดูที่บัตรคิวหรือติดต่อโต๊ะประชาสัมพันธ์
hall-lost = จอนี้หยุดปรับปรุงชั่วคราว
hall-lost-hint = โปรดฟังเจ้าหน้าที่เรียก หรือดูที่โทรศัพท์
hall-lost-told = แจ้งเจ้าหน้าที่แล้ว
hall-last-update = ข้อมูลล่าสุด { $time }
hall-stale = การเชื่อมต่อขาดหาย หมายเลขอาจไม่เป็นปัจจุบัน

## Counter display
display-please-come = เชิญที่ช่องนี้
display-serving = กำลังให้บริการ
display-paused = พักบริการ
display-back-at = พักบริการ กลับมา { $time }
display-closed = เชิญช่องอื่น
display-open = เปิดให้บริการ
display-welcome = ยินดีต้อนรับ เชิญนั่ง

## Phone page
phone-title = หมายเลข { $number }
phone-ahead = ก่อนหน้าคุณ
phone-wait = รออีกประมาณ
phone-you = คุณ
phone-waiting = กำลังรอ
phone-remind = เตือนฉันเมื่อใกล้ถึงคิว
phone-remind-hint = สั่นและส่งเสียงเมื่อเหลือ { $count } คน
phone-keep-open = โปรดเปิดหน้านี้ไว้
phone-seat = เชิญนั่งรอในบริเวณที่จัดไว้
phone-prepare = โปรดเตรียม
phone-let-go = ให้ { $count } คนไปก่อน
phone-let-go-done = ให้ { $count } คนไปก่อนแล้ว ลำดับของคุณนับจากตรงนั้น
phone-cancel = ยกเลิกหมายเลขนี้
phone-cancel-sure = ยกเลิกแล้วหมายเลขจะใช้ไม่ได้ ต้องการยกเลิกไหม
phone-turn = ถึงคิวคุณแล้ว
phone-go-to = เชิญที่
phone-coming = กำลังไป
phone-need-time = ขอเวลาสักครู่
phone-counter-waits = ช่องจะรอคุณ { $minutes } นาที
phone-serving = กำลังรับบริการ
phone-served = เสร็จเรียบร้อยแล้ว
phone-thanks = ขอบคุณที่มาใช้บริการวันนี้
phone-rate = บอกความรู้สึกของคุณ
phone-held = หมายเลขของคุณพักไว้ ช่องจะเรียกอีกครั้ง
phone-no-show = เลยคิวของคุณแล้ว
phone-no-show-hint = โปรดติดต่อโต๊ะประชาสัมพันธ์เพื่อเรียกใหม่
rule-missed = หากเลยคิว กลับมาภายใน { $minutes } นาที จะต่อหลัง { $behind } คน ไม่เกิน { $times } ครั้ง
rule-missed-again = หากเลยคิวอีก กลับมาภายใน { $minutes } นาที จะต่อหลัง { $behind } คน เหลืออีก { $times } ครั้ง
rule-missed-last = โปรดอย่าให้เลยคิวอีก หมายเลขนี้จะกลับมาต่อคิวไม่ได้แล้ว
phone-come-back = ฉันกลับมาแล้ว ขอต่อคิวใหม่
phone-come-back-until = กลับมาด้วยหมายเลขเดิมได้ก่อน { $time } ท่านจะอยู่ลำดับที่ { $place }
phone-get-ready = ใกล้ถึงคิวท่านแล้ว โปรดเตรียมตัว
phone-room = โปรดรอที่ “{ $room }”
phone-too-late = หมายเลขนี้กลับมาต่อคิวไม่ได้แล้ว โปรดรับบัตรคิวใหม่
phone-nobody-behind = ไม่มีผู้รอหลังท่าน
phone-cancelled = ยกเลิกหมายเลขนี้แล้ว
phone-new-ticket = หากต้องการใช้บริการ โปรดรับบัตรคิวใหม่
phone-transferred = ย้ายไป “{ $service }” แล้ว ลำดับเดิมยังอยู่
phone-ended = วันนี้หมดเวลาทำการแล้ว
phone-not-found = ไม่พบหมายเลขนี้
phone-not-found-hint = ตรวจสอบที่อยู่เว็บ หรือติดต่อโต๊ะประชาสัมพันธ์
phone-lost = ออฟไลน์ ข้อมูลเมื่อ { $time }
phone-no-counter = ขณะนี้ยังไม่มีช่องเปิด หมายเลขของคุณยังใช้ได้
phone-paused = ช่องบริการพักอยู่ หมายเลขของคุณยังใช้ได้
phone-paused-until = ช่องบริการพักถึง { $time } หมายเลขของคุณยังใช้ได้
phone-reconnecting = กำลังเชื่อมต่อใหม่ โปรดฟังการเรียกคิว

## Rating
rating-title = พอใจกับบริการครั้งนี้ไหม
rating-5 = พอใจมาก
rating-4 = พอใจ
rating-3 = ปานกลาง
rating-2 = ไม่พอใจ
rating-1 = ไม่พอใจมาก
rating-anonymous = ไม่ระบุชื่อ เจ้าหน้าที่ไม่เห็นสิ่งที่คุณเลือก
rating-none = ข้าม
rating-why = ควรปรับปรุงอะไร
rating-why-many = เลือกได้หลายข้อ
rating-reason-waiting = รอนานเกินไป
rating-reason-explanation = อธิบายไม่ชัดเจน
rating-reason-attitude = มารยาทเจ้าหน้าที่
rating-reason-place = สถานที่และอุปกรณ์
rating-reason-process = ขั้นตอน
rating-reason-manager = ขอพบหัวหน้า
rating-send = ส่ง
rating-auto-send = ส่งอัตโนมัติใน { $seconds } วินาที
rating-thanks = ขอบคุณสำหรับความเห็น
rating-already = หมายเลขนี้ให้คะแนนแล้ว
rating-closed = ให้คะแนนครั้งนี้ไม่ได้แล้ว
rating-lost = การเชื่อมต่อขาดหาย
rating-kept = คำตอบของคุณจะถูกเก็บไว้และส่งเมื่อเชื่อมต่อได้

## Phone page: the way to the counter
phone-direction-left = ไปทางซ้ายของจอเรียกคิว
phone-direction-right = ไปทางขวาของจอเรียกคิว
phone-direction-up = ตรงไปข้างหน้า

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = กรุณาใส่รหัสนัด
kiosk-code-hint = ตัวเลข 4 ถึง 6 หลักที่ได้รับ หรือสแกนรหัสนัด
kiosk-code-delete = ลบ
kiosk-code-go = แจ้งว่ามาแล้ว
booking-title = จองเวลานัด
booking-hint = ไม่ต้องให้ชื่อและเบอร์โทร ใช้รหัสแจ้งเมื่อมาถึง
booking-choose-service = กรุณาเลือกบริการ
booking-choose-day = กรุณาเลือกวัน
booking-choose-time = กรุณาเลือกเวลา
booking-none = วันนี้ไม่มีเวลาให้จอง
booking-closed = ปิดทำการ
booking-full = เต็มแล้ว
booking-left = เหลือ { $count } ที่
booking-refused = เวลานี้จองไม่ได้แล้ว กรุณาเลือกเวลาอื่น
booking-off = สถานีนี้ไม่รับจองทางเว็บ กรุณาสอบถามที่โต๊ะบริการ
appointment-title = นัดของท่าน
appointment-code = รหัสของท่าน
appointment-keep = กรุณาจดรหัส หรือเก็บภาพรหัสในหน้านี้ไว้
appointment-window = กรุณาแจ้งว่ามาแล้วระหว่าง { $from } ถึง { $until }
appointment-on-time = แจ้งก่อน { $time } จะเข้าคิวตามเวลานัด
appointment-where = กรุณาใส่รหัสที่เครื่องรับบัตรคิว หรือสแกนภาพ
appointment-check-in = ฉันมาถึงแล้ว
appointment-cancel = ยกเลิกนัด
appointment-cancel-sure = เวลานี้จะเปิดให้ผู้อื่น
appointment-cancelled = นัดนี้ถูกยกเลิกแล้ว
appointment-early = ยังไม่ถึงเวลาแจ้ง กรุณากลับมาใหม่ภายหลัง
appointment-missed = เลยเวลาแจ้งแล้ว กรุณารับบัตรคิวทั่วไป
appointment-closed-day = สถานีปิดทำการในเวลานี้ กรุณายกเลิกและเลือกเวลาอื่น
appointment-done = นัดนี้แจ้งแล้ว กรุณาดูบัตรคิวของท่าน
appointment-unknown = ไม่พบนัดนี้ กรุณาตรวจสอบรหัส
appointment-tries = ใส่รหัสผิดหลายครั้งเกินไป กรุณารอหนึ่งนาที หรือสอบถามที่โต๊ะบริการ
## Why somebody is called first, and the rule in force
why-title = ทำไมจึงเรียก { $number } ก่อน?
why-picked = เจ้าหน้าที่ที่ช่องบริการเลือกเรียก { $number } ก่อน
why-urgent = { $number } เป็นกรณีเร่งด่วน หัวหน้าอนุญาตให้เรียกก่อน
why-sent-back = { $number } กลับมาจากช่อง { $counter } จึงเรียกก่อน
why-came-first = { $number } รับบัตรก่อน จึงถูกเรียกก่อน
why-counted-earliest = { $number } ถือว่ารับบัตรเวลา { $time } ซึ่งก่อนที่สุด จึงถูกเรียกก่อน
why-head-start = { $number } ({ $class }) ถือว่ารับบัตรก่อน { $minutes } นาที จึงถูกเรียกก่อน
why-rank = { $number } ({ $class }) ถูกเรียกก่อน { $passed }
why-points = { $number } ({ $class }) มีคะแนนรอ { $points } คะแนน มากกว่า { $passed } จึงถูกเรียกก่อน
why-turn = ถึงรอบของ { $class } จึงเรียก { $number } ก่อน
rule-fcfs = วิธีเรียกคิว: ตามลำดับการรับบัตร
rule-head-start = วิธีเรียกคิว: ตามลำดับการรับบัตร; { $classes }
rule-head-start-class = { $class } ถือว่ารับบัตรก่อน { $minutes } นาที
rule-strict = วิธีเรียกคิว: เรียงตาม { $order }; ประเภทเดียวกันตามลำดับการรับบัตร
rule-points = วิธีเรียกคิว: ยิ่งรอนานยิ่งได้คะแนนมาก คะแนนมากเรียกก่อน; { $classes }
rule-points-class = { $class } นาทีละ { $points } คะแนน
rule-ratio = วิธีเรียกคิว: เรียก { $others } { $priority } คน แล้วเรียก { $class } { $regular } คน สลับกัน; ประเภทเดียวกันตามลำดับการรับบัตร

# Zones and the identity check
zone-wait-in = กรุณารอที่ { $zone }
identity-first = กรุณาแสดงเอกสารที่ { $place } ก่อน จึงจะเรียกหมายเลขได้
phone-get-ready-in = ใกล้ถึงคิวแล้ว กรุณาไปที่ { $zone }
identity-document_missing = ไม่มีเอกสาร
identity-document_expired = เอกสารหมดอายุ
identity-not_the_holder = เอกสารเป็นของผู้อื่น
identity-not_entitled = ไม่มีสิทธิใช้บริการนี้
identity-other = ไม่ผ่านการตรวจเอกสาร
