# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } tao
unit-minutes = { $count } minuto
label-people = { $count ->
   *[other] tao
}
label-minutes = minuto
wait-count = { $count } ang naghihintay
wait-range = mga { $low }–{ $high } minuto
wait-within = wala pang { $high } minuto
wait-none = Halos walang pila
wait-unknown = Hindi pa matantiya
wait-long = Matagal ang paghihintay
wait-next = Ikaw na ang susunod
number = Numero
service = Serbisyo
counter = Counter
counter-number = Counter { $counter }
date-weekdays = Lunes|Martes|Miyerkoles|Huwebes|Biyernes|Sabado|Linggo
date-months = Enero|Pebrero|Marso|Abril|Mayo|Hunyo|Hulyo|Agosto|Setyembre|Oktubre|Nobyembre|Disyembre
date-day = { $weekday }, { $month } { $day }

## Buttons and states of every page
language = Wika
close = Isara
yes = Oo
no = Hindi
cancel = Kanselahin
connecting = Kumokonekta
live = Live
announcement = Paalala
evacuate = Sundin ang gabay at lumabas na
page-unavailable = Hindi maipakita ang pahinang ito. Magtanong sa information desk
system-fault = Walang makuhang numero ngayon. Magtanong sa information desk

## Kiosk: choosing a service
kiosk-title = Ano ang kailangan mo ngayon?
kiosk-hint = Isang pindot, lalabas ang iyong numero
kiosk-waits = Kalagayan ng pila
kiosk-priority = Priyoridad
kiosk-priority-who = 65 pataas, may kapansanan, buntis, may maliit na anak
kiosk-priority-choose = Priyoridad: pumili ng serbisyo
kiosk-appointment = May iskedyul
kiosk-help = Humingi ng tulong
kiosk-help-coming = Parating na ang staff
kiosk-other-services = Iba pang serbisyo
kiosk-back = Bumalik
kiosk-accessibility = Tulong sa paggamit
kiosk-big-text = Malaki
kiosk-contrast = Contrast
kiosk-lower = Ibaba
kiosk-raise = Itaas
kiosk-audio = Tunog
kiosk-use-below = Gamitin ang mga button sa ibaba
kiosk-issuing = Kinukuha ang numero
service-closed = Sarado na ngayong araw
service-opens-at = Magbubukas nang { $time }
service-opens-on = Bukas sa { $day }, { $time }
service-full = Ubos na ang numero
service-late = Matatapos bandang { $time }
service-ask-staff = Magtanong sa staff
hall-from = mula { $time }
no-counter-open = Wala pang bukas na counter, maaari ka pa ring kumuha ng numero
counters-paused = Nakahinto, maaari pa ring kumuha ng numero
counters-paused-until = Nakahinto hanggang { $time }, maaari pa ring kumuha ng numero
station-closed = Tapos na ang serbisyo ngayong araw
station-hours = Bukas { $open }–{ $close }
kiosk-idle = Nandiyan ka pa ba? Mabubura ang screen sa loob ng { $seconds } segundo
kiosk-stay = Nandito pa ako
work-list-title = Mga numerong ibinigay offline
work-list-print = I-print ang listahan
work-list-hint = Tawagin ayon sa pagkakasunod at lagyan ng tsek kapag tapos na; makukuha ng sistema ang mga numero kapag nakakonekta na muli.
kiosk-offline = Offline, may bisa pa rin ang numero
kiosk-out-of-order = Hindi magagamit ang makinang ito
kiosk-use-another = Gumamit ng ibang makina o magtanong sa staff

## Kiosk: the ticket
issued-title = Narito ang numero mo
issued-number = Ang iyong numero
issued-ahead = Nauuna sa iyo
issued-wait = Tinatayang hintay
issued-take = Kunin ang tiket sa ibaba
issued-take-at = Kunin ang tiket: { $place }
issued-printing = Nagpi-print
issued-follow = Subaybayan sa telepono
issued-no-app = Hindi kailangan ng app
issued-remind = Paalala kapag malapit ka na
issued-see-ahead = Tingnan kung ilan pa ang nauuna
issued-languages = Sa 10 wika
issued-prepare = Habang naghihintay, ihanda ang mga ito
issued-more = May iba pa bang kailangan ngayon?
issued-persons = Ilang tao?
issued-more-refused = Hindi ito maidaragdag ngayon. Magtanong sa kawani
issued-change-service = Palitan ang serbisyo
issued-removed = Nakansela ang numero { $number }
issued-more-time = Dagdag na oras
issued-done = Tapos
issued-qr = QR code ng pahina sa telepono ng numero { $number }
paper-out = Wala nang papel, may bisa pa rin ang numero mo
paper-out-hint = Kunan ng litrato ang screen o i-scan ang QR code. Nasabihan na ang staff.
printer-fault = May sira ang printer, may bisa pa rin ang numero mo
printer-fault-hint = Kunan ng litrato ang screen o i-scan ang QR code. Nasabihan na ang staff.
paper-out-before = Wala nang papel, lalabas sa screen na ito ang numero mo
printer-fault-before = May sira ang printer, lalabas sa screen na ito ang numero mo
paper-unknown = Walang papel? May bisa pa rin ang numero mo
paper-unknown-hint = Kunan ng litrato ang screen o i-scan ang QR code
paper-ask = Na-print ba ang tiket mo?
paper-yes = Oo, nakuha ko
paper-again = Hindi, i-print ulit
paper-sent = Naipadala na ang tiket sa printer
paper-kept = Itago ang tiket hanggang tawagin ka
paper-held = Kunin muna ang tiket na naiwan sa printer
paper-held-hint = Hindi iyon sa iyo. Kasunod na ipi-print ang tiket mo
notice-title = Mga dapat dalhin

## Help me choose
guide-way = Tulungan akong pumili
guide-title = Hanapin ang serbisyo
guide-start-over = Magsimula muli
guide-found = Ang kailangan mo
guide-papers = Mga dapat dalhin
guide-no-papers = Walang kailangang dalhin
guide-cases = Dadalhin ayon sa iyong kaso
guide-fee = Bayad
guide-free = Libre
guide-time = Karaniwang tagal
guide-on-the-spot = Tapos agad habang naghihintay
guide-days = { $count ->
    [one] { $count } araw ng trabaho
   *[other] { $count } araw ng trabaho
}
guide-take = Kumuha ng numero
guide-print = I-print ang listahan
guide-print-again = I-print muli
guide-printed = Kunin ang listahan sa ibaba
guide-printed-at = Kunin ang listahan: { $place }
guide-not-printed = Hindi na-print ang listahan
guide-cannot-print = Hindi makapag-print ngayon. I-scan ang code para basahin ang listahan sa telepono
guide-scan = Basahin ang listahan sa telepono
guide-remarks = Paalala
guide-tick = Lagyan ng tsek ang mayroon ka
notice-missing = Kulang pa

## Ticket on paper
ticket-number = Ang iyong numero
ticket-service = Serbisyo
ticket-time = Oras ng pagkuha
ticket-ahead = Nauuna sa iyo: { $count }
ticket-wait = Tinatayang hintay { $low }–{ $high } minuto
ticket-wait-within = Tinatayang hintay wala pang { $high } minuto
ticket-latest = Pinakamatagal mga { $time }
ticket-missed = Kung lumampas ang numero, pumunta sa information desk
ticket-scan = I-scan para masubaybayan
ticket-priority = Priyoridad
ticket-reprint = Muling print
ticket-offline = Kinuha nang offline
ticket-phone = Telepono { $phone }

## Hall board
hall-title = Tawag ng numero
hall-number = Numero
hall-counter = Counter
hall-waits = Kalagayan ng pila
hall-waiting = Naghihintay
hall-now-at = Nasa numero
hall-expected = Tinataya
hall-nobody = Walang naghihintay
hall-call = Numero { $number }, pumunta sa counter { $counter }
hall-second-call = Ikalawang tawag
hall-again = Ika-{ $count } tawag
hall-missed-rule = Kung lumampas ang numero, tingnan ang tiket o magtanong sa information desk
hall-lost = Nakahinto muna ang board na ito
hall-lost-hint = Makinig sa tawag ng staff o tingnan ang telepono
hall-lost-told = Nasabihan na ang staff
hall-last-update = Huling update { $time }
hall-stale = Naputol ang koneksyon. Maaaring luma na ang mga numero

## Counter display
display-please-come = Lumapit na po
display-serving = Nagsisilbi
display-paused = Nakahinto
display-back-at = Nakahinto, babalik nang { $time }
display-closed = Pumunta sa ibang counter
display-open = Bukas
display-welcome = Maligayang pagdating, maupo po

## Phone page
phone-title = Numero { $number }
phone-ahead = Nauuna sa iyo
phone-wait = Tinatayang hintay
phone-you = Ikaw
phone-waiting = Naghihintay
phone-remind = Paalalahanan ako kapag malapit na
phone-remind-hint = Vibrate at tunog kapag { $count } na lang ang nauuna
phone-keep-open = Panatilihing bukas ang pahinang ito
phone-seat = Maupo sa hintayan
phone-prepare = Ihanda ang mga ito
phone-let-go = Paunahin ang { $count } tao
phone-let-go-done = Pinauna ang { $count } tao, mula roon na ang puwesto mo
phone-cancel = Kanselahin ang numerong ito
phone-cancel-sure = Mawawalan ng bisa ang numero. Kanselahin ba?
phone-turn = Ikaw na
phone-go-to = Pumunta sa
phone-coming = Papunta na ako
phone-need-time = Sandali lang po
phone-counter-waits = Hihintayin ka ng counter nang { $minutes } minuto
phone-serving = Pinagsisilbihan
phone-served = Tapos na
phone-thanks = Salamat sa pagpunta ngayon
phone-rate = Sabihin sa amin ang iyong karanasan
phone-held = Nakareserba ang numero mo, tatawagin ka ulit
phone-no-show = Lumampas na ang numero mo
phone-no-show-hint = Pumunta sa information desk para matawag ulit
rule-missed = Lumampas ang numero? Bumalik sa loob ng { $minutes } minuto: kasunod ng { $behind } tao, hanggang { $times } beses.
rule-missed-again = Lumampas ulit? Bumalik sa loob ng { $minutes } minuto: kasunod ng { $behind } tao, { $times } beses pa.
rule-missed-last = Huwag nang palampasin ang numero: hindi na ito maibabalik.
phone-come-back = Nakabalik na ako, pipila ulit
phone-come-back-until = Bago mag-{ $time } puwedeng bumalik gamit ang numerong ito, ika-{ $place } kayo sa pila
phone-get-ready = Malapit na kayo, maghanda po
phone-room = Maghintay po sa “{ $room }”
phone-matters = Mga asikasuhin ninyo
phone-leg-done = Tapos na
phone-leg-now = Ngayon
phone-leg-to-come = Susunod
phone-too-late = Hindi na magagamit ang numerong ito. Kumuha ng bagong tiket
phone-nobody-behind = Walang naghihintay sa likod ninyo
phone-cancelled = Nakansela na ang numerong ito
phone-new-ticket = Kumuha ng bagong numero kung kailangan
phone-transferred = Inilipat sa “{ $service }”, hindi nabago ang puwesto mo
phone-ended = Tapos na ang serbisyo ngayong araw
phone-not-found = Hindi nahanap ang numerong ito
phone-not-found-hint = Tingnan ang address o magtanong sa information desk
phone-lost = Offline, datos noong { $time }
phone-no-counter = Wala pang bukas na counter. Mananatili ang numero mo
phone-paused = Nakahinto ang mga counter. Mananatili ang numero mo
phone-paused-until = Nakahinto ang mga counter hanggang { $time }. Mananatili ang numero mo
phone-reconnecting = Kumokonekta ulit, makinig sa tawag

## Rating
rating-title = Kumusta ang serbisyo ngayon?
rating-5 = Lubos na nasiyahan
rating-4 = Nasiyahan
rating-3 = Katamtaman
rating-2 = Hindi nasiyahan
rating-1 = Lubos na hindi nasiyahan
rating-anonymous = Walang pangalan. Hindi nakikita ng staff ang pinili mo.
rating-none = Laktawan
rating-why = Ano ang puwedeng pagbutihin?
rating-why-many = Maaaring pumili ng marami
rating-reason-waiting = Masyadong matagal
rating-reason-explanation = Hindi malinaw ang paliwanag
rating-reason-attitude = Ugali ng staff
rating-reason-place = Lugar at kagamitan
rating-reason-process = Proseso
rating-reason-manager = Gusto kong makausap ang manager
rating-send = Ipadala
rating-auto-send = Kusang ipapadala sa loob ng { $seconds } segundo
rating-thanks = Salamat sa iyong opinyon
rating-already = Na-rate na ang numerong ito
rating-closed = Hindi na mara-rate ang serbisyong ito
rating-lost = Nawala ang koneksyon
rating-kept = Nakatabi ang sagot ninyo at ipadadala pagbalik nito

## Phone page: the way to the counter
phone-direction-left = Sa kaliwa ng board
phone-direction-right = Sa kanan ng board
phone-direction-up = Diretso sa harap

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = Pakilagay ang code ng iskedyul
kiosk-code-hint = Ang 4 hanggang 6 na numerong natanggap ninyo, o i-scan ang code
kiosk-code-delete = Burahin
kiosk-code-go = Narito na ako
booking-title = Magpa-iskedyul
booking-hint = Hindi kailangan ang pangalan at telepono: code lang ang ipapakita
booking-choose-service = Pumili ng serbisyo
booking-choose-day = Pumili po ng araw
booking-choose-time = Pumili po ng oras
booking-none = Walang oras na maaaring kunin sa araw na ito
booking-closed = Sarado
booking-full = Puno na
booking-left = { $count } pa
booking-refused = Hindi na makukuha ang oras na ito: pumili po ng iba
booking-off = Hindi tumatanggap ng iskedyul sa web: magtanong po sa service desk
appointment-title = Ang iskedyul ninyo
appointment-code = Ang code ninyo
appointment-keep = Pakitala ang code, o itago ang larawan sa pahinang ito
appointment-window = Mag-check in po mula { $from } hanggang { $until }
appointment-on-time = Mag-check in bago { $time } at oras ng iskedyul ang susundin
appointment-where = Ilagay ang code sa ticket machine, o i-scan ang larawan
appointment-check-in = Narito na ako: mag-check in
appointment-cancel = Kanselahin ang iskedyul
appointment-cancel-sure = Ibibigay sa iba ang oras na ito
appointment-cancelled = Nakansela na ang iskedyul na ito
appointment-early = Maaga pa para mag-check in: bumalik po mamaya
appointment-missed = Lampas na ang oras ng check-in: kumuha po ng karaniwang numero
appointment-closed-day = Sarado ang istasyon sa oras na ito: pakikansela at pumili ng iba
appointment-done = Na-check in na ang iskedyul: tingnan po ang inyong numero
appointment-unknown = Walang ganitong iskedyul: pakisuri ang code
appointment-tries = Sobrang daming maling code: maghintay ng isang minuto o magtanong sa service desk
## Why somebody is called first, and the rule in force
why-title = Bakit naunang tinawag ang { $number }?
why-picked = Pinili ng kawani sa counter ang { $number }.
why-urgent = Agarang kaso ang { $number }, inaprubahan ng superbisor.
why-sent-back = Bumalik ang { $number } mula sa counter { $counter } kaya mauuna.
why-came-first = Nauna sa pila ang { $number } kaya ito ang unang tinawag.
why-counted-earliest = Itinuturing na kinuha ang { $number } nang { $time }, ang pinakamaaga, kaya nauna itong tinawag.
why-head-start = Ang { $number } ({ $class }) ay itinuturing na kinuha nang mas maaga ng { $minutes } minuto kaya nauna itong tinawag.
why-rank = Ang { $number } ({ $class }) ay tinatawag bago ang { $passed }.
why-points = Ang { $number } ({ $class }) ay may { $points } puntos ng paghihintay, higit sa { $passed }, kaya nauna itong tinawag.
why-turn = Turno ngayon ng { $class } kaya nauna ang { $number }.
rule-fcfs = Paano kami tumatawag: ayon sa pagkakasunod ng pagkuha ng numero.
rule-head-start = Paano kami tumatawag: ayon sa pagkakasunod ng pagkuha ng numero; { $classes }.
rule-head-start-class = ang { $class } ay itinuturing na kinuha nang mas maaga ng { $minutes } minuto
rule-strict = Paano kami tumatawag: { $order }, sa ganitong ayos; sa bawat uri, ayon sa pagkakasunod ng pagkuha.
rule-points = Paano kami tumatawag: dumarami ang puntos habang naghihintay, una ang may pinakamarami; { $classes }.
rule-points-class = { $class } { $points } puntos bawat minuto
rule-ratio = Paano kami tumatawag: { $priority } { $others }, saka { $regular } { $class }, salitan; sa bawat uri, ayon sa pagkakasunod ng pagkuha.

# Zones and the identity check
zone-wait-in = Maghintay po sa { $zone }
identity-first = Ipakita muna ang dokumento sa: { $place }. Pagkatapos ay maaari kayong tawagin
phone-get-ready-in = Malapit na kayo, pumunta po sa { $zone }
identity-document_missing = Walang dokumento
identity-document_expired = Paso na ang dokumento
identity-not_the_holder = Sa ibang tao ang dokumento
identity-not_entitled = Hindi para sa inyo ang serbisyong ito
identity-other = Hindi pumasa sa pagsuri ng dokumento

# Sessions of visits
session-nth = Sesyon { $nth }
session-choose = Pumili ng sesyon
session-next = Susunod na sesyon
session-free = { $count } puwesto pa
session-list = Waiting list
session-full = Puno na
session-none = Wala nang sesyon ngayong araw
session-persons = Bilang ng magkakasama
session-seat = May puwesto na kayo
session-on-list = Waiting list, pang-{ $nth }
session-lost = Lampas na sa oras ng pag-check in, naibigay na ang puwesto. Magtanong sa kawani.
session-check-in-until = Mag-check in bago mag-{ $time }
session-checked-in = Naka-check in na
session-window = Silid { $room }, bintana { $window }
session-go = Sesyon { $nth }: pumunta sa silid { $room }
session-running = Kasalukuyan
session-wait = Magsisimula { $time }; sabay-sabay tatawagin ang sesyon
session-late = Nakatakda sa { $time } at hindi pa tinatawag; maghintay lang po
session-moves = Ang bakante ay ibibigay ayon sa pila; ang maiiwan ay lilipat sa susunod na sesyon
