# What staff read: console, chief, bench, front page, login, errors.

## Console: actions
action-open = Open counter
action-close = Close counter
action-pause = Pause
action-resume-counter = Resume
action-call-next = Call next
action-call-next-number = Call next { $number }
action-finish-and-next = Finish and call next
action-finish = Finish
action-next-matter = Go on with { $service }
action-next-matter-short = Next matter
action-start = Here, start
action-recall = Recall
action-hold = Hold
action-resume = Take back
action-transfer = Transfer
action-no-show = No-show
action-rate = Ask for rating
action-call = Call a number
action-cancel = Cancel ticket
action-undo = Undo
action-undo-seconds = Undo ({ $seconds })
action-reprint = Reprint

## Console: states
state-waiting = Waiting
state-called = Called
state-serving = Serving
state-held = On hold
state-no-show = No-show
state-done = Finished
state-cancelled = Cancelled
state-abandoned = Left
state-unverified = Identity to be checked
state-enrolled = Waiting for its session
counter-idle = Free
counter-called = Calling
counter-serving = Serving
counter-paused = Paused
counter-closed = Closed
counter-back-at = Paused, back at { $time }

## Console: why an action is not available
reason-serving = Not while serving
reason-idle = No current ticket
reason-not-called = Not called yet
reason-closed = Counter is closed
reason-paused = Counter is paused
reason-nobody = Nobody is waiting
reason-recall-more = { $count ->
    [one] After 1 more call
   *[other] After { $count } more calls
}
reason-wait-seconds = In { $seconds } s
reason-no-show-seconds = No-show possible in { $seconds } s
reason-offline = Not while disconnected

## Console: words
console-title = Counter { $counter } console
console-current = Current visitor
console-my-queue = My queue
console-queue = Waiting list
console-held = On hold
console-no-show = No-shows
console-station = Station
console-next = Next
console-issued = Issued
console-waited = Waited
console-in-queue = { $count } in your queue
console-usual = Usual for this service
console-usual-range = { $low }–{ $high } min
console-called-times = { $count ->
    [one] Called once
   *[other] Called { $count } times
}
console-trail = Trail
console-priority = Priority
console-booked = Booked { $time }
console-persons = { $count } people
console-then-here = Then here: { $service }
console-then-elsewhere = Then in line for: { $service }
console-matters = To come
console-matters-add = Add a matter
console-matters-add-button = Add
console-matters-drop = Drop { $service }
console-matters-first = { $service } first
console-over-limit = Over the limit
console-nobody = Nobody is waiting
console-nobody-held = Nobody is on hold
console-nobody-missed = No missed visitors
console-done-today = Finished today
console-mean-handling = Mean handling
console-station-waiting = Waiting at the station
console-longest = Longest
console-shortcuts = All shortcuts
console-shortcuts-off = Turn shortcuts off
console-dock = Narrow
console-transfer-to = Transfer to which service?
console-transfer-counter = Counter (optional)
console-any-counter = Any
console-call-which = Number to call
console-pause-why = Reason for the pause
console-back-at = Back at
console-hold-why = Reason for the hold
console-hold-room = Where to wait (optional)
pick-why = Why call { $number } first?
pick-why-sub = Others are waiting before this number. One press calls; only staff see the reason.
pick-reason-ours = This counter has the case
pick-reason-papers = Back with documents
pick-reason-together = Together with a companion
pick-reason-language = Language
pick-reason-other = Another reason
pick-cancel = Do not call
pick-because = { " " }({ $reason })
console-screens = Shown on { $shown }/{ $all } screens
console-devices-ok = Devices are well
console-devices-unknown = Devices: not known
console-device-lost = { $device } is offline
console-paper-out = { $device } is out of paper
console-storage-fault = Storage fault: no tickets, no calls. Tell the administrator
console-lost = Disconnected, data from { $time }
console-unstaffed = Log in and open a counter first
console-works = { $works }
console-works-and-you = Opened by { $works }, you are { $you }
console-you = { $you }
console-nobody-and-you = You are { $you }; nobody is named at this counter
console-unnamed = Nobody named

## Console: pause and hold reasons
pause-break = Break
pause-lunch = Lunch
pause-meeting = Meeting
pause-paperwork = Paperwork
pause-system = System problem
pause-other = Other
# A counter that was paused at its keypad has the reason `pause`.
pause-pause = From the keypad
hold-documents = Missing document
hold-form = Filling in a form
hold-photo = Taking a photo
hold-payment = Paying
hold-other = Other

## Console: what was done, with undo
toast-finished = { $number } finished
toast-no-show = { $number } is a no-show
toast-held = { $number } on hold
toast-resumed = { $number } taken back
toast-transferred = { $number } transferred
toast-leg-finished = { $number }: matter finished
toast-matters-changed = { $number }: matters to come changed
toast-cancelled = { $number } cancelled
toast-called = { $number } called
toast-recalled = { $number }, call { $count }
toast-undone = Undone
toast-opened = Counter { $counter } is open
toast-paused = Counter { $counter } is paused
toast-closed = Counter { $counter } is closed
toast-rating-asked = Visitor asked to rate

## Errors, by the code of the rejection
action-precall = Ask the next to get ready
action-send-back = Send back to counter { $counter } (called first)
action-hand-over = Hand over to counter { $counter }
action-return = Is back, wait again
action-prioritise = Call this number first
action-correct = Correct
error-return_too_late = Too late to come back with this number. A new ticket is needed
error-returns_used_up = This number came back as often as it may. A new ticket is needed
error-nobody_behind = Nobody is waiting behind
error-not_sent = No other counter sent this visitor
error-reason_missing = A reason is needed
error-bad_count = This number of people is out of range
error-bad_persons = A ticket stands for 1 to 99 people
error-bad_matters = A visit has at most 8 different matters
outcome-served = Served
outcome-no-show = Did not come
outcome-cancelled = Cancelled
outcome-abandoned = Left unserved
chief-urgent = Urgent
chief-urgent-sub = Called before everybody who waits, by a supervisor’s decision; the reason and who decided stay in the log
chief-correct = Correct the outcome
chief-correct-sub = A correction is kept in the log; what was written before stays there
chief-reason = Reason
chief-outcome = Outcome
error-unknown_service = There is no such service
error-unknown_counter = There is no such counter
error-unknown_ticket = There is no such ticket
error-ticket_ended = This number was of an earlier day, which is over
error-service_closed = This service is closed for today
error-counter_closed = The counter is closed. Open it first
error-counter_open = The counter is already open
error-counter_paused = The counter is paused. Resume first
error-counter_busy = Finish the current ticket first
error-counter_idle = The counter has no current ticket
error-staff_elsewhere = You are still at another counter. Close that counter first
error-nobody_waiting = Nobody is waiting
error-nobody_held = Nobody is on hold at this counter
error-wrong_state = The ticket is not in a state for this
error-visitor_on_the_way = The visitor is still on the way. Call again, or mark a no-show
error-wrong_state_done = This ticket has been served already
error-wrong_state_cancelled = This ticket has been cancelled
error-wrong_state_abandoned = This ticket ended with its day
error-wrong_state_busy = This ticket is at a counter already
error-wrong_state_unverified = This ticket waits for its identity check first
error-not_called = The ticket has not been called
error-not_serving = The ticket is not being served
error-skill_missing = This counter does not offer that service
error-day_closed = The business day is closed
error-station_closed_now = The station gives out no tickets at this hour
error-service_closed_now = This service takes no visitors at this hour
error-quota_full = All tickets of this service for these hours are taken
error-past_cut_off = The visit would end after closing time, so no more tickets are given out
error-open_ticket_already = This person already has an open ticket of this service
error-person_unknown = A ticket of this service needs a document number
alarm-wait_over_standard = { $service }: somebody has waited over the standard, since { $time }
alarm-nobody_open = { $service }: people wait and no counter is open, since { $time }
alarm-identity_unchecked = { $service }: somebody has waited for the identity check since { $time }
chief-hours-today = Today: { $hours }.
chief-hours-none = No tickets are given out today.
chief-hours-rule = After the last hour the day ends by itself with the last visitor, at { $time } at the latest; whoever still waits then is noted as not served.
error-day_already_open = The business day is already open
error-undo_expired = Too late to undo
error-undo_overtaken = Cannot be undone: somebody else has acted on this visitor since
error-undo_nothing = There is nothing to undo
error-not_rated = This ticket has not been rated
error-rating_closed = Too late to add to this rating
error-already_rated = This ticket has already been rated
error-ticket_not_rateable = This ticket cannot be rated now
error-stale_view = Your screen was out of date. Look again and repeat
error-too_early_no_show = A no-show needs enough calls and enough time first
error-unknown_class = There is no such ticket class
error-day_in_past = This business day is over
error-day_in_future = That day has not come yet; only today can be opened
error-transfer_nowhere = Choose a service or a counter to transfer to
error-bad_score = A score is a whole number from 1 to 5
error-text_too_long = A text is too long
error-bad_plan = The configuration has a mistake and cannot be used
error-plan_in_use = Visitors still use a service or counter that would be removed
error-not_a_kiosks_number = A kiosk told of a ticket with a number of another series
error-number_taken = Another ticket of today has this number
error-idempotency_key_reused = The same key was used for a different request
error-idempotency_key_missing = The Idempotency-Key header is missing
error-unauthorized = Please log in
error-forbidden = You may not do this
error-not_found = There is no such page
error-method_not_allowed = This address does not take such a request
error-invalid_request = The request has a mistake
error-body_too_large = The request is too large
error-too_many_requests = Too many requests. Wait a minute
error-storage_fault = Storage fault. Tell the administrator
error-unavailable = The system is starting or stopping. Wait a few seconds
error-stopped = The system is stopping. Wait a few seconds
error-internal = Something went wrong and has been logged
error-printer_unknown = This printer is not connected
error-no_papers_listed = The station file lists no papers for this service

## Chief: pages and filters
chief-title = Station overview
chief-live = Live
chief-history = History and quality
chief-satisfaction = Satisfaction
chief-reports = Reports
chief-services = Services
chief-counters = Counters
chief-attention = Needs attention
chief-all-well = All devices are connected
chief-updated = Updated { $time }
chief-range = Period
chief-from = From
chief-to = To
chief-by = Group by
chief-level = What is counted
chief-level-visit = Visits
chief-level-leg = Matters and stations
chief-by-all = Nothing
chief-by-service = Service
chief-by-class = Class
chief-by-counter = Counter
chief-by-staff = Staff
chief-by-hour = Hour
chief-by-day = Day
chief-show = Show
chief-table = Table
chief-chart = Chart
chief-csv = Download CSV
chief-no-data = No data in this period
chief-too-few = Too few (n = { $n })
chief-total = Total
chief-definitions = Definitions
chief-definition-of = Definition of “{ $figure }”
chief-standard = Standard { $minutes } min
chief-usual = Usually { $low }–{ $high }
chief-class-regular = Regular
chief-class-priority = Priority
chief-class-appointment = Appointment
chief-unknown = Unknown
chief-at-no-counter = No counter
chief-first-step = first waits for { $service }
chief-enrolled = in a session
chief-enrolled-count = in a session { $count }

## Chief: figures
figure-waiting = Waiting
figure-longest-wait = Longest wait
figure-within-standard = Called within { $minutes } min
figure-open-counters = Open counters
figure-served-today = Served today
figure-top2 = Satisfied (good or better)
figure-issued = Issued
figure-called = Called
figure-served = Served
figure-no-show = No-shows
figure-abandoned = Abandoned
figure-cancelled = Cancelled
figure-no-show-rate = No-show rate
figure-abandoned-rate = Abandoned rate
figure-wait = Waiting time
figure-wait-last = Waiting time to the last call
figure-walk = Walking time
figure-handling = Handling time
figure-stay = Stay
figure-n = n
figure-mean = Mean
figure-median = Median
figure-p80 = P80
figure-p90 = P90
figure-p95 = P95
figure-max = Maximum
figure-share-within = Within standard
figure-open-time = Open time
figure-throughput = Served per open hour
figure-occupancy = Occupancy
balance-title = Work of the counters
balance-gini = Balance (Gini)
balance-usual = (under 0.15 is usual)
balance-busy = Handling, min
balance-expected = Weighted load, min
balance-open = Open, min
figure-ratings = Ratings
figure-invited = Invited
figure-response-rate = Response rate
figure-rating-mean = Mean score
figure-interval = 95% interval { $low }–{ $high }

## Device bench
bench-title = Device bench
bench-intro = What the devices really receive
bench-printer = Printer
bench-paper = What the paper shows
bench-no-paper-yet = Nothing printed yet
bench-panel = LED panel { $counter }
bench-keypad = Keypad { $counter }
bench-rating-pad = Rating pad { $counter }
bench-paper-out = Out of paper
bench-cover-open = Cover open
bench-not-taken = Tickets are left in the output
bench-holds-ticket = A ticket is in the output
bench-stuck = Stuck
bench-power-off = Power off
bench-unplug = Unplug
bench-dark = Dark

## Front page of the demo, login, enrolment
front-title = Demo Service Station
front-intro = This is a working station. Choose a screen.
front-kiosk = Ticket machine
front-hall = Hall board
front-display = Counter display
front-console = Counter console
front-rating = Rating tablet
front-phone = Visitor's phone page
front-chief = Chief's page
front-bench = Device bench
front-api = Interface description
front-for-visitors = Visitors
front-for-staff = Staff
front-for-makers = Administrators and makers
front-credentials = Demo credentials
front-people = Simulated visitors and staff are using this station
demo-hurry = Demo: people move { $times } times as fast, the clock shows real seconds. So waits and visits are short, and counters serve very many.
front-counter = Counter { $counter }
login-title = Log in
login-user = User
login-password = Password
login-pin = PIN
login-password-here = A PIN is taken only on devices that were enrolled. Here it takes your password.
login-button = Log in
login-failed = Staff name or password is wrong
login-locked = Too many mistakes. Wait { $minutes } min
login-expired = Your session has ended. Log in again
logout = Log out
enrol-title = Enrol this device
enrol-code = Enrolment code
enrol-button = Enrol
enrol-failed = The code is wrong or has expired
enrol-done = This device is now { $device }

## Staff: administration and sound
admin-title = Settings
admin-services = Services and numbers
admin-counters = Counters and staff
admin-devices = Devices
admin-hours = Opening hours
admin-announcements = Boards and notices
admin-open-day = Open the business day
admin-close-day = Close the business day
sound-test = Test the sound
sound-refused = The browser refuses sound. Press “Test the sound”
sound-ok = Sound works
theme = Colours
theme-light = Light
theme-dark = Dark
theme-hc = High contrast

## Chief: live page
chief-home = Front page
chief-menu = Main menu
chief-logged-in = Logged in
chief-stale = Connection lost. This page shows { $time }
chief-now-people = Now { $count }
chief-closed = The day has not been opened
chief-ended = The day is closed, { $count ->
    [one] 1 ticket issued
   *[other] { $count } tickets issued
}
chief-issued-today = { $count ->
    [one] 1 ticket issued today
   *[other] { $count } tickets issued today
}
chief-nobody-waiting = Nobody is waiting
chief-over-by-service = { $service } { $number }, standard { $minutes } min
chief-past-range = { $days ->
    [one] Last business day
   *[other] Last { $days } business days
} { $low }–{ $high }
chief-called-n = { $count } called
chief-paused-n = { $count } paused
chief-all-open = All open
chief-ratings-n = { $count ->
    [one] 1 rating
   *[other] { $count } ratings
}, { $rate }% responded
chief-ratings-n-only = { $count ->
    [one] 1 rating
   *[other] { $count } ratings
}
chief-no-ratings = No ratings yet
chief-not-yet = Nobody called yet
chief-chart-title = { $now } waiting now; most today { $peak } (at { $time })
chief-chart-empty = No tickets today yet
chief-chart-sub = Today, per quarter of an hour
chief-chart-waiting = People waiting (most in each quarter of an hour)
chief-chart-median = Median wait at the call (min)
chief-chart-longest-standard = Standard ≤ { $minutes } min
chief-column-waiting = Waiting
chief-column-longest = Longest
chief-column-if-now = Wait from now
chief-column-counters = Counters
chief-column-called = Called today
chief-column-median = Median wait
chief-minutes = { $minutes } min
chief-seconds = { $seconds } s
chief-unit-seconds = s
chief-counters-sub = Bar: time with this visitor against the expected time; marked when over twice that
chief-counter-over = Long
chief-no-counter = { $service }: { $count } waiting and no open counter serves it.
chief-over-standard = { $service }: longest wait { $minutes } min, standard { $standard } min.
chief-could-open = Could be opened: counter { $counters }.
chief-is-free = Free now: counter { $counters }.
chief-none-could = No other counter could serve it.
chief-go-counter = Go to counter { $counter }
chief-storage-fault = Data cannot be written. Tickets and calls have stopped
chief-agent-lost = { $agent } is not connected
chief-agent-seen = Last seen { $time }
chief-device-since = Since { $time }
chief-agent-never = Never connected
chief-session-late = { $service }, session { $nth } ({ $time }) has not been called yet
chief-no-shows = { $count ->
    [one] 1 no-show today
   *[other] { $count } no-shows today
}
chief-devices-fine = { $count ->
    [one] 1 device is connected
   *[other] { $count } devices are connected
}
chief-no-agents = No device has connected yet
device-status-paper_out = Out of paper
device-status-paper_near_end = Paper is low
device-status-cover_open = Cover is open
device-status-cutter = Cutter is jammed
device-status-ticket_not_taken = Ticket left in the output
device-status-offline = Offline
device-status-disconnected = Not connected
device-status-silent = Does not answer
device-status-unconfirmed = Does not confirm tickets
device-status-unheard = No key heard yet
device-status-port_missing = Port is missing
device-status-error = Fault
device-status-starting = Starting
device-status-one_way = Says nothing of itself: whether a ticket came out cannot be known
device-status-ok = Works
device-status-unreadable = Sends what cannot be read: check speed, parity and the two wires
device-status-noisy = Works, but its line is noisy
device-status-unknown_keys = Works, but sends what its map of keys does not have
device-status-stuck_key = A key is stuck
device-status-garbled = Its answers cannot be read
device-status-same_address = Probably two devices have its address
device-status-wrong_port = Is at another port
device-status-wrong_speed = Speaks at another speed
device-status-replacing = A new panel is looked for
device-status-no_replacement = No new panel found
device-status-replacement_stuck = Found, but it keeps its old address
device-status-replace_by_hand = Cannot be given its address over this line
device-do-replacing = Hang the new panel on the same wires and switch it on. It is looked for during five minutes; all others go on.
device-do-no_replacement = Check its power, its two wires and its speed. A new panel mostly has address 1: if another panel of the line has 1, give the new one its address with firmware-config readdress before you hang it up.
device-do-replacement_stuck = Switch the new panel off and on. It answers then.
device-do-replace_by_hand = Give the new panel the address of the old one before you hang it up, with firmware-config readdress or at its switches.
device-do-disconnected = Look whether its computer is on and its network cable is in. Its program starts by itself.
device-do-silent = Check its power and wires, then its address and speed. All others go on.
device-do-silent-printer = Check its power and its cable. The other devices go on.
device-do-unconfirmed = It says that all is well, but did not confirm the last ticket: look whether paper is stuck, and print a test page.
device-do-port_missing = Put the adapter back where it was. All recovers by itself then.
device-do-unreadable = Check speed and parity, and whether the two signal wires are swapped.
device-do-unknown_keys = If one of its keys does nothing, write its code into the pad's map in the station file. If nobody pressed a key, check plug and cable.
device-do-stuck_key = Free the key or replace the pad. The counter can be worked from its console meanwhile.
device-do-noisy = Check the plugs, the shield and the terminating resistors at both ends, and keep the cable away from motors and mains.
device-do-garbled = Check wires and plugs. If no other device has this trouble, another one may have the same address, or this one is broken.
device-do-same_address = Unplug this one. If something still answers, another device has the same address: change it with firmware-config readdress. If nothing does, this one is broken. All others go on.
device-do-wrong_port = Exchange the plugs of the two lines, or the two ports in the station file.
device-do-wrong_speed = Set the device to the speed in the station file with firmware-config apply, or change the file.
device-do-paper_out = Put in a new roll. No old number will come out.
device-do-paper_near_end = Have a new roll at hand.
device-do-cover_open = Close the cover.
device-do-cutter = Open the cover, clear the paper from the cutter, and close it again.
device-do-ticket_not_taken = Take the ticket out of the printer's output and throw it away, unless its visitor is near. Waiting tickets print then.
device-do-offline = Look at the lights of the printer; press the feed button once, or switch it off and on.
device-do-error = Switch it off and on. If it stays so, tell the technician.
device-do-closed = Open the board again on its computer.
device-status-muted = A board's browser plays no sound; touch the board once, or allow sound there
device-status-closed = Page closed
device-name-hall-sound = Hall sound
device-name-hall-voice = Spoken calls
device-status-no_voice = No voice for Chinese
device-status-voice_pack = A voice pack has mistakes
device-do-no_voice = For spoken calls, install espeak-ng on the board's computer or give the station a voice pack.
device-do-voice_pack = Correct the manifest of the pack; until then that language is spoken without it.
hall-allow-sound = Touch here for sound
device-name-hall-board = Hall board
device-name-led = LED panel { $counter }
device-name-pad = Keypad { $counter }
device-name-keypad = Keypad { $counter } on its own port
device-name-rating-pad = Rating pad { $counter }
device-called = { $name } ({ $device })
device-name-printer = { $agent } printer
device-name-spare-printer = { $agent } spare printer
device-low-left = { $status }, enough for about { $count } tickets
device-tickets-left = enough for about { $count } tickets
device-frames-title = Frames on the lines
device-frames = { $name }: { $sent } sent, { $repeated } of them repeats; { $heard } answers, { $spoilt } spoilt, { $unanswered } missing
device-frames-pad = { $name }: { $sent } sent; { $heard } heard, { $repeated } of them repeats
device-many = { $first } and others, { $count } in all
chief-device-trouble = { $devices }: { $trouble }
chief-device-raw = Original message for technicians
device-cause-missing = The device is not found. Check that it is plugged in and switched on
device-cause-in-use = Another program is using this port
device-cause-permission = No permission to use this port. Tell the administrator
device-cause-refused = The device refused the connection. Check that it is on and the port is right
device-cause-silent = The device did not answer in time. Check its power and network
device-cause-other-kind = What is configured is not this kind of device. Check the settings
chief-day-open = Business day { $day }
chief-close-ask = Close the business day?
chief-close-means = Afterwards no ticket can be issued or called. Tomorrow's numbers start anew.
chief-close-open-tickets = { $count ->
    [one] 1 ticket is not finished. It will be recorded as closed by the day's end.
   *[other] { $count } tickets are not finished. They will be recorded as closed by the day's end.
}
chief-close-none = Every ticket is finished.
chief-open-ask = Open the business day?
chief-open-means = Afterwards tickets can be issued and called. Numbers start at 001.
chief-open-again-means = Afterwards tickets can be issued and called again. Today has been open before: numbers go on after the last one issued.
chief-back = Back

## Chief: history
chief-today = Today
chief-yesterday = Yesterday
chief-last-days = Last { $days } days
chief-this-month = This month
chief-first-day = First day
chief-last-day = Latest day
chief-data-span = Days with data: { $first } to { $last }, { $count ->
    [one] 1 business day
   *[other] { $count } business days
}
chief-bad-date = “{ $text }” is not a date. Write it like 2026-11-21.
chief-bad-order = The first day must not be after the last.
chief-bad-by = Cannot group by “{ $text }”.
chief-too-long = A period has at most { $days } days.
chief-empty-range = No data from { $from } to { $to }
chief-empty-hint = Choose days that have data.
chief-one-day = { $day }
chief-span = { $from } to { $to }
chief-n-issued = { $count ->
    [one] 1 ticket issued
   *[other] { $count } tickets issued
}
chief-bars-title-wait = Longest wait at { $key }: half waited over { $median }
chief-bars-sub = Waiting time (min). Dark: median. Light: 90th percentile. n: tickets called
chief-bars-empty = Nobody was called in this period
chief-heat-title = Longest on { $day } at { $hour }, median { $minutes } min
chief-heat-sub = Median wait (min) by day and hour. Fewer than 10 tickets are grey
chief-table-sub = Times are minutes:seconds. Rows with fewer than 10 tickets are grey and should not be compared. Press a column's name for its definition.
chief-hour = { $hour }:00
chief-p90-wait = P90 wait
chief-state = State
chief-tickets = Tickets
chief-tickets-sub = By time of issue, { $count } on a page
chief-page-of = Page { $page } of { $pages }
chief-previous = Previous
chief-next = Next
chief-of-which = Of these

## Device bench: more
bench-switches = Switches
bench-turn-on = Switch on
bench-turn-off = Switch off
bench-paper-near-end = Paper is low
bench-plug-in = Plug in
bench-unplugged = Unplugged
bench-plugged = Plugged in
bench-network = Network
bench-network-hint = The cable between the station and its agents. Pulled out, the kiosk gives out numbers of its own and the boards say that they are old; put back, the station has every ticket.
bench-line = RS-485 line
bench-line-hint = Six panels and six keypads hang on RS-485. Pull the adapter and put it back: all recovers by itself.
bench-noise = Send noise
bench-paper-alt = Paper { $seq }, { $width } dots wide, { $height } dots high
bench-paper-bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}
bench-paper-torn = Not cut
bench-first-bytes = { $count ->
    [one] First byte
   *[other] First { $count } bytes
}
bench-unknown-commands = Unknown commands { $count }
bench-real-time-in-images = Real-time commands in images { $count }
bench-waiting-bytes = { $count ->
    [one] 1 byte waits to be printed
   *[other] { $count } bytes wait to be printed
}
bench-answered = { $count ->
    [one] Answered once
   *[other] Answered { $count } times
}
bench-address = Address { $address }
bench-silence = Cut power
bench-unsilence = Give power
bench-digits = Digits
bench-key-call-next = Next
bench-key-recall = Recall
bench-key-ask-rating = Rating
bench-key-pause = Pause
bench-key-transfer = Transfer
bench-key-cancel = Cancel
bench-key-confirm = Confirm
bench-key-clear = Clear
bench-acknowledged = Acknowledged { $count }
bench-beeps = Refused, beeped { $count }
bench-lost = Unanswered { $count }
bench-asks-rating = Asks for a rating
bench-shows = Shows { $ticket }, waiting { $waiting }
bench-none = This run has no simulated devices (--no-agents).
bench-status-well = Works
bench-what-happens = Flip a switch and see what the ticket machine, the chief's page and the counters do. Press a key and see the number move.

## Front page: more
front-what = Tickets, calls, service and ratings run on this one computer. A visitor takes a ticket, staff call it, boards and panels show it.
front-what-served = This is the queue system of { $station }.
front-waiting-now = Waiting now
front-day-closed = The day has not been opened
front-open = Open
front-connected = Connected
front-not-connected = Not connected
front-kiosk-missing = The ticket machine's program is not connected. On the ticket machine run kiosk --config FILE.
front-display-missing = The board's program is not connected. On the board's computer run display --config FILE.
demo-kiosk-missing = The ticket machine is not running. The demo starts it by itself, unless it was started with --no-agents; if it stays away, the window where the demo runs says why.
demo-display-missing = The boards are not running. The demo starts them by itself, unless it was started with --no-agents; if they stay away, the window where the demo runs says why.
front-kiosk-what = One touch prints a ticket
front-hall-what = The board in the hall: which number, which counter
front-display-what = The display above each counter
front-console-what = Staff call, finish and transfer with one key
front-rating-what = One tap after the visit
front-phone-what = Scan the QR code on a ticket to see how many are ahead
front-phone-newest = See the newest ticket { $number }
front-phone-none = Nobody has taken a ticket yet
front-chief-what = Waits, throughput and satisfaction, live
front-history = History
front-history-what = The figures of any day and any period
front-bench-what = What printer, panels and keypads really receive
front-try = Try it in one minute
front-try-1 = Open the ticket machine, touch a service and take a ticket.
front-try-2 = See the paper on the device bench.
front-try-3 = Enter a console as staff and press “Call next”.
front-try-4 = See the number on the hall board and the LED panel; finish with “Finish”.
front-try-5 = Tap the rating tablet or the rating pad and see the chief's figures.
front-token = Token
front-role = Role
front-pin = Staff PIN
front-pin-what = The same for all demo staff
front-enter-as = Enter as { $role }
front-enter-counter = Enter as staff
front-demo-only = These credentials are public and for the demo only. Nobody can reach it from another computer.
role-public = Visitor
role-kiosk = Ticket machine
role-display = Board
role-counter = Counter staff
role-greeter = Greeter
role-chief = Chief
role-administrator = Administrator
agent-missing-title = Not connected
agent-missing-again = Once it is connected, open this address again.

## Console and login: further words
console-announced = { $count ->
    [one] Shown on 1 board
   *[other] Shown on { $count } boards
}
console-announcing = Waiting for a board to show it
console-troubles = Please check: { $devices }
console-take-over = Take over this counter
console-minutes = { $count } min
console-back-unknown = Not known
console-directed = For this counter
console-auto-call = Call automatically
console-auto-in = Calling the next automatically in
console-seconds-unit = s
console-auto-on = Automatic calling is on
console-store-next = Call whoever comes next
console-next-stored = Waiting for the next visitor: the call is made by itself
console-forget-next = Do not call
console-auto-held = The call was taken back: press Call next to go on
console-profile = Services
console-profile-own = The counter’s own services
error-unknown_profile = There is no such set of services
console-helping = Helping out
console-get-ready = Told to get ready
console-open-first = Open the counter to call visitors
console-same-service = Same service
console-documents = Papers needed
console-walked = At the counter after { $seconds } s
console-after-number = Counter
console-minutes-unit = min
console-menu = Counter state
console-failed = Not sent. Press again
console-early = Not done: too soon after the last key. Press again
console-pad-refused = Keypad: { $why }
console-shortcuts-on = Turn shortcuts on
console-key-main = Main button, whatever it says
console-key-keyboard = Keyboard
console-key-numpad = Numeric keypad
console-key-held = { $key } held for 1 s
console-key-digits = Digits, then Enter
console-key-tabs = Switch lists
console-resumed = Resumed
console-leg = { $service }, counter { $counter }
console-place-urgent = urgent
console-place-sent-back = sent back
console-place-came-back = came back
console-place-gave-way = let others go
console-started = At the counter
toast-handed-over = { $number } was handed over
toast-started = { $number } is being served
channel-kiosk = Ticket machine
channel-greeter = Greeter
channel-phone = Phone
channel-web = Web
channel-counter = Counter
language-zh-Hant-TW = Chinese
language-en = English
language-vi = Vietnamese
language-id = Indonesian
language-th = Thai
language-fil = Filipino
language-my = Burmese
language-km = Khmer
language-ja = Japanese
language-ko = Korean
login-staff = Staff name
login-demo = Demo staff: one click logs in (every PIN is { $pin })
error-ambiguous_number = More than one ticket has these digits. Add the letter
error-wrong_pin = Staff name or PIN is wrong
error-pin_locked = Too many mistakes. Wait half a minute
error-enrol_locked = Too many wrong codes. Wait a minute
error-busy = The system is busy. Press again
error-unknown_action = A counter cannot do this
admin-device-role = Kind of device
admin-device-name = Name of the device
admin-make-code = Make a code
admin-code-help = Valid for 15 minutes, once.
error-unknown_language = There is no such language here
error-unknown_channel = There is no such way to take a ticket
error-unknown_staff = Nobody of the staff has this id
error-unsupported_media_type = The request is not of the right type
error-unknown_device = The station has no device of this name and kind
error-bad_code = The code is wrong, used or has expired
admin-devices-hint = Make a one-time code here, then enter it in the browser of the new device.
admin-new-device = Add a device
admin-new-code = Code for { $device }
admin-open-there = On that device open
admin-none = No device has ever been connected.
admin-device-name-help = Its id in the station file, such as K1
admin-code-refused = The name needs 1 to 32 letters (10 in Chinese)
front-devices = Device enrolment
front-devices-what = Enrol a device, see what is connected
enrol-help = The administrator makes the code on the page “Devices”. It is valid for 15 minutes.
admin-connected = Connected devices
admin-test = Test
admin-test-of = Test { $device }
admin-replace = Replace
admin-replace-of = Replace { $device }
admin-replacing = Looking for a new panel in the place of { $device }. Take the old one off, hang the new one on the same wires and switch it on. It needs no settings, unless a panel that works has the address it came with, mostly 1. The list shows how it goes; one panel of a line at a time.
admin-ports = Found, not in the station file
admin-ports-hint = Plugged in and used by no device of these agents. Nothing was sent there. To use one, put its lines into the station file, with the speed, address, counter and profile of your device, and start again.
admin-ports-none = Nothing is plugged in that the station file does not have.
admin-ports-at = Machine of { $agents }
port-serial = Serial port
port-adapter = USB serial adapter
port-usb-printer = USB printer
port-number = serial number { $serial }
port-no-number = no serial number
port-by-socket = Its name in the station file stands for the socket: leave it in this one.
port-may-change = Its name may be another one when it, or another of its kind, is plugged in again.
port-says = It says that it is { $model }. Clones say so too.
port-lines = Lines for the station file
port-as-line = As a line of panels or keypads: after [[display]] with the id { $id }
port-as-pad = As a keypad without a protocol: after [[display]] with the id { $id }
port-as-printer = As the ticket printer: in [[kiosk]] with the id { $id }, in place of the printer it has there
port-no-kiosk = No kiosk runs on this machine. A ticket printer belongs to the machine of its kiosk.
port-copy = Copy
port-copied = Copied
admin-faults = Faults today
admin-faults-none = No faults today.
admin-faults-sum = { $count ->
    [one] once, { $lasted }
   *[other] { $count } times, { $lasted } in all
}
admin-faults-earlier = { $count } earlier
admin-fault-was = { $from } to { $to } ({ $lasted })
admin-fault-is = since { $from } ({ $lasted })
admin-fault-before = before today
admin-faults-more = and { $count } earlier
admin-tested = Asked { $device } for a test.
admin-test-cannot = { $device } cannot be tested now: { $why }.
admin-test-missing = { $device } is not connected and cannot be tested.
admin-test-panel = It should show eights for 4 seconds, then what it showed before.
admin-test-pad = It should beep once.
admin-test-printer = It should print a test page.
admin-test-voice = It should call number A000 to counter 1 in Chinese and English.
paper-test = Test print { $kiosk }
admin-enrolled = Enrolled devices
admin-enrolled-none = No device has joined with a code.
admin-enrolled-on = Joined on { $day }
admin-withdraw = Withdraw
admin-withdraw-of = Withdraw { $device }
admin-withdraw-means = Withdraw a device that was lost or replaced: it is cut off at once. A device that joins again replaces its earlier enrolment.
error-unknown_token = This device is no longer enrolled

## Chief: charts of the history page
chief-ecdf-title = { $key } is called within its { $minutes } min least often: { $share }%
chief-ecdf-all = Every service with enough tickets called all of them within its target
chief-ecdf-plain = How waits are spread
chief-ecdf-sub = Share called (upright) within so many minutes (across), by service. Dashed red: the standard of the service.
chief-ecdf-said = { $share }% called within the standard of { $minutes } min
chief-ecdf-no-standard = Has no standard
chief-ecdf-within = in { $minutes } min
chief-xmr-title-unusual = Days with an unusual wait: { $count }, last on { $day }
chief-xmr-title-usual = The wait was usual on every day; centre line { $mean }
chief-xmr-title-few = Median wait of each day, centre line { $mean }
chief-xmr-sub = Median wait of each day (min), { $count ->
    [one] 1 day
   *[other] { $count } days
}. Band: usual range { $low }–{ $high } (XmR: mean ± 2.66 × mean moving range). ◆: beyond it, or the eighth day in a row on one side of the mean
chief-xmr-sub-few = Median wait of each day (min), { $count ->
    [one] 1 day
   *[other] { $count } days
}; it takes at least { $least } days to know the usual range
chief-xmr-mean = Centre line { $mean }
chief-xmr-limit = Usual limit
chief-xmr-mark = Note
chief-xmr-beyond = Beyond the usual range
chief-xmr-shift = Eight days or more on one side of the mean
chief-day-of-year = { $day } { $year }

## Device bench: frames
bench-frames-of = Latest frames on the { $line } line
bench-frames-none = Nothing has gone over it yet
bench-from-host = To device
bench-from-device = To host
bench-says-text = Panel { $address }: show { $text }
bench-says-blank = Panel { $address }: go dark
bench-says-point = Panel { $address }: { $digits } digits after the point
bench-says-write = Panel { $address }: write register { $register }
bench-says-read = Panel { $address }: read register { $register }
bench-says-done = Panel { $address }: done
bench-says-refused = Panel { $address }: refused (exception { $code })
bench-says-ticket = Keypad { $address }: show ticket { $number }
bench-says-waiting = Keypad { $address }: show { $count } waiting
bench-says-stars = Keypad { $address }: show { $count ->
    [one] 1 star
   *[other] { $count } stars
}
bench-says-beep = Keypad { $address }: beep
bench-says-ask = Keypad { $address }: ask for a rating
bench-says-taken = Keypad { $address }: taken
bench-says-key = Keypad { $address }: key { $digits } { $key }
bench-says-rated = Keypad { $address }: rated { $score }
bench-says-noise = Noise, part of no frame
bench-key-one-metre = One-metre line
bench-legend = How the keypad works
bench-legend-next = Next calls the next visitor, with digits before it (047) that number; it finishes the one being served
bench-legend-confirm = Confirm finishes; 6 Confirm: did not come; 0 Confirm: on hold
bench-legend-others = Counter number and Transfer sends the visitor there; Pause pauses and resumes; Cancel takes back (with digits before it, it only clears them)
bench-legend-early = Just after a call, while the visitor is on the way, Next and Confirm are refused with a beep: call again or mark a no-show

## Appointments
appointments-title = Appointments
appointments-none = No appointments on this day
appointments-in-vain = { $count } booked for a time at which the station is now closed: please let the visitors know
appointments-count = { $booked } booked, { $here } checked in, { $missed } missed
appointments-time = Time
appointments-code = Code
appointments-state = State
appointments-here = Check in
appointments-book = Book for a visitor
appointment-state-booked = expected
appointment-state-checked_in = checked in
appointment-state-late = checked in late
appointment-state-missed = missed
appointment-state-cancelled = cancelled
appointment-in-vain = station closed
front-booking = Booking
front-booking-what = Choose service, day and time, get a code
front-appointments = Appointments today
front-appointments-what = Who comes when, who is here; check visitors in
error-unknown_appointment = There is no such appointment
error-no_appointments = This service takes no appointments
error-slot_full = This time is fully booked
error-slot_too_soon = It is too late to book this time
error-slot_too_far = This time cannot be booked yet
error-unknown_slot = There is no such time to book
error-check_in_too_early = It is too early to check in
error-appointment_missed = The time to check in has passed: give a normal ticket
error-already_checked_in = This appointment has been checked in
error-appointment_cancelled = This appointment was cancelled
error-too_many_tries = Too many tries: wait a minute
## The life of a ticket, and why it was called
console-why = Why this number?
console-rule = How is this order made?
chief-life = What happened to { $number }
chief-life-sub = Every call with its reason
chief-life-time = Time
chief-life-what = What happened
chief-life-who = By whom
chief-life-taken-back = Taken back
life-by-system = System
life-announced = Shown on { $display }
life-ticket_issued = Issued, { $service }, { $class }
life-ticket_issued-offline = Issued by the machine itself, { $service }, { $class }
life-ticket_renumbered = The machine had given out number { $number }, which holds
life-ticket_cancelled = Cancelled
life-ticket_called = Called to counter { $counter }
life-ticket_recalled = Called again to counter { $counter }
life-service_started = Started at counter { $counter }
life-service_finished = Finished at counter { $counter }
life-leg_finished = Matter finished at counter { $counter }, then in line for { $service }, place kept
life-leg_finished-stays = Matter finished, counter { $counter } goes on with { $service }
life-matters_changed = Matters to come: { $services }
life-matters_changed-none = No more matters to come
life-ticket_no_show = Did not come to counter { $counter }
life-ticket_held = On hold: { $reason }
life-ticket_resumed = Resumed at counter { $counter }
life-ticket_transferred = Transferred from counter { $counter } to “{ $service }”
life-ticket_transferred-counter = Transferred from counter { $counter } to counter { $to }, “{ $service }”
life-ticket_handed_over = Handed over from counter { $counter } to counter { $to }
life-ticket_returned = Came back after being missed and waits again
life-ticket_amended = The visitor also comes for { $services }; people: { $count }
life-ticket_amended-alone = The visitor comes for nothing else; people: { $count }
life-ticket_deferred = The visitor let { $count } go first
life-ticket_prioritised = A supervisor put it first: { $reason }
life-ticket_precalled = Counter { $counter } asked the visitor to get ready
life-ticket_corrected = Corrected to “{ $what }”: { $reason }
life-ticket_sent_back = Counter { $counter } sent the visitor back to “{ $service }”
life-rating_invited = Asked for a rating
life-rating_given = Rated { $score }
life-print_reported-printed = Ticket printed
life-print_reported-failed = Ticket did not print
life-print_reported-unknown = Not known whether the ticket printed
life-rating_completed = Said more about the rating
life-identity_verified = Identity checked
life-identity_refused = Identity could not be checked: the number ended
life-ticket_rerouted = Put to “{ $service }”
life-session_checked_in = Checked in for the session
life-session_called = Called with the session, to { $at }
life-session_started = The session began
life-session_started-missed = The session began; had not checked in in time
life-session_started-moved = The session began; was left on the waiting list
life-session_ended = The session ended
life-session_missed = Did not come to the session
life-session_undone = The last step of the session was taken back
life-undone = Counter { $counter } took back its last action
life-day_closed = Business day closed

# Greeter and zones
sheets-title = Print a sheet
sheets-papers = What to bring
sheets-papers-help = The papers a service needs, in Chinese and in the visitor’s language, to take home.
sheets-service = Service
sheets-printer = Printer
sheets-print = Print
sheets-out-of-order = cannot print now
sheets-no-printer = No printer is connected
sheets-day = Figures of today
sheets-day-help = The station, its services and its counters so far.
sheets-day-title = Figures of { $day }
sheets-last = Last sheets
sheets-none = None printed yet
sheets-printing = Printing
sheets-printed = Printed
sheets-failed = Not printed: { $why }
sheets-unknown = Nobody knows whether it was printed: look at the printer

greeter-title = Greeter
greeter-waiting = { $count } waiting
greeter-issue = What it is about
greeter-checked = identity check first
greeter-class = Class
greeter-language = Visitor’s language
greeter-persons = Persons
greeter-overrule = Give it out although a limit stands against it (recorded)
greeter-give = Give out the number
greeter-identity = Waiting for the identity check: { $count }
greeter-identity-none = Nobody waits for the check
greeter-document = Document of { $number }
greeter-verify = Checked
greeter-refuse = Cannot be checked
greeter-reason = Why { $number } cannot be checked
greeter-number = With a number already
greeter-number-label = Number
greeter-return = Missed, and back
greeter-reroute-to = Service it is for
greeter-reroute = Change the service
greeter-unverified = first to the identity check: { $place }
greeter-in-line = { $count } ahead
greeter-cancelled = the number is cancelled
greeter-changed = done
greeter-page = Visitor’s page
greeter-also = as well
greeter-closed = The station is not open now: no numbers are given out
greeter-person = Document number
greeter-person-always = required
greeter-person-when_known = optional
greeter-person-hint = One open number per person. The document number is not kept and not shown again.
greeter-session = Session
greeter-session-next = The next one with a seat
greeter-session-kept = { $count } kept
greeter-by-phone = Reserved by phone (the visitor is not here yet)
greeter-no-reroute = A number of a session cannot change to another service
greeter-did-issue = Number given out
greeter-did-verify = Identity checked
greeter-did-refuse = Identity not checked
greeter-did-return = Back in line
greeter-did-reroute = Service changed
document-national_id = National identity card
document-health_card = Health insurance card
document-resident_certificate = Resident certificate
document-passport = Passport
document-driving_licence = Driving licence
document-other = Another document
front-greeter = Greeter
front-greeter-what = Give out numbers at the entrance, check identities, help with missed numbers.
front-sheets-what = What to bring, figures of today
error-unknown_zone = There is no such zone
error-classes_alike = The classes have no rank or rate of their own that this rule could go by
error-profile_elsewhere = This set of services is for another zone

## Before the identity check
console-verified = Identity checked
unchecked-count = Identity not yet checked { $count }

## The order of the calls, for a day
chief-rules = Order of calls
chief-rules-what = A change holds at once and until the end of the business day; numbers and places stay as they are. The next day begins with the station file’s rule.
chief-rules-station = Whole station
chief-rules-changed = changed for today
chief-rules-other = Rule for the rest of the day
chief-rules-ratio-priority = Calls of the other classes
chief-rules-ratio-regular = then calls of the default class
chief-rules-change = Change for today
chief-rules-plan = Back to the station file’s rule
chief-rules-closed = The rule can be changed while a business day is open.
chief-rules-alike = A greyed rule needs a rank or a rate for the classes in the station file.
chief-rules-shared = { $zone } goes by the same rule as the others and cannot have one of its own: counter { $counter } also helps out across zones ({ $service }).
discipline-head_start = Head start for classes
discipline-fcfs = First come, first served
discipline-strict = Strict order of classes
discipline-accumulating = Points gathered while waiting
discipline-ratio = Classes in turn, by a ratio

# Sessions
sessions-title = Sessions
sessions-none = No sessions are planned today.
session-short = S{ $nth }
sessions-call = Call this session
sessions-call-count = Call this session ({ $count })
sessions-call-more = Call { $count } from the list
sessions-start = Start
sessions-end = End
sessions-undo = Undo
sessions-seated = Seat
sessions-here = Checked in
sessions-missing = Not checked in
sessions-list = Waiting list
sessions-check-in = Check in
sessions-no-show = No-show
sessions-give-up = Cancel
sessions-window = Window
sessions-number = Number
sessions-persons = People
sessions-state = State
sessions-all = Today’s sessions
sessions-figures = Today’s figures
sessions-attended = Seats used
sessions-no-show-share = No-show share
sessions-from-list = Served from the list
sessions-define = Seats used: parties that were there when the visits began. No-show share: parties that did not check in in time or did not come when called, divided by those plus the seats used. Served from the list: parties that stood on a waiting list and had their visit.
sessions-deadline = check-in until { $time }
sessions-phase-planned = not called
sessions-phase-late = late, not called
sessions-phase-called = called
sessions-phase-running = under way
sessions-phase-ended = ended
sessions-empty = Nobody yet.
sessions-seats = { $taken } of { $seats } seats
sessions-waiting-count = { $count } on the list
sessions-done = Had the visit
sessions-in-room = In the room
sessions-called-now = Called
sessions-unverified = Identity to be checked
error-no_sessions = This service has no sessions
error-unknown_session = There is no such session today
error-session_closed = Check-in for this session is over
error-session_too_far = This session cannot be asked for yet
error-session_full = This session and its waiting list are full
error-party_too_large = The party is too large
error-session_ticket = Not possible for a ticket of a session
error-session_earlier_waits = An earlier session still has visitors who were not called
error-session_nobody_to_call = Nobody of this session is left to call
error-session_not_called = Somebody of this session was not called yet
error-session_check_in_open = Check-in is not over yet
error-session_running = Another session is still under way
error-session_started = This session has begun
error-session_not_started = This session has not begun
error-session_over = This session is over
front-sessions-what = Call, begin and end whole sessions; check-in, no-shows, waiting list.

# Ticket layout
admin-ticket = Ticket layout
admin-ticket-hint = This only shows; nothing is kept. When it is right, put the text into the station file and start again.
admin-ticket-paper = Paper
admin-ticket-case = Case
admin-ticket-layout = Layout (TOML)
admin-ticket-show = Show
admin-ticket-wrong = The layout has mistakes. Line and column come first:
admin-ticket-in = Ticket in { $language }
admin-ticket-usual = Usual
admin-ticket-priority = Priority
admin-ticket-appointment = With an appointment
admin-ticket-session = On the list of a session
admin-ticket-matters = Several services, several people
admin-ticket-identity = Identity checked first
admin-ticket-reprint = Reprint

## The guide
guide-tree-title = The guide
guide-tree-help = What visitors are asked who do not know which service they need. It is changed in the station file, section [guide].
guide-tree-none = The station file has no guide
guide-tree-questions = Questions
guide-tree-missing = Missing translations
guide-tree-complete = Every text is there in every language
guide-tree-lacks = lacks { $count } of { $all } texts; visitors read English there
guide-tree-not-in = not in
front-guide = Help me choose
front-guide-what = Questions that lead to the service and its papers
front-guide-tree = The guide
front-guide-tree-what = All questions, and what is not translated
sheets-tick = Tick what is missing
sheets-tick-help = Only what is ticked is printed; nothing ticked: all of it.
