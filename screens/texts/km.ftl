# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } នាក់
unit-minutes = { $count } នាទី
label-people = { $count ->
   *[other] នាក់
}
label-minutes = នាទី
wait-count = { $count } នាក់កំពុងរង់ចាំ
wait-range = ប្រហែល { $low }–{ $high } នាទី
wait-within = ក្រោម { $high } នាទី
wait-none = ស្ទើរតែមិនបាច់រង់ចាំ
wait-unknown = មិនអាចប៉ាន់ស្មានបាន
wait-long = ត្រូវរង់ចាំយូរ
wait-next = អ្នកជាអ្នកបន្ទាប់
number = លេខ
service = សេវា
counter = បញ្ជរ
counter-number = បញ្ជរលេខ { $counter }
date-weekdays = ថ្ងៃចន្ទ|ថ្ងៃអង្គារ|ថ្ងៃពុធ|ថ្ងៃព្រហស្បតិ៍|ថ្ងៃសុក្រ|ថ្ងៃសៅរ៍|ថ្ងៃអាទិត្យ
date-months = មករា|កុម្ភៈ|មីនា|មេសា|ឧសភា|មិថុនា|កក្កដា|សីហា|កញ្ញា|តុលា|វិច្ឆិកា|ធ្នូ
date-day = { $weekday } ទី { $day } { $month }

## Buttons and states of every page
language = ភាសា
close = បិទ
yes = បាទ/ចាស
no = ទេ
cancel = បោះបង់
connecting = កំពុងភ្ជាប់
live = ផ្ទាល់
announcement = សេចក្តីជូនដំណឹង
evacuate = សូមចេញតាមការណែនាំ
page-unavailable = មិនអាចបង្ហាញទំព័រនេះបានទេ។ សូមសួរនៅតុព័ត៌មាន
system-fault = ឥឡូវនេះមិនអាចយកលេខបានទេ។ សូមសួរនៅតុព័ត៌មាន

## Kiosk: choosing a service
kiosk-title = តើថ្ងៃនេះអ្នកត្រូវការអ្វី?
kiosk-hint = ចុចម្តង ដើម្បីបោះពុម្ពលេខរង់ចាំ
kiosk-waits = ស្ថានភាពរង់ចាំ
kiosk-priority = អាទិភាព
kiosk-priority-who = អាយុ 65 ឡើង ជនពិការ ស្ត្រីមានផ្ទៃពោះ មានកូនតូច
kiosk-priority-choose = អាទិភាព៖ ជ្រើសរើសសេវា
kiosk-appointment = មានណាត់ជួប
kiosk-help = សុំជំនួយ
kiosk-help-coming = បុគ្គលិកកំពុងមក
kiosk-other-services = សេវាផ្សេងទៀត
kiosk-back = ត្រឡប់ក្រោយ
kiosk-accessibility = ជំនួយការប្រើប្រាស់
kiosk-big-text = អក្សរធំ
kiosk-contrast = កម្រិតពណ៌
kiosk-lower = ចុះក្រោម
kiosk-raise = ឡើងលើ
kiosk-audio = សំឡេង
kiosk-use-below = សូមប្រើប៊ូតុងខាងក្រោម
kiosk-issuing = កំពុងយកលេខ
service-closed = បិទសម្រាប់ថ្ងៃនេះ
service-opens-at = ចាប់ផ្តើមទទួលម៉ោង { $time }
service-opens-on = បើក { $day } { $time }
service-full = អស់លេខហើយ
service-late = ប្រហែលចប់ម៉ោង { $time }
service-ask-staff = សូមសួរបុគ្គលិក
hall-from = ចាប់ពី { $time }
no-counter-open = មិនទាន់មានបញ្ជរបើកទេ តែអាចយកលេខបាន
counters-paused = បញ្ជរផ្អាកសិន តែអាចយកលេខបាន
counters-paused-until = បញ្ជរផ្អាកដល់ { $time } តែអាចយកលេខបាន
station-closed = ម៉ោងបម្រើសេវាថ្ងៃនេះបានចប់ហើយ
station-hours = ម៉ោងបម្រើសេវា { $open }–{ $close }
kiosk-idle = តើអ្នកនៅទីនេះទេ? អេក្រង់នឹងសម្អាតក្នុង { $seconds } វិនាទី
kiosk-stay = ខ្ញុំនៅទីនេះ
kiosk-offline = កំពុងក្រៅបណ្តាញ លេខនៅតែមានសុពលភាព
kiosk-out-of-order = ម៉ាស៊ីននេះផ្អាកប្រើ
kiosk-use-another = សូមប្រើម៉ាស៊ីនផ្សេង ឬសួរបុគ្គលិក

## Kiosk: the ticket
issued-title = យកលេខរួចរាល់
issued-number = លេខរបស់អ្នក
issued-ahead = នៅមុខអ្នក
issued-wait = រង់ចាំប្រហែល
issued-take = យកលេខខាងក្រោម
issued-printing = កំពុងបោះពុម្ព
issued-follow = តាមដានតាមទូរស័ព្ទ
issued-no-app = មិនបាច់ទាញយកកម្មវិធី
issued-remind = រំលឹកពេលជិតដល់វេន
issued-see-ahead = មើលថានៅមុខប៉ុន្មាននាក់
issued-languages = 10 ភាសា
issued-prepare = ពេលរង់ចាំ សូមត្រៀម
issued-change-service = ជ្រើសសេវាម្តងទៀត
issued-removed = លេខ { $number } ត្រូវបានបោះបង់
issued-more-time = បន្ថែមពេល
issued-done = រួចរាល់
issued-qr = កូដ QR នៃទំព័រទូរស័ព្ទសម្រាប់លេខ { $number }
paper-out = អស់ក្រដាស លេខរបស់អ្នកនៅតែមានសុពលភាព
paper-out-hint = សូមថតរូបអេក្រង់នេះ ឬស្កេនកូដ QR។ បុគ្គលិកបានទទួលដំណឹងហើយ។
printer-fault = ម៉ាស៊ីនបោះពុម្ពខូច លេខរបស់អ្នកនៅតែមានសុពលភាព
printer-fault-hint = សូមថតរូបអេក្រង់នេះ ឬស្កេនកូដ QR។ បុគ្គលិកបានទទួលដំណឹងហើយ។
paper-out-before = អស់ក្រដាស លេខរបស់អ្នកនឹងបង្ហាញលើអេក្រង់នេះ
printer-fault-before = ម៉ាស៊ីនបោះពុម្ពខូច លេខរបស់អ្នកនឹងបង្ហាញលើអេក្រង់នេះ
paper-unknown = បើគ្មានក្រដាសចេញ លេខនៅតែមានសុពលភាព
paper-unknown-hint = សូមថតរូបអេក្រង់នេះ ឬស្កេនកូដ QR
paper-ask = តើសំបុត្របានបោះពុម្ពចេញទេ?
paper-yes = បានទទួលហើយ
paper-again = ទេ បោះពុម្ពម្តងទៀត
paper-sent = សំបុត្រត្រូវបានផ្ញើទៅម៉ាស៊ីនបោះពុម្ព
paper-kept = សូមរក្សាសំបុត្ររហូតដល់គេហៅ

## Ticket on paper
ticket-number = លេខរបស់អ្នក
ticket-service = សេវា
ticket-time = ម៉ោងយកលេខ
ticket-ahead = នៅមុខអ្នក { $count } នាក់
ticket-wait = រង់ចាំប្រហែល { $low }–{ $high } នាទី
ticket-wait-within = រង់ចាំក្រោម { $high } នាទី
ticket-latest = យឺតបំផុតប្រហែល { $time }
ticket-missed = បើហួសលេខ សូមទៅតុព័ត៌មាន
ticket-scan = ស្កេនដើម្បីតាមដាន
ticket-priority = អាទិភាព
ticket-reprint = បោះពុម្ពឡើងវិញ
ticket-offline = យកលេខក្រៅបណ្តាញ
ticket-phone = ទូរស័ព្ទ { $phone }

## Hall board
hall-title = ក្តារហៅលេខ
hall-number = លេខ
hall-counter = បញ្ជរ
hall-waits = ស្ថានភាពរង់ចាំ
hall-waiting = រង់ចាំ
hall-now-at = ហៅដល់
hall-expected = ប៉ាន់ស្មាន
hall-nobody = គ្មានអ្នករង់ចាំ
hall-call = លេខ { $number } សូមទៅបញ្ជរលេខ { $counter }
hall-second-call = ហៅលើកទី 2
hall-again = ហៅលើកទី { $count }
hall-missed-rule = បើហួសលេខ សូមមើលសំបុត្រ ឬសួរតុព័ត៌មាន
hall-lost = ក្តារនេះផ្អាកជាបណ្តោះអាសន្ន
hall-lost-hint = សូមស្តាប់ការហៅរបស់បុគ្គលិក ឬមើលទូរស័ព្ទ
hall-lost-told = បុគ្គលិកបានទទួលដំណឹងហើយ
hall-last-update = ធ្វើបច្ចុប្បន្នភាពចុងក្រោយ { $time }
hall-stale = ដាច់ការតភ្ជាប់ លេខអាចមិនទាន់ថ្មី

## Counter display
display-please-come = សូមអញ្ជើញមក
display-serving = កំពុងបម្រើសេវា
display-paused = ផ្អាក
display-back-at = ផ្អាក ត្រឡប់មកវិញម៉ោង { $time }
display-closed = សូមទៅបញ្ជរផ្សេង
display-open = បើក
display-welcome = សូមស្វាគមន៍ សូមអង្គុយ

## Phone page
phone-title = លេខ { $number }
phone-ahead = នៅមុខអ្នក
phone-wait = រង់ចាំប្រហែល
phone-you = អ្នក
phone-waiting = កំពុងរង់ចាំ
phone-remind = រំលឹកខ្ញុំពេលជិតដល់វេន
phone-remind-hint = ញ័រ និងបន្លឺសំឡេងពេលនៅសល់ { $count } នាក់
phone-keep-open = សូមទុកទំព័រនេះឱ្យបើក
phone-seat = សូមអង្គុយនៅកន្លែងរង់ចាំ
phone-prepare = សូមត្រៀម
phone-let-go = ឱ្យ { $count } នាក់ទៅមុន
phone-let-go-done = បានឱ្យ { $count } នាក់ទៅមុន កន្លែងរបស់អ្នករាប់ពីទីនោះ
phone-cancel = បោះបង់លេខនេះ
phone-cancel-sure = បើបោះបង់ លេខនឹងអស់សុពលភាព។ តើបោះបង់ទេ?
phone-turn = ដល់វេនអ្នកហើយ
phone-go-to = សូមទៅ
phone-coming = ខ្ញុំមកឥឡូវនេះ
phone-need-time = សូមរង់ចាំខ្ញុំបន្តិច
phone-counter-waits = បញ្ជរនឹងរង់ចាំអ្នក { $minutes } នាទី
phone-serving = កំពុងទទួលសេវា
phone-served = រួចរាល់ហើយ
phone-thanks = អរគុណដែលបានមកថ្ងៃនេះ
phone-rate = សូមប្រាប់យើងពីអារម្មណ៍របស់អ្នក
phone-held = លេខរបស់អ្នកត្រូវបានរក្សាទុក បញ្ជរនឹងហៅម្តងទៀត
phone-no-show = ហួសលេខរបស់អ្នកហើយ
phone-no-show-hint = សូមទៅតុព័ត៌មាន ដើម្បីហៅម្តងទៀត
rule-missed = បើហួសលេខ សូមត្រឡប់មកវិញក្នុង { $minutes } នាទី៖ ឈរក្រោយ { $behind } នាក់ យ៉ាងច្រើន { $times } ដង។
rule-missed-again = បើហួសលេខទៀត សូមត្រឡប់មកវិញក្នុង { $minutes } នាទី៖ ឈរក្រោយ { $behind } នាក់ នៅសល់ { $times } ដង។
rule-missed-last = សូមកុំឱ្យហួសលេខទៀត លេខនេះមិនអាចត្រឡប់មកវិញទៀតទេ។
phone-come-back = ខ្ញុំត្រឡប់មកវិញ សូមតម្រង់ជួរម្តងទៀត
phone-come-back-until = មុន { $time } អាចត្រឡប់មកវិញដោយលេខនេះ អ្នកនឹងនៅលំដាប់ទី { $place }
phone-get-ready = ជិតដល់វេនអ្នកហើយ សូមត្រៀមខ្លួន
phone-room = សូមរង់ចាំនៅ “{ $room }”
phone-too-late = លេខនេះមិនអាចត្រឡប់មកវិញទៀតទេ។ សូមយកលេខថ្មី
phone-nobody-behind = គ្មានអ្នករង់ចាំក្រោយអ្នកទេ
phone-cancelled = លេខនេះត្រូវបានបោះបង់
phone-new-ticket = បើត្រូវការ សូមយកលេខថ្មី
phone-transferred = បានប្តូរទៅ “{ $service }” លំដាប់រក្សាដដែល
phone-ended = ម៉ោងបម្រើសេវាថ្ងៃនេះបានចប់ហើយ
phone-not-found = រកមិនឃើញលេខនេះ
phone-not-found-hint = សូមពិនិត្យអាសយដ្ឋាន ឬសួរនៅតុព័ត៌មាន
phone-lost = ក្រៅបណ្តាញ ទិន្នន័យម៉ោង { $time }
phone-no-counter = មិនទាន់មានបញ្ជរបើកទេ។ លេខរបស់អ្នកនៅរក្សាទុក
phone-paused = បញ្ជរផ្អាកសិន។ លេខរបស់អ្នកនៅរក្សាទុក
phone-paused-until = បញ្ជរផ្អាកដល់ { $time }។ លេខរបស់អ្នកនៅរក្សាទុក
phone-reconnecting = កំពុងភ្ជាប់ឡើងវិញ សូមស្តាប់ការហៅ

## Rating
rating-title = តើអ្នកពេញចិត្តនឹងសេវានេះទេ?
rating-5 = ពេញចិត្តណាស់
rating-4 = ពេញចិត្ត
rating-3 = មធ្យម
rating-2 = មិនពេញចិត្ត
rating-1 = មិនពេញចិត្តសោះ
rating-anonymous = អនាមិក។ បុគ្គលិកមិនឃើញជម្រើសរបស់អ្នកទេ។
rating-none = រំលង
rating-why = តើអ្វីអាចប្រសើរជាងនេះ?
rating-why-many = អាចជ្រើសបានច្រើន
rating-reason-waiting = រង់ចាំយូរពេក
rating-reason-explanation = ពន្យល់មិនច្បាស់
rating-reason-attitude = អាកប្បកិរិយាបុគ្គលិក
rating-reason-place = ទីកន្លែង និងឧបករណ៍
rating-reason-process = នីតិវិធី
rating-reason-manager = ខ្ញុំចង់ជួបប្រធាន
rating-send = ផ្ញើ
rating-auto-send = ផ្ញើដោយស្វ័យប្រវត្តិក្នុង { $seconds } វិនាទី
rating-thanks = អរគុណចំពោះមតិរបស់អ្នក
rating-already = លេខនេះបានវាយតម្លៃរួចហើយ
rating-closed = មិនអាចវាយតម្លៃសេវានេះទៀតទេ
rating-lost = ដាច់ការតភ្ជាប់
rating-kept = ចម្លើយរបស់អ្នកត្រូវបានរក្សាទុក ហើយនឹងផ្ញើពេលភ្ជាប់ឡើងវិញ

## Phone page: the way to the counter
phone-direction-left = ទៅខាងឆ្វេងនៃក្ដារបង្ហាញ
phone-direction-right = ទៅខាងស្ដាំនៃក្ដារបង្ហាញ
phone-direction-up = ដើរត្រង់ទៅមុខ

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = សូមបញ្ចូលលេខកូដណាត់ជួប
kiosk-code-hint = លេខ ៤ ដល់ ៦ ខ្ទង់ដែលបានទទួល ឬស្កេនកូដ
kiosk-code-delete = លុប
kiosk-code-go = ខ្ញុំមកដល់
booking-title = ណាត់ពេល
booking-hint = មិនចាំបាច់ឈ្មោះ និងទូរស័ព្ទ ប្រើលេខកូដពេលមកដល់
booking-choose-service = សូមជ្រើសរើសសេវា
booking-choose-day = សូមជ្រើសរើសថ្ងៃ
booking-choose-time = សូមជ្រើសរើសម៉ោង
booking-none = ថ្ងៃនេះគ្មានម៉ោងអាចណាត់បានទេ
booking-closed = បិទ
booking-full = ពេញហើយ
booking-left = នៅសល់ { $count }
booking-refused = ម៉ោងនេះណាត់មិនបានទៀតទេ សូមជ្រើសម៉ោងផ្សេង
booking-off = ស្ថានីយមិនទទួលណាត់តាមបណ្តាញទេ សូមសួរតុសេវា
appointment-title = ការណាត់របស់អ្នក
appointment-code = លេខកូដរបស់អ្នក
appointment-keep = សូមកត់លេខកូដ ឬរក្សារូបកូដនេះ
appointment-window = សូមប្រាប់ថាមកដល់ ចន្លោះ { $from } ដល់ { $until }
appointment-on-time = មកដល់មុន { $time } នឹងតម្រង់ជួរតាមម៉ោងណាត់
appointment-where = សូមបញ្ចូលលេខកូដនៅម៉ាស៊ីនយកលេខ ឬស្កេនរូប
appointment-check-in = ខ្ញុំមកដល់ហើយ
appointment-cancel = បោះបង់ការណាត់
appointment-cancel-sure = ម៉ោងនេះនឹងទុកឲ្យអ្នកផ្សេង
appointment-cancelled = ការណាត់នេះត្រូវបានបោះបង់
appointment-early = មិនទាន់ដល់ម៉ោងទេ សូមមកវិញពេលក្រោយ
appointment-missed = ហួសម៉ោងហើយ សូមយកលេខធម្មតា
appointment-closed-day = ស្ថានីយបិទនៅម៉ោងនេះ សូមបោះបង់ ហើយជ្រើសរើសម៉ោងផ្សេង
appointment-done = ការណាត់នេះបានប្រាប់រួច សូមមើលលេខរបស់អ្នក
appointment-unknown = រកមិនឃើញការណាត់នេះ សូមពិនិត្យលេខកូដ
appointment-tries = លេខកូដខុសច្រើនពេក សូមរង់ចាំមួយនាទី ឬសួរតុសេវា
## Why somebody is called first, and the rule in force
why-title = ហេតុអ្វីបានជាហៅ { $number } មុន?
why-picked = បុគ្គលិកនៅបញ្ជរបានជ្រើសហៅ { $number } មុន។
why-urgent = { $number } ជាករណីបន្ទាន់ អ្នកគ្រប់គ្រងបានអនុញ្ញាតឱ្យហៅមុន។
why-sent-back = { $number } ត្រឡប់មកពីបញ្ជរ { $counter } ដូច្នេះហៅមុន។
why-came-first = { $number } បានយកលេខមុន ដូច្នេះត្រូវបានហៅមុន។
why-counted-earliest = { $number } ត្រូវបានរាប់ថាយកលេខនៅម៉ោង { $time } គឺមុនគេ ដូច្នេះត្រូវបានហៅមុន។
why-head-start = { $number } ({ $class }) ត្រូវបានរាប់ថាយកលេខមុន { $minutes } នាទី ដូច្នេះត្រូវបានហៅមុន។
why-rank = { $number } ({ $class }) ត្រូវបានហៅមុន { $passed }។
why-points = { $number } ({ $class }) មានពិន្ទុរង់ចាំ { $points } ច្រើនជាង { $passed } ដូច្នេះត្រូវបានហៅមុន។
why-turn = ឥឡូវដល់វេន { $class } ដូច្នេះហៅ { $number } មុន។
rule-fcfs = របៀបហៅលេខ៖ តាមលំដាប់យកលេខ។
rule-head-start = របៀបហៅលេខ៖ តាមលំដាប់យកលេខ; { $classes }។
rule-head-start-class = { $class } ត្រូវបានរាប់ថាយកលេខមុន { $minutes } នាទី
rule-strict = របៀបហៅលេខ៖ តាមលំដាប់ { $order }; ប្រភេទដូចគ្នាតាមលំដាប់យកលេខ។
rule-points = របៀបហៅលេខ៖ រង់ចាំកាន់តែយូរ ពិន្ទុកាន់តែច្រើន អ្នកមានពិន្ទុច្រើនត្រូវបានហៅមុន; { $classes }។
rule-points-class = { $class } { $points } ពិន្ទុក្នុងមួយនាទី
rule-ratio = របៀបហៅលេខ៖ { $others } { $priority } នាក់ បន្ទាប់មក { $class } { $regular } នាក់ ឆ្លាស់គ្នា; ប្រភេទដូចគ្នាតាមលំដាប់យកលេខ។

# Zones and the identity check
zone-wait-in = សូមរង់ចាំនៅ { $zone }
identity-first = សូមបង្ហាញឯកសារនៅ { $place } ជាមុនសិន ទើបអាចហៅលេខបាន
phone-get-ready-in = ជិតដល់វេនអ្នកហើយ សូមទៅ { $zone }
identity-document_missing = គ្មានឯកសារ
identity-document_expired = ឯកសារផុតកំណត់
identity-not_the_holder = ឯកសាររបស់អ្នកដទៃ
identity-not_entitled = អ្នកមិនមានសិទ្ធិប្រើសេវានេះទេ
identity-other = ការពិនិត្យឯកសារមិនបានឆ្លងកាត់
