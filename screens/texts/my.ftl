# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count } ဦး
unit-minutes = { $count } မိနစ်
label-people = { $count ->
   *[other] ဦး
}
label-minutes = မိနစ်
wait-count = စောင့်နေသူ { $count } ဦး
wait-range = ခန့် { $low }–{ $high } မိနစ်
wait-within = { $high } မိနစ်အတွင်း
wait-none = စောင့်ရန်မလိုသလောက်ပါ
wait-unknown = မခန့်မှန်းနိုင်ပါ
wait-long = ကြာကြာစောင့်ရပါမည်
wait-next = နောက်တစ်ဦးမှာ သင်ဖြစ်သည်
number = နံပါတ်
service = ဝန်ဆောင်မှု
counter = ကောင်တာ
counter-number = ကောင်တာ { $counter }
date-weekdays = တနင်္လာနေ့|အင်္ဂါနေ့|ဗုဒ္ဓဟူးနေ့|ကြာသပတေးနေ့|သောကြာနေ့|စနေနေ့|တနင်္ဂနွေနေ့
date-months = ဇန်နဝါရီ|ဖေဖော်ဝါရီ|မတ်|ဧပြီ|မေ|ဇွန်|ဇူလိုင်|ဩဂုတ်|စက်တင်ဘာ|အောက်တိုဘာ|နိုဝင်ဘာ|ဒီဇင်ဘာ
date-day = { $month } { $day }၊ { $weekday }

## Buttons and states of every page
language = ဘာသာစကား
close = ပိတ်ရန်
yes = ဟုတ်ကဲ့
no = မဟုတ်ပါ
cancel = မလုပ်တော့ပါ
connecting = ချိတ်ဆက်နေသည်
live = တိုက်ရိုက်
announcement = ကြေညာချက်
evacuate = ညွှန်ကြားချက်အတိုင်း ထွက်ခွာပါ
page-unavailable = ဤစာမျက်နှာကို မပြနိုင်ပါ။ စုံစမ်းရေးကောင်တာတွင် မေးပါ
system-fault = ယခု နံပါတ်ယူ၍မရပါ။ စုံစမ်းရေးကောင်တာတွင် မေးပါ

## Kiosk: choosing a service
kiosk-title = ယနေ့ ဘာဆောင်ရွက်လိုပါသလဲ
kiosk-hint = တစ်ချက်နှိပ်လျှင် နံပါတ်လက်မှတ် ထွက်ပါမည်
kiosk-waits = စောင့်ဆိုင်းမှု အခြေအနေ
kiosk-priority = ဦးစားပေး
kiosk-priority-who = အသက် 65 နှစ်အထက်၊ မသန်စွမ်းသူ၊ ကိုယ်ဝန်ဆောင်၊ ကလေးငယ်ပါသူ
kiosk-priority-choose = ဦးစားပေး၊ ဝန်ဆောင်မှု ရွေးပါ
kiosk-appointment = ချိန်းထားသည်
kiosk-help = အကူအညီတောင်းရန်
kiosk-help-coming = ဝန်ထမ်း လာနေပါပြီ
kiosk-other-services = အခြားဝန်ဆောင်မှု
kiosk-back = နောက်သို့
kiosk-accessibility = အသုံးပြုရလွယ်ကူစေရန်
kiosk-big-text = စာလုံးကြီး
kiosk-contrast = အရောင်ခြား
kiosk-lower = အောက်ချ
kiosk-raise = အပေါ်တင်
kiosk-audio = အသံ
kiosk-use-below = အောက်ရှိ ခလုတ်များကို သုံးပါ
kiosk-issuing = နံပါတ်ယူနေသည်
service-closed = ယနေ့ ပိတ်ပြီ
service-opens-at = { $time } တွင် စတင်လက်ခံသည်
service-opens-on = { $day } { $time } ဖွင့်မည်
service-full = နံပါတ် ကုန်သွားပါပြီ
service-late = { $time } ခန့်တွင် ပြီးမည်
service-ask-staff = ဝန်ထမ်းကို မေးမြန်းပါ
hall-from = { $time } မှ
no-counter-open = ကောင်တာ မဖွင့်သေးပါ၊ နံပါတ်ယူနိုင်ပါသည်
counters-paused = ခေတ္တရပ်နားထားသည်၊ နံပါတ်ယူနိုင်ပါသည်
counters-paused-until = { $time } အထိ ရပ်နားထားသည်၊ နံပါတ်ယူနိုင်ပါသည်
station-closed = ယနေ့ ရုံးချိန် ပြီးဆုံးပါပြီ
station-hours = ရုံးချိန် { $open }–{ $close }
kiosk-idle = ရှိနေပါသေးလား။ { $seconds } စက္ကန့်အကြာတွင် မျက်နှာပြင် ရှင်းပါမည်
kiosk-stay = ရှိပါသေးတယ်
kiosk-offline = အော့ဖ်လိုင်းဖြစ်နေသည်၊ နံပါတ် အကျုံးဝင်ပါသည်
kiosk-out-of-order = ဤစက်ကို ယာယီ မသုံးနိုင်ပါ
kiosk-use-another = အခြားစက်ကို သုံးပါ သို့မဟုတ် ဝန်ထမ်းကို မေးပါ

## Kiosk: the ticket
issued-title = နံပါတ်ယူပြီးပါပြီ
issued-number = သင့်နံပါတ်
issued-ahead = သင့်ရှေ့တွင်
issued-wait = စောင့်ချိန်ခန့်မှန်း
issued-take = အောက်မှ လက်မှတ်ယူပါ
issued-printing = ပုံနှိပ်နေသည်
issued-follow = ဖုန်းဖြင့် ကြည့်ရန်
issued-no-app = အက်ပ် မလိုပါ
issued-remind = အလှည့်နီးလျှင် သတိပေးမည်
issued-see-ahead = ရှေ့တွင် ဘယ်နှစ်ဦးရှိသည် ကြည့်ရန်
issued-languages = ဘာသာစကား 10 မျိုး
issued-prepare = စောင့်နေစဉ် ပြင်ဆင်ထားပါ
issued-change-service = ဝန်ဆောင်မှု ပြန်ရွေးရန်
issued-removed = နံပါတ် { $number } ကို ပယ်ဖျက်ပြီးပါပြီ
issued-more-time = အချိန်ပိုယူရန်
issued-done = ပြီးပါပြီ
issued-qr = နံပါတ် { $number } ၏ ဖုန်းစာမျက်နှာ QR ကုဒ်
paper-out = စက္ကူကုန်နေသည်၊ သင့်နံပါတ် အကျုံးဝင်ပါသည်
paper-out-hint = ဤမျက်နှာပြင်ကို ဓာတ်ပုံရိုက်ပါ သို့မဟုတ် QR ကုဒ် စကင်ဖတ်ပါ။ ဝန်ထမ်းကို အကြောင်းကြားပြီးပါပြီ။
printer-fault = ပုံနှိပ်စက် ချို့ယွင်းနေသည်၊ သင့်နံပါတ် အကျုံးဝင်ပါသည်
printer-fault-hint = ဤမျက်နှာပြင်ကို ဓာတ်ပုံရိုက်ပါ သို့မဟုတ် QR ကုဒ် စကင်ဖတ်ပါ။ ဝန်ထမ်းကို အကြောင်းကြားပြီးပါပြီ။
paper-out-before = စက္ကူကုန်နေသည်၊ သင့်နံပါတ်ကို ဤမျက်နှာပြင်တွင် ပြပါမည်
printer-fault-before = ပုံနှိပ်စက် ချို့ယွင်းနေသည်၊ သင့်နံပါတ်ကို ဤမျက်နှာပြင်တွင် ပြပါမည်
paper-unknown = စက္ကူမရလျှင်လည်း နံပါတ် အကျုံးဝင်ပါသည်
paper-unknown-hint = ဤမျက်နှာပြင်ကို ဓာတ်ပုံရိုက်ပါ သို့မဟုတ် QR ကုဒ် စကင်ဖတ်ပါ
paper-ask = လက်မှတ် ထွက်လာပါသလား
paper-yes = ဟုတ်ကဲ့၊ ရပြီ
paper-again = မရပါ၊ ထပ်ထုတ်ပါ
paper-sent = လက်မှတ်ကို ပုံနှိပ်စက်သို့ ပို့ပြီးပါပြီ
paper-kept = ခေါ်သည်အထိ လက်မှတ်ကို သိမ်းထားပါ

## Ticket on paper
ticket-number = သင့်နံပါတ်
ticket-service = ဝန်ဆောင်မှု
ticket-time = နံပါတ်ယူချိန်
ticket-ahead = သင့်ရှေ့တွင် { $count } ဦး
ticket-wait = စောင့်ချိန်ခန့်မှန်း { $low }–{ $high } မိနစ်
ticket-wait-within = စောင့်ချိန်ခန့်မှန်း { $high } မိနစ်အတွင်း
ticket-latest = အနောက်ကျဆုံး { $time } ခန့်
ticket-missed = နံပါတ်ကျော်သွားလျှင် စုံစမ်းရေးကောင်တာသို့ သွားပါ
ticket-scan = စကင်ဖတ်၍ ကြည့်ပါ
ticket-priority = ဦးစားပေး
ticket-reprint = ပြန်ထုတ်
ticket-offline = အော့ဖ်လိုင်း
ticket-phone = ဖုန်း { $phone }

## Hall board
hall-title = နံပါတ်ခေါ် ဘုတ်
hall-number = နံပါတ်
hall-counter = ကောင်တာ
hall-waits = စောင့်ဆိုင်းမှု အခြေအနေ
hall-waiting = စောင့်နေသူ
hall-now-at = ခေါ်ပြီး
hall-expected = ခန့်မှန်း
hall-nobody = စောင့်နေသူ မရှိပါ
hall-call = နံပါတ် { $number } ကောင်တာ { $counter } သို့ ကြွပါ
hall-second-call = ဒုတိယအကြိမ် ခေါ်ခြင်း
hall-again = { $count } ကြိမ်မြောက် ခေါ်ခြင်း
hall-missed-rule = နံပါတ်ကျော်သွားလျှင် လက်မှတ်ကို ကြည့်ပါ သို့မဟုတ် စုံစမ်းရေးကောင်တာတွင် မေးပါ
hall-lost = ဤဘုတ် ယာယီရပ်ထားသည်
hall-lost-hint = ဝန်ထမ်းခေါ်သံကို နားထောင်ပါ သို့မဟုတ် ဖုန်းတွင် ကြည့်ပါ
hall-lost-told = ဝန်ထမ်းကို အကြောင်းကြားပြီးပါပြီ
hall-last-update = နောက်ဆုံးပြင်ချိန် { $time }
hall-stale = ချိတ်ဆက်မှု ပြတ်နေသည်၊ နံပါတ်များ နောက်ဆုံးမဟုတ်နိုင်ပါ

## Counter display
display-please-come = ကြွပါ
display-serving = ဝန်ဆောင်မှုပေးနေသည်
display-paused = ခေတ္တရပ်နား
display-back-at = ခေတ္တရပ်နား၊ { $time } ပြန်လာမည်
display-closed = အခြားကောင်တာသို့ သွားပါ
display-open = ဖွင့်ထားသည်
display-welcome = ကြိုဆိုပါသည်၊ ထိုင်ပါ

## Phone page
phone-title = နံပါတ် { $number }
phone-ahead = သင့်ရှေ့တွင်
phone-wait = စောင့်ရန်ခန့်
phone-you = သင်
phone-waiting = စောင့်နေသည်
phone-remind = အလှည့်နီးလျှင် သတိပေးပါ
phone-remind-hint = ရှေ့တွင် { $count } ဦးကျန်လျှင် တုန်ခါ၍ အသံမြည်မည်
phone-keep-open = ဤစာမျက်နှာကို ဖွင့်ထားပါ
phone-seat = စောင့်ဆိုင်းရာနေရာတွင် ထိုင်ပါ
phone-prepare = ပြင်ဆင်ထားပါ
phone-let-go = { $count } ဦးကို အရင်ပေးပါ
phone-let-go-done = { $count } ဦးကို အရင်ပေးပြီးပါပြီ၊ သင့်နေရာကို ထိုမှ ရေတွက်ပါသည်
phone-cancel = ဤနံပါတ်ကို ပယ်ဖျက်ရန်
phone-cancel-sure = ပယ်ဖျက်လျှင် နံပါတ် အကျုံးမဝင်တော့ပါ။ ပယ်ဖျက်မလား
phone-turn = သင့်အလှည့် ရောက်ပါပြီ
phone-go-to = ကြွပါ
phone-coming = ချက်ချင်းလာပါမည်
phone-need-time = ခဏစောင့်ပေးပါ
phone-counter-waits = ကောင်တာက { $minutes } မိနစ် စောင့်ပါမည်
phone-serving = ဝန်ဆောင်မှုယူနေသည်
phone-served = ပြီးဆုံးပါပြီ
phone-thanks = ယနေ့လာရောက်သည့်အတွက် ကျေးဇူးတင်ပါသည်
phone-rate = သင့်အမြင်ကို ပြောပြပါ
phone-held = သင့်နံပါတ်ကို ဆိုင်းထားသည်၊ ကောင်တာက ထပ်ခေါ်ပါမည်
phone-no-show = သင့်နံပါတ် ကျော်သွားပါပြီ
phone-no-show-hint = ထပ်ခေါ်ရန် စုံစမ်းရေးကောင်တာသို့ သွားပါ
rule-missed = နံပါတ်ကျော်သွားလျှင် { $minutes } မိနစ်အတွင်း ပြန်လာပါ။ { $behind } ဦးနောက်တွင် ရပ်ရမည်၊ အများဆုံး { $times } ကြိမ်။
rule-missed-again = ထပ်ကျော်သွားလျှင် { $minutes } မိနစ်အတွင်း ပြန်လာပါ။ { $behind } ဦးနောက်တွင် ရပ်ရမည်၊ { $times } ကြိမ် ကျန်သည်။
rule-missed-last = နံပါတ် ထပ်မကျော်ပါစေနှင့်၊ ဤနံပါတ်ဖြင့် ပြန်မလာနိုင်တော့ပါ။
phone-come-back = ပြန်ရောက်ပါပြီ၊ ပြန်တန်းစီမည်
phone-come-back-until = { $time } မတိုင်မီ ဤနံပါတ်ဖြင့် ပြန်လာနိုင်သည်၊ အဆင့် { $place } ဖြစ်မည်
phone-get-ready = မကြာမီ အလှည့်ရောက်မည်၊ အသင့်ပြင်ပါ
phone-room = “{ $room }” တွင် စောင့်ပါ
phone-too-late = ဤနံပါတ်ဖြင့် ပြန်မလာနိုင်တော့ပါ။ နံပါတ်အသစ်ယူပါ
phone-nobody-behind = နောက်တွင် စောင့်သူ မရှိပါ
phone-cancelled = ဤနံပါတ်ကို ပယ်ဖျက်ပြီးပါပြီ
phone-new-ticket = လိုအပ်လျှင် နံပါတ်အသစ် ယူပါ
phone-transferred = “{ $service }” သို့ ပြောင်းပြီး၊ အစဉ် မပြောင်းပါ
phone-ended = ယနေ့ ရုံးချိန် ပြီးဆုံးပါပြီ
phone-not-found = ဤနံပါတ်ကို ရှာမတွေ့ပါ
phone-not-found-hint = လိပ်စာကို စစ်ပါ သို့မဟုတ် စုံစမ်းရေးကောင်တာတွင် မေးပါ
phone-lost = အော့ဖ်လိုင်း၊ { $time } က အချက်အလက်
phone-no-counter = ကောင်တာ မဖွင့်သေးပါ။ သင့်နံပါတ်ကို ထားရှိပါမည်
phone-paused = ကောင်တာများ ခေတ္တရပ်နားထားသည်။ သင့်နံပါတ်ကို ထားရှိပါမည်
phone-paused-until = ကောင်တာများ { $time } အထိ ရပ်နားထားသည်။ သင့်နံပါတ်ကို ထားရှိပါမည်
phone-reconnecting = ပြန်ချိတ်ဆက်နေသည်၊ ခေါ်သံကို နားထောင်ပါ

## Rating
rating-title = ယနေ့ ဝန်ဆောင်မှုကို ကျေနပ်ပါသလား
rating-5 = အလွန်ကျေနပ်
rating-4 = ကျေနပ်
rating-3 = သာမန်
rating-2 = မကျေနပ်
rating-1 = အလွန်မကျေနပ်
rating-anonymous = အမည်မဖော်ပါ။ ဝန်ထမ်းက သင့်ရွေးချယ်မှုကို မမြင်ရပါ။
rating-none = မဖြေပါ
rating-why = ဘာကို ပိုကောင်းစေနိုင်ပါသလဲ
rating-why-many = အများကြီး ရွေးနိုင်သည်
rating-reason-waiting = စောင့်ရတာ ကြာလွန်း
rating-reason-explanation = ရှင်းပြချက် မရှင်းလင်း
rating-reason-attitude = ဝန်ထမ်း၏ ဆက်ဆံရေး
rating-reason-place = နေရာနှင့် ပစ္စည်း
rating-reason-process = လုပ်ငန်းစဉ်
rating-reason-manager = တာဝန်ခံနှင့် ပြောလိုပါသည်
rating-send = ပို့ရန်
rating-auto-send = { $seconds } စက္ကန့်အကြာတွင် အလိုအလျောက် ပို့ပါမည်
rating-thanks = သင့်အမြင်အတွက် ကျေးဇူးတင်ပါသည်
rating-already = ဤနံပါတ်ကို အကဲဖြတ်ပြီးပါပြီ
rating-closed = ဤဝန်ဆောင်မှုကို အကဲမဖြတ်နိုင်တော့ပါ
rating-lost = ချိတ်ဆက်မှု ပြတ်တောက်နေသည်
rating-kept = သင့်အဖြေကို သိမ်းထားပြီး ပြန်ချိတ်ဆက်မိလျှင် ပို့ပါမည်

## Phone page: the way to the counter
phone-direction-left = ဆိုင်းဘုတ်၏ ဘယ်ဘက်သို့
phone-direction-right = ဆိုင်းဘုတ်၏ ညာဘက်သို့
phone-direction-up = ရှေ့တည့်တည့်သို့

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = ချိန်းဆိုကုဒ် ထည့်ပါ
kiosk-code-hint = ရရှိထားသော ဂဏန်း ၄ လုံးမှ ၆ လုံး သို့မဟုတ် ကုဒ်ကို စကင်ဖတ်ပါ
kiosk-code-delete = ဖျက်မည်
kiosk-code-go = ရောက်ပြီ
booking-title = အချိန် ချိန်းမည်
booking-hint = အမည်နှင့် ဖုန်းနံပါတ် မလိုပါ၊ ကုဒ်ဖြင့် ရောက်ကြောင်းပြပါ
booking-choose-service = ဝန်ဆောင်မှုကို ရွေးပါ
booking-choose-day = ရက် ရွေးပါ
booking-choose-time = အချိန် ရွေးပါ
booking-none = ဤနေ့တွင် ချိန်းနိုင်သော အချိန် မရှိပါ
booking-closed = ပိတ်သည်
booking-full = ပြည့်ပါပြီ
booking-left = { $count } နေရာ ကျန်
booking-refused = ဤအချိန်ကို မရတော့ပါ၊ အခြားအချိန် ရွေးပါ
booking-off = ဝက်ဘ်မှ ချိန်းခြင်း မရှိပါ၊ ဝန်ဆောင်မှုစားပွဲတွင် မေးပါ
appointment-title = သင့်ချိန်းဆိုမှု
appointment-code = သင့်ကုဒ်
appointment-keep = ကုဒ်ကို မှတ်ထားပါ သို့မဟုတ် ဤပုံကို သိမ်းထားပါ
appointment-window = { $from } မှ { $until } အတွင်း ရောက်ကြောင်းပြပါ
appointment-on-time = { $time } မတိုင်မီ ပြပါက ချိန်းချိန်အတိုင်း တန်းစီမည်
appointment-where = နံပါတ်ထုတ်စက်တွင် ကုဒ်ထည့်ပါ သို့မဟုတ် ပုံကို စကင်ဖတ်ပါ
appointment-check-in = ရောက်ပါပြီ
appointment-cancel = ချိန်းဆိုမှု ပယ်ဖျက်မည်
appointment-cancel-sure = ဤအချိန်ကို အခြားသူအား ပေးပါမည်
appointment-cancelled = ဤချိန်းဆိုမှု ပယ်ဖျက်ပြီး
appointment-early = စောနေသေးသည်၊ နောက်မှ ပြန်လာပါ
appointment-missed = အချိန်လွန်ပြီ၊ သာမန်နံပါတ် ယူပါ
appointment-closed-day = ဤအချိန်တွင် ရုံးပိတ်ပါသည်။ ပယ်ဖျက်ပြီး အခြားအချိန်ကို ရွေးပါ
appointment-done = ရောက်ကြောင်းပြပြီး၊ သင့်နံပါတ်ကို ကြည့်ပါ
appointment-unknown = ဤချိန်းဆိုမှု မတွေ့ပါ၊ ကုဒ်ကို စစ်ပါ
appointment-tries = ကုဒ်မှားလွန်းသည်၊ တစ်မိနစ်စောင့်ပါ သို့မဟုတ် ဝန်ဆောင်မှုစားပွဲတွင် မေးပါ
## Why somebody is called first, and the rule in force
why-title = { $number } ကို ဘာကြောင့် အရင်ခေါ်တာလဲ။
why-picked = ကောင်တာဝန်ထမ်းက { $number } ကို ရွေးပြီး အရင်ခေါ်ပါသည်။
why-urgent = { $number } သည် အရေးပေါ်ဖြစ်၍ ကြီးကြပ်သူက အရင်ခေါ်ရန် ခွင့်ပြုပါသည်။
why-sent-back = { $number } သည် ကောင်တာ { $counter } မှ ပြန်လာ၍ အရင်ခေါ်ပါသည်။
why-came-first = { $number } က အရင်ယူထားသောကြောင့် အရင်ခေါ်ပါသည်။
why-counted-earliest = { $number } ကို { $time } တွင် ယူသည်ဟု သတ်မှတ်ပြီး အစောဆုံးဖြစ်သောကြောင့် အရင်ခေါ်ပါသည်။
why-head-start = { $number } ({ $class }) ကို { $minutes } မိနစ် စောယူသည်ဟု သတ်မှတ်သောကြောင့် အရင်ခေါ်ပါသည်။
why-rank = { $number } ({ $class }) ကို { $passed } ထက် အရင်ခေါ်ပါသည်။
why-points = { $number } ({ $class }) တွင် စောင့်ဆိုင်းမှတ် { $points } ရှိပြီး { $passed } ထက် များသောကြောင့် အရင်ခေါ်ပါသည်။
why-turn = ယခု { $class } အလှည့်ဖြစ်သောကြောင့် { $number } ကို အရင်ခေါ်ပါသည်။
rule-fcfs = ခေါ်ပုံ - နံပါတ်ယူသည့် အစဉ်အတိုင်း။
rule-head-start = ခေါ်ပုံ - နံပါတ်ယူသည့် အစဉ်အတိုင်း၊ { $classes }။
rule-head-start-class = { $class } ကို { $minutes } မိနစ် စောယူသည်ဟု သတ်မှတ်သည်
rule-strict = ခေါ်ပုံ - { $order } အစဉ်အတိုင်း၊ အမျိုးအစားတူလျှင် နံပါတ်ယူသည့် အစဉ်အတိုင်း။
rule-points = ခေါ်ပုံ - စောင့်လေ အမှတ်များလေ၊ အမှတ်များသူကို အရင်ခေါ်သည်၊ { $classes }။
rule-points-class = { $class } တစ်မိနစ်လျှင် { $points } မှတ်
rule-ratio = ခေါ်ပုံ - { $others } { $priority } ဦး၊ ထို့နောက် { $class } { $regular } ဦး အလှည့်ကျ၊ အမျိုးအစားတူလျှင် နံပါတ်ယူသည့် အစဉ်အတိုင်း။

# Zones and the identity check
zone-wait-in = { $zone } တွင် စောင့်ပါ
identity-first = { $place } တွင် အထောက်အထားကို အရင်ပြပါ။ ပြီးမှ ခေါ်ပါမည်
phone-get-ready-in = သင့်အလှည့် နီးပါပြီ၊ { $zone } သို့ သွားပါ
identity-document_missing = အထောက်အထား မပါပါ
identity-document_expired = အထောက်အထား သက်တမ်းကုန်နေသည်
identity-not_the_holder = အခြားသူ၏ အထောက်အထား ဖြစ်သည်
identity-not_entitled = ဤဝန်ဆောင်မှုကို ရယူခွင့် မရှိပါ
identity-other = အထောက်အထား စစ်ဆေးမှု မအောင်မြင်ပါ
