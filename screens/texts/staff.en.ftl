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
action-start = Here, start
action-recall = Recall
action-hold = Hold
action-resume = Take back
action-transfer = Transfer…
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
console-waited-for = Waited { $minutes } min
console-in-queue = { $count } in your queue
console-usual = Usual for this service
console-usual-range = { $low }–{ $high } min
console-called-times = { $count ->
    [one] Called once
   *[other] Called { $count } times
}
console-trail = Trail
console-priority = Priority
console-over-limit = Over the limit
console-nobody = Nobody is waiting
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
console-screens = Shown on { $shown }/{ $all } screens
console-devices-ok = Devices are well
console-device-lost = { $device } is offline
console-paper-out = { $device } is out of paper
console-storage-fault = Storage fault: no tickets, no calls. Tell the administrator
console-lost = Disconnected, data from { $time }
console-unstaffed = Log in and open a counter first

## Console: pause and hold reasons
pause-break = Break
pause-lunch = Lunch
pause-meeting = Meeting
pause-paperwork = Paperwork
pause-system = System problem
pause-other = Other
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
toast-transferred = { $number } transferred to { $service }
toast-cancelled = { $number } cancelled
toast-called = { $number } called
toast-recalled = { $number }, call { $count }
toast-undone = Undone
toast-opened = Counter { $counter } is open
toast-paused = Counter { $counter } is paused
toast-closed = Counter { $counter } is closed
toast-rating-asked = Visitor asked to rate

## Errors, by the code of the rejection
error-unknown_service = There is no such service
error-unknown_counter = There is no such counter
error-unknown_ticket = There is no such ticket
error-service_closed = This service is closed for today
error-counter_closed = The counter is closed. Open it first
error-counter_open = The counter is already open
error-counter_paused = The counter is paused. Resume first
error-counter_busy = Finish the current ticket first
error-counter_idle = The counter has no current ticket
error-nobody_waiting = Nobody is waiting
error-wrong_state = The ticket is not in a state for this
error-not_called = The ticket has not been called
error-not_serving = The ticket is not being served
error-skill_missing = This counter does not offer that service
error-day_closed = The business day is closed
error-day_already_open = The business day is already open
error-undo_expired = Too late to undo
error-undo_nothing = There is nothing to undo
error-already_rated = This ticket has already been rated
error-ticket_not_rateable = This ticket cannot be rated now
error-stale_view = Your screen was out of date. Look again and repeat
error-too_early_no_show = A no-show needs enough calls and enough time first
error-unknown_class = There is no such ticket class
error-day_in_past = This business day is over
error-transfer_nowhere = Choose a service or a counter to transfer to
error-bad_score = A score is a whole number from 1 to 5
error-text_too_long = A text is too long
error-bad_plan = The configuration has a mistake and cannot be used
error-plan_in_use = Visitors still use a service or counter that would be removed
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
error-internal = Something went wrong and has been logged

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
chief-unknown = Unknown

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
figure-ratings = Ratings
figure-invited = Invited
figure-response-rate = Response rate
figure-rating-mean = Mean score
figure-interval = 95% interval { $low }–{ $high }

## Chief: definitions of the figures
define-wait = From issue to the first call. Every ticket ever called counts.
define-wait-last = From issue to the last call.
define-walk = From the last call to the start of service.
define-handling = From the start of service to its end, without time on hold.
define-stay = From issue to the end of service.
define-within-standard = Share of tickets whose waiting time is within the standard, among all tickets ever called.
define-quantile = Quantiles interpolate linearly between neighbours (type 7).
define-no-show-rate = Tickets that did not come when called, among all tickets ever called.
define-abandoned-rate = Tickets that left before a call, among all tickets issued.
define-throughput = Tickets served, divided by the hours that counters were open.
define-occupancy = Handling time as a share of the time that counters were open.
define-top2 = Share of “very good” and “good” answers, with the 95% Wilson interval.
define-response-rate = Ratings received, among tickets invited to rate.
define-attribution = A ticket belongs to the day and hour of its issue, in the station's time zone.

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
bench-power-off = Power off
bench-unplug = Unplug
bench-frames = Bytes on the line
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
front-for-makers = Makers
front-credentials = Demo credentials
front-people = Simulated visitors and staff are using this station
front-counter = Counter { $counter }
login-title = Log in
login-user = User
login-password = Password
login-pin = PIN
login-button = Log in
login-failed = User or password is wrong
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
