# What visitors read: kiosk, paper, boards, phone, rating.

## Units and waiting
unit-people = { $count ->
    [one] 1 person
   *[other] { $count } people
}
unit-minutes = { $count } min
label-people = { $count ->
    [one] person
   *[other] people
}
label-minutes = min
wait-count = { $count } waiting
wait-range = about { $low }–{ $high } min
wait-within = under { $high } min
wait-none = Almost no wait
wait-unknown = Cannot be estimated
wait-long = Long wait
wait-next = You are next
number = Number
service = Service
counter = Counter
counter-number = Counter { $counter }
date-weekdays = Mon|Tue|Wed|Thu|Fri|Sat|Sun
date-months = January|February|March|April|May|June|July|August|September|October|November|December
date-day = { $weekday } { $day } { $month }

## Buttons and states of every page
language = Language
close = Close
yes = Yes
no = No
cancel = Cancel
connecting = Connecting
live = Live
announcement = Notice
evacuate = Follow the signs and leave now
page-unavailable = This page cannot be shown. Please ask at the information desk
system-fault = No tickets at the moment. Please ask at the information desk

## Kiosk: choosing a service
kiosk-title = What do you need today?
kiosk-hint = One touch prints your ticket
kiosk-waits = Waiting now
kiosk-priority = Priority
kiosk-priority-who = 65+, disability, pregnant, with a small child
kiosk-priority-choose = Priority: choose a service
kiosk-appointment = My appointment
kiosk-help = Ask for help
kiosk-help-coming = Staff are on the way
kiosk-other-services = Something else
kiosk-back = Back
kiosk-accessibility = Accessibility
kiosk-big-text = Big text
kiosk-contrast = Contrast
kiosk-lower = Lower
kiosk-raise = Raise
kiosk-audio = Audio
kiosk-use-below = Use the buttons below
kiosk-issuing = Getting your number
service-closed = Closed for today
service-opens-at = Opens at { $time }
service-opens-on = Opens { $day }, { $time }
service-full = All numbers taken
service-late = Would end about { $time }
service-ask-staff = Please ask our staff
hall-from = from { $time }
no-counter-open = No counter is open yet. You can still take a ticket
counters-paused = Counters paused. You can still take a ticket
counters-paused-until = Paused until { $time }. You can still take a ticket
station-closed = We are closed for today
station-hours = Open { $open }–{ $close }
kiosk-idle = Still there? This screen clears in { $seconds } seconds
kiosk-stay = I am still here
work-list-title = Numbers given out offline
work-list-print = Print the list
work-list-hint = Call them in order and tick what is done; the system gets the numbers when it is back.
kiosk-offline = Offline. Your ticket is still valid
kiosk-out-of-order = This machine is out of order
kiosk-use-another = Use another ticket machine, or ask staff

## Kiosk: the ticket
issued-title = Here is your number
issued-number = Your number
issued-ahead = Ahead of you
issued-wait = Expected wait
issued-take = Take your ticket below
issued-take-at = Take your ticket: { $place }
issued-printing = Printing
issued-follow = Follow on your phone
issued-no-app = No app needed
issued-remind = Get a reminder before your turn
issued-see-ahead = See how many are ahead
issued-languages = In 10 languages
issued-prepare = While you wait, have these ready
issued-more = Anything else today?
issued-persons = How many people?
issued-more-refused = This cannot be added now. Please ask the staff
issued-change-service = Change service
issued-removed = Number { $number } is cancelled
issued-more-time = More time
issued-done = Done
issued-qr = QR code of the phone page of number { $number }
paper-out = Out of paper. Your number is still valid
paper-out-hint = Take a photo of this screen or scan the code. Staff have been told.
printer-fault = The printer has a fault. Your number is still valid
printer-fault-hint = Take a photo of this screen or scan the code. Staff have been told.
paper-out-before = Out of paper. Your number will be on this screen
printer-fault-before = The printer has a fault. Your number will be on this screen
paper-unknown = No paper? Your number is still valid
paper-unknown-hint = Take a photo of this screen or scan the code
paper-ask = Did your ticket print?
paper-yes = Yes, I have it
paper-again = No, print it again
paper-sent = Your ticket was sent to the printer
paper-kept = Keep your ticket until you are called
paper-held = First take the ticket that is still in the printer
paper-held-hint = It is not yours. Your own ticket prints right after
notice-title = What to bring

## Help me choose
guide-way = Help me choose
guide-title = Find your service
guide-start-over = Start again
guide-found = You need
guide-papers = What to bring
guide-no-papers = Nothing to bring
guide-cases = What to bring in your case
guide-fee = Fee
guide-free = Free
guide-time = Usual time
guide-on-the-spot = Done while you wait
guide-days = { $count ->
    [one] 1 working day
   *[other] { $count } working days
}
guide-take = Take a ticket
guide-print = Print this list
guide-print-again = Print again
guide-printed = Take your list below
guide-printed-at = Take your list: { $place }
guide-not-printed = The list was not printed
guide-cannot-print = Printing is not possible now. Scan the code to read the list on your phone
guide-scan = Read this list on your phone
guide-remarks = Please note
guide-tick = Tick what you have
notice-missing = Still missing

## Ticket on paper
ticket-number = Your number
ticket-service = Service
ticket-time = Issued
ticket-ahead = Ahead of you: { $count }
ticket-wait = Expected wait { $low }–{ $high } min
ticket-wait-within = Expected wait under { $high } min
ticket-latest = Latest about { $time }
ticket-missed = Missed your number? Go to the information desk
ticket-scan = Scan to follow
ticket-priority = Priority
ticket-reprint = Reprint
ticket-offline = Issued offline
ticket-phone = Phone { $phone }

## Hall board
hall-title = Calls
hall-number = Number
hall-counter = Counter
hall-waits = Waiting now
hall-waiting = Waiting
hall-now-at = Now at
hall-expected = Expected
hall-nobody = Nobody is waiting
hall-call = { $number }, please go to counter { $counter }
hall-second-call = Second call
hall-again = Call { $count }
hall-missed-rule = Missed your number? See your ticket or ask at the information desk
hall-lost = This board is paused
hall-lost-hint = Please listen for staff, or check your phone
hall-lost-told = Staff have been told
hall-last-update = Last update { $time }
hall-stale = Connection lost. Numbers may be out of date

## Counter display
display-please-come = Please come
display-serving = Now serving
display-paused = Paused
display-back-at = Back at { $time }
display-closed = Counter closed
display-open = Open
display-welcome = Welcome, please take a seat

## Phone page
phone-title = Number { $number }
phone-ahead = Ahead of you
phone-wait = Expected wait
phone-you = You
phone-waiting = Waiting
phone-remind = Tell me when it is nearly my turn
phone-remind-hint = Vibrates and sounds when { $count } are ahead
phone-keep-open = Keep this page open
phone-seat = Please take a seat in the waiting area
phone-prepare = Have these ready
phone-let-go = Let { $count } go first
phone-let-go-done = Done. { $count ->
    [one] 1 more person is
   *[other] { $count } more people are
} called before you; your place counts from there
phone-cancel = Cancel this number
phone-cancel-sure = The number will no longer be valid. Cancel it?
phone-turn = It is your turn
phone-go-to = Please go to
phone-coming = I am coming
phone-need-time = Please give me a moment
phone-counter-waits = The counter waits { $minutes } min for you
phone-serving = Being served
phone-served = Finished
phone-thanks = Thank you for coming today
phone-rate = Tell us how it was
phone-held = Your number is on hold. We will call you again
phone-no-show = Your number was missed
phone-no-show-hint = Go to the information desk to be called again
rule-missed = Missed your number? Come back within { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}: you stand behind { $behind ->
    [one] 1 person
   *[other] { $behind } people
}, at most { $times ->
    [one] once
   *[other] { $times } times
}.
rule-missed-again = Missed again? Come back within { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
}: you stand behind { $behind ->
    [one] 1 person
   *[other] { $behind } people
}, { $times ->
    [one] once more
   *[other] { $times } more times
}.
rule-missed-last = Do not miss your number again: it cannot come back any more.
phone-come-back = I am back, let me queue again
phone-come-back-until = Come back with the same number before { $time }: you will be number { $place } in line
phone-get-ready = Nearly your turn, please get ready
phone-room = Please wait in “{ $room }”
phone-matters = Your matters
phone-leg-done = Done
phone-leg-now = Now
phone-leg-to-come = Later
phone-too-late = This number cannot come back any more. Please take a new ticket
phone-nobody-behind = Nobody is waiting behind you
phone-cancelled = This number is cancelled
phone-new-ticket = Take a new ticket when you need one
phone-transferred = Moved to “{ $service }”. You keep your place
phone-ended = We are closed for today
phone-not-found = This number was not found
phone-not-found-hint = Check the address, or ask at the information desk
phone-lost = Offline, data from { $time }
phone-no-counter = No counter is open at the moment. Your number is kept
phone-paused = The counters are paused. Your number is kept
phone-paused-until = The counters are paused until { $time }. Your number is kept
phone-reconnecting = Reconnecting. Please listen for your number

## Rating
rating-title = How was the service today?
rating-5 = Very good
rating-4 = Good
rating-3 = Fair
rating-2 = Poor
rating-1 = Very poor
rating-anonymous = Anonymous. Staff cannot see your choice.
rating-none = Skip
rating-why = What could be better?
rating-why-many = Choose as many as you like
rating-reason-waiting = Waited too long
rating-reason-explanation = Unclear explanation
rating-reason-attitude = Staff manner
rating-reason-place = Place and equipment
rating-reason-process = The procedure
rating-reason-manager = I want to talk to a manager
rating-send = Send
rating-auto-send = Sends by itself in { $seconds } s
rating-thanks = Thank you
rating-already = This number has already been rated
rating-closed = This visit can no longer be rated
rating-lost = Connection lost
rating-kept = Your answer is kept and will be sent when it is back

## Phone page: the way to the counter
phone-direction-left = To the left of the board
phone-direction-right = To the right of the board
phone-direction-up = Straight ahead

## Appointments: booking, the visitor's page, checking in
kiosk-code-title = Please enter your appointment code
kiosk-code-hint = The 4 to 6 digits you received, or scan your appointment's code
kiosk-code-delete = Clear
kiosk-code-go = Check in
booking-title = Book an appointment
booking-hint = No name and no telephone number needed: you check in with a code
booking-choose-service = Please choose a service
booking-choose-day = Please choose a day
booking-choose-time = Please choose a time
booking-none = No time can be booked on this day
booking-closed = Closed
booking-full = Fully booked
booking-left = { $count } left
booking-refused = This time can no longer be booked: please choose another
booking-off = This station takes no bookings from the web: please ask at the service desk
appointment-title = Your appointment
appointment-code = Your code
appointment-keep = Please note the code, or keep the picture on this page
appointment-window = Please check in between { $from } and { $until }
appointment-on-time = Check in by { $time } and you queue from your appointed time
appointment-where = Please enter the code at the ticket machine, or scan the picture
appointment-check-in = I am here: check in
appointment-cancel = Cancel the appointment
appointment-cancel-sure = This time will then be given to somebody else
appointment-cancelled = This appointment was cancelled
appointment-early = It is too early to check in: please come back later
appointment-missed = The time to check in has passed: please take a normal ticket
appointment-closed-day = The station is closed at this time: please cancel and choose another
appointment-done = This appointment has been checked in: please see your ticket
appointment-unknown = There is no such appointment: please check the code
appointment-tries = Too many wrong codes: please wait a minute, or ask at the service desk
## Why somebody is called first, and the rule in force
why-title = Why was { $number } called first?
why-picked = Staff at the counter chose { $number }.
why-urgent = { $number } was an urgent case, approved by a supervisor.
why-sent-back = { $number } came back from counter { $counter } and goes first.
why-came-first = { $number } was first in the line, so it is called first.
why-counted-earliest = { $number } counts as taken at { $time }, the earliest, so it is called first.
why-head-start = { $number } ({ $class }) counts as taken { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
} earlier, so it is called first.
why-rank = { $number } ({ $class }) is called before { $passed }.
why-points = { $number } ({ $class }) has { $points ->
    [one] 1 waiting point
   *[other] { $points } waiting points
}, more than { $passed }, so it is called first.
why-turn = It is the turn of { $class }, so { $number } is called first.
rule-fcfs = How we call: in the order tickets were taken.
rule-head-start = How we call: in the order tickets were taken; { $classes }.
rule-head-start-class = { $class } counts as taken { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
} earlier
rule-strict = How we call: { $order }, in this order; within each, in the order tickets were taken.
rule-points = How we call: points grow while you wait, the most points first; { $classes }.
rule-points-class = { $class } { $points } points a minute
rule-ratio = How we call: { $priority } { $others }, then { $regular } { $class }, in turn; within each, in the order tickets were taken.

# Zones and the identity check
zone-wait-in = Please wait in { $zone }
identity-first = First show your document at: { $place }. You can be called after that
phone-get-ready-in = Nearly your turn, please go to { $zone }
identity-document_missing = There was no document
identity-document_expired = The document has expired
identity-not_the_holder = The document is somebody else’s
identity-not_entitled = This service is not available to you
identity-other = The identity check was not passed

# Sessions of visits
session-nth = Session { $nth }
session-choose = Choose a session
session-next = Next session
session-free = { $count } seats left
session-list = Waiting list
session-full = Full
session-none = No more sessions today
session-persons = People in your party
session-seat = You have a seat
session-on-list = Waiting list, place { $nth }
session-lost = Not checked in by the deadline, so the seat was given on. Please ask the staff.
session-check-in-until = Check in by { $time }
session-checked-in = Checked in
session-window = Room { $room }, window { $window }
session-go = Session { $nth }: please go to room { $room }
session-running = Under way
session-wait = Begins at { $time }; the whole session is called together
session-late = Planned for { $time } and not called yet; please wait a little longer
session-moves = Free seats go to the list in order; whoever is left moves to the next session
