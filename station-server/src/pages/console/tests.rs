//! The console rendered in its states.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use protocol::{
    ClassInfo, CounterInfo, CounterRouting, CounterView, CurrentVisitor, Names, ProfileInfo,
    QueueItem, ServiceInfo, StationInfo, TrailStep, UndoView,
};
use queue_core::{
    Board, BusinessDay, CallId, ClassId, CounterId, CounterState, Explanation, LanguageTag,
    ProfileId, Rejected, Series, ServiceId, StationPlan, StationTime, TicketId, TicketNumber,
    TicketState,
};
use screens::{Language, Texts};

use super::actions::{Blocked, slots};
use super::find_number as find_number_of;
use super::look::{Look, Tab};
use super::render::Desk;
use crate::pages::device_words::Trouble;
use crate::pages::fields::refusal;
use crate::problem::ApiProblem;
use crate::why::Rule;
use crate::writer::SubmitError;

/// 10:24 in Taipei.
const NOW: StationTime = StationTime(1_795_314_240_000);

fn names(zh: &str) -> Names {
    Names(BTreeMap::from([("zh-Hant-TW".to_owned(), zh.to_owned())]))
}

fn both(id: &str, zh: &str) -> Names {
    let mut names = names(zh);
    names.0.insert("en".to_owned(), format!("{id} in English"));
    names
}

fn info() -> StationInfo {
    let service = |id: &str, zh: &str| ServiceInfo {
        identity_check: false,
        sessions: false,
        zone: None,
        id: ServiceId::new(id).unwrap(),
        series: Series::new("A").unwrap(),
        name: both(id, zh),
        short_name: both(id, zh),
        icon: "licence".into(),
        max_persons: 1,
        only_step: false,
        together: false,
        wait_standard_s: 900,
        documents: vec![names("護照 <正本>")],
    };
    StationInfo {
        identity_desk: None,
        guide: None,
        zones: vec![],
        name: names("示範 & 站"),
        timezone: "Asia/Taipei".into(),
        hours: ("08:00".into(), "17:00".into()),
        phone: String::new(),
        public_url: String::new(),
        services: vec![service("licence", "居留證"), service("enquiry", "諮詢")],
        counters: ["3", "4"]
            .map(|id| CounterInfo {
                zone: None,
                id: CounterId::new(id).unwrap(),
                skills: vec![ServiceId::new("licence").unwrap()],
                direction: String::new(),
            })
            .to_vec(),
        announcements: vec![],
        appointments: None,
        classes: vec![ClassInfo {
            id: ClassId::new("priority").unwrap(),
            name: both("priority", "優先"),
        }],
    }
}

fn item(number: &str, id: u128, waited_min: i64) -> QueueItem {
    QueueItem {
        ticket: TicketId(id),
        number: number.parse().unwrap(),
        service: ServiceId::new("licence").unwrap(),
        class: ClassId::new("regular").unwrap(),
        language: Some(LanguageTag::new("vi").unwrap()),
        issued_at: NOW.plus_ms(-waited_min * 60_000),
        slot: None,
        directed: false,
        helping: false,
        get_ready: false,
        may_return: false,
        wait_standard_s: Some(900),
        note: String::new(),
        room: None,
        place: None,
        persons: 1,
    }
}

fn visitor(state: TicketState) -> CurrentVisitor {
    let serving = state == TicketState::Serving;
    CurrentVisitor {
        ticket: TicketId(47),
        number: "A047".parse().unwrap(),
        service: ServiceId::new("licence").unwrap(),
        class: ClassId::new("priority").unwrap(),
        language: Some(LanguageTag::new("vi").unwrap()),
        state,
        channel: ServiceId::new("kiosk").unwrap(),
        issued_at: NOW.plus_ms(-21 * 60_000),
        slot: None,
        first_called_at: Some(NOW.plus_ms(-225_000)),
        called_at: Some(NOW.plus_ms(-225_000)),
        call: Some(CallId(9)),
        started_at: serving.then(|| NOW.plus_ms(-205_000)),
        calls: 1,
        announced_by: vec!["D1".into(), "D2".into()],
        trail: vec![TrailStep {
            at: NOW.plus_ms(-21 * 60_000),
            what: "issued".into(),
            count: 1,
            leg: None,
        }],
        why: None,
        sent_from: None,
        rating_invited: false,
        then: vec![],
        stays: false,
        persons: 1,
        usual_handling_s: serving.then_some((300, 540)),
    }
}

fn view(state: CounterState, current: Option<CurrentVisitor>) -> CounterView {
    let waiting = vec![item("A048", 48, 18), item("C010", 10, 3)];
    CounterView {
        seq: 1,
        at: NOW,
        counter: CounterId::new("3").unwrap(),
        day: Some("2026-11-22".parse::<BusinessDay>().unwrap()),
        state,
        since: NOW,
        staff: None,
        current,
        next: waiting.first().cloned(),
        waiting_count: waiting.len(),
        waiting,
        unverified: None,
        held: vec![QueueItem {
            note: "<b>photo".into(),
            ..item("A030", 30, 40)
        }],
        no_show: vec![item("A010", 11, 60)],
        station_waiting: 32,
        oldest_waiting_since: Some(NOW.plus_ms(-24 * 60_000)),
        undo: None,
        asking: None,
        asking_number: None,
        asking_language: None,
        served_today: 23,
        mean_handling_s: Some(370),
        troubles: vec![],
        routing: CounterRouting::default(),
        refused_press: None,
    }
}

fn shown(view: &CounterView, look: &Look) -> String {
    shown_with(view, look, &[])
}

fn shown_with(view: &CounterView, look: &Look, troubles: &[Trouble]) -> String {
    shown_in(&info(), view, look, troubles)
}

fn shown_in(info: &StationInfo, view: &CounterView, look: &Look, troubles: &[Trouble]) -> String {
    let board = Board {
        waiting: 0,
        seq: 1,
        at: NOW,
        day: view.day,
        ended: None,
        services: vec![],
        counters: vec![],
        sessions: vec![],
        calls: vec![],
        hours: None,
    };
    let desk = Desk {
        troubles,
        info,
        profiles: &[ProfileInfo {
            id: ProfileId::new("rush").unwrap(),
            name: names("領件尖峰"),
        }],
        view,
        board: &board,
        zone: &TimeZone::get("Asia/Taipei").unwrap(),
        look,
        picked: None,
        key: "key-1",
        staff_name: Some("林怡君 <x>"),
        own_name: None,
        may_take_over: false,
        storage_fault: false,
        rule: &Rule::of(&StationPlan::default(), info),
    };
    desk.page().into_string()
}

fn assert_has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "no {part} in\n{page}");
    }
}

#[test]
fn a_visitor_being_served_has_six_slots_and_a_clock() {
    let page = shown(
        &view(CounterState::Open, Some(visitor(TicketState::Serving))),
        &Look::default(),
    );
    assert_has(
        &page,
        &[
            "A047",
            "完成並叫下一位",
            "服務中不可用",
            "Tiếng Việt",
            "越南語",
            "優先",
            "03:25",
            "5–9 分",
            "取號機",
            "今日完成 <b>23</b>",
            "06:10",
            "action=\"/console/3/finish-and-next\"",
            &format!("name=\"ticket\" value=\"{}\"", TicketId(47)),
            "name=\"key\" value=\"key-1\"",
            "data-keys=\"Shift+F9\"",
        ],
    );
    // The six slots, the request for a rating, adding a matter: each says which visitor it means.
    assert_eq!(
        page.matches(&format!("name=\"ticket\" value=\"{}\"", TicketId(47)))
            .count(),
        8
    );
}

#[test]
fn an_appointment_is_marked_with_its_time_in_its_row_and_at_the_counter() {
    // 10:30 in Taipei.
    let slot = Some(NOW.plus_ms(6 * 60_000));
    let called = CurrentVisitor {
        slot,
        ..visitor(TicketState::Called)
    };
    let mut view = view(CounterState::Open, Some(called));
    view.waiting[1].slot = slot;
    let page = shown(&view, &Look::default());
    assert_eq!(page.matches("預約 10:30").count(), 2, "{page}");
    let english = Look {
        lang: "en".into(),
        ..Look::default()
    };
    assert_eq!(shown(&view, &english).matches("Booked 10:30").count(), 2);
}

#[test]
fn a_hold_can_name_a_room_which_the_list_of_the_held_shows() {
    let mut view = view(CounterState::Open, Some(visitor(TicketState::Serving)));
    let held = |number, id, room: &str| QueueItem {
        room: Some(room.into()),
        ..item(number, id, 40)
    };
    view.held = vec![
        held("A030", 30, "<2F 拍照室>"),
        held("A031", 31, "<2F 拍照室>"),
    ];
    let page = shown(&view, &Look::default());
    assert_has(&page, &["name=\"room\"", "list=\"hold-rooms\"", "等候地點"]);
    let offered = "<option value=\"&lt;2F 拍照室&gt;\">";
    assert_eq!(page.matches(offered).count(), 1, "each room once");
    let held = Look::default().with_tab(Tab::Held);
    let page = shown(&view, &held);
    assert_eq!(page.matches("<span class=\"room\">").count(), 2);
    // What is typed for one visitor is not sent for another.
    assert_has(&page, &[&format!("id=\"hold-room-{}\"", TicketId(47))]);
}

#[test]
fn what_is_to_come_is_said_and_can_be_changed() {
    let then = ["card", "stay"].map(|id| ServiceId::new(id).unwrap());
    let mut visitor = CurrentVisitor {
        then: then.to_vec(),
        stays: true,
        persons: 3,
        ..visitor(TicketState::Serving)
    };
    let page = shown(
        &view(CounterState::Open, Some(visitor.clone())),
        &Look::default(),
    );
    assert_has(
        &page,
        &[
            "接著辦card",
            "接著在這裡辦：card",
            "3 人",
            "value=\"stay,card\"",
            "value=\"stay\"",
        ],
    );
    visitor.stays = false;
    let page = shown(&view(CounterState::Open, Some(visitor)), &Look::default());
    assert_has(&page, &["完成並叫下一位", "完成後改排：card"]);
}

/// The list of what may be added for a visitor.
fn addable(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("id=\"matters-add\"")?;
    rest.split("</select>").next()
}

#[test]
fn nothing_is_offered_twice_for_one_visit_and_no_session_for_a_line() {
    let open = |visitor| view(CounterState::Open, Some(visitor));
    let mut info = info();
    let page = shown_in(
        &info,
        &open(visitor(TicketState::Serving)),
        &Look::default(),
        &[],
    );
    let offered = addable(&page).expect("something can be added");
    assert!(!offered.contains("居留證"), "the present service");
    assert!(offered.contains("諮詢"));
    let then = CurrentVisitor {
        then: vec![ServiceId::new("enquiry").unwrap()],
        ..visitor(TicketState::Serving)
    };
    assert_eq!(
        addable(&shown(&open(then), &Look::default())),
        None,
        "nothing is left"
    );
    info.services[1].sessions = true;
    let page = shown_in(
        &info,
        &open(visitor(TicketState::Serving)),
        &Look::default(),
        &[],
    );
    assert_eq!(addable(&page), None);
}

#[test]
fn the_menu_switches_services_and_automatic_calls() {
    let mut view = view(CounterState::Open, None);
    let page = shown(&view, &Look::default());
    assert_has(
        &page,
        &[
            "action=\"/console/3/auto-call\"",
            "name=\"on\" value=\"true\" aria-pressed=\"false\"",
            "action=\"/console/3/profile\"",
            "name=\"profile\" value=\"\" aria-pressed=\"true\"",
            "name=\"profile\" value=\"rush\" aria-pressed=\"false\"",
            "領件尖峰",
        ],
    );
    assert!(!page.contains("class=\"auto\""));
    view.routing = CounterRouting {
        profile: ProfileId::new("rush").ok(),
        auto_call: true,
        auto_call_at: Some(NOW.plus_ms(7_000)),
        next_stored: false,
    };
    view.waiting[1].helping = true;
    let page = shown(&view, &Look::default());
    assert_has(
        &page,
        &[
            "name=\"on\" value=\"false\" aria-pressed=\"true\"",
            "name=\"profile\" value=\"rush\" aria-pressed=\"true\"",
            "自動叫下一位，還有",
            "支援",
        ],
    );
    view.routing.auto_call_at = None;
    assert_has(&shown(&view, &Look::default()), &["已收回叫號"]);
}

#[test]
fn with_nobody_to_be_called_the_next_can_be_asked_for_and_that_taken_back() {
    let mut view = view(CounterState::Open, None);
    assert!(!shown(&view, &Look::default()).contains("do-store-next"));
    view.next = None;
    let page = shown(&view, &Look::default());
    let asks = "id=\"do-store-next\" class=\"bt pri\" name=\"on\" value=\"true\" data-keys=\"F2 NumpadEnter\"";
    assert_has(&page, &["action=\"/console/3/store-next\"", asks]);
    view.routing.auto_call_at = Some(NOW);
    let page = shown(&view, &Look::default());
    assert!(!page.contains("do-store-next"), "it calls by itself anyway");
    view.routing.next_stored = true;
    let page = shown(&view, &Look::default());
    assert_has(
        &page,
        &[
            "等下一位",
            "id=\"do-forget-next\" class=\"bt\" name=\"on\" value=\"false\"",
        ],
    );
    assert!(!page.contains("do-store-next"));
}

#[test]
fn what_people_wrote_is_escaped() {
    let held = Look {
        tab: Tab::Held,
        ..Look::default()
    };
    let page = shown(
        &view(CounterState::Open, Some(visitor(TicketState::Serving))),
        &held,
    );
    assert_has(
        &page,
        &[
            "&lt;b&gt;photo",
            "示範 &amp; 站",
            "林怡君 &lt;x&gt;",
            "護照 &lt;正本&gt;",
        ],
    );
    for bad in ["<b>photo", "林怡君 <x>", "<正本>"] {
        assert!(!page.contains(bad), "{bad}");
    }
}

#[test]
fn a_called_visitor_may_be_started_and_shows_its_boards() {
    let page = shown(
        &view(CounterState::Open, Some(visitor(TicketState::Called))),
        &Look::default(),
    );
    assert_has(
        &page,
        &[
            "已到櫃，開始",
            "action=\"/console/3/start\"",
            "已顯示於 2 個看板",
            "再叫 1 次後可用",
            "叫號 1 次",
        ],
    );
    assert!(!page.contains("action=\"/console/3/finish-and-next\""));
}

#[test]
fn a_free_console_says_a_wait_once_and_each_list_has_its_own_words() {
    let idle = view(CounterState::Open, None);
    let page = shown(&idle, &Look::default());
    let since = format!(
        "data-since-min data-ms=\"{}\">18<",
        idle.waiting[0].issued_at.0
    );
    assert_eq!(
        page.matches(&since).count(),
        2,
        "the same, kept by the same clock: {page}"
    );
    let empty = CounterView {
        held: vec![],
        no_show: vec![],
        ..idle
    };
    for (tab, words) in [
        (Tab::Held, "沒有保留的號碼"),
        (Tab::NoShow, "沒有未到的號碼"),
    ] {
        let look = Look {
            tab,
            ..Look::default()
        };
        assert_has(&shown(&empty, &look), &[words]);
    }
}

#[test]
fn a_service_without_papers_has_no_box_for_them_and_a_call_is_no_service() {
    let called = visitor(TicketState::Called);
    let mut info = info();
    info.services[0].documents.clear();
    let page = shown_in(
        &info,
        &view(CounterState::Open, Some(called)),
        &Look::default(),
        &[],
    );
    assert!(!page.contains("應備文件"), "{page}");
    assert_has(&page, &["<span>叫號中"]);
    assert!(!page.contains("服務中<"), "{page}");
}

#[test]
fn a_no_show_key_pressed_too_early_says_what_it_would_do() {
    let early = CurrentVisitor {
        calls: 2,
        called_at: Some(NOW),
        ..visitor(TicketState::Called)
    };
    let page = shown(&view(CounterState::Open, Some(early)), &Look::default());
    assert_has(&page, &["data-why=\"61 秒後才可標示未到\""]);
}

#[test]
fn a_no_show_opens_after_two_calls_and_a_minute() {
    let no_show = |calls: u32, ago_ms: i64| {
        let visitor = CurrentVisitor {
            calls,
            called_at: Some(NOW.plus_ms(-ago_ms)),
            ..visitor(TicketState::Called)
        };
        slots(&visitor, NOW)[5].blocked
    };
    assert_eq!(no_show(1, 90_000), Some(Blocked::Calls(1)));
    assert_eq!(no_show(2, 59_000), Some(Blocked::Until(NOW.plus_ms(1_000))));
    assert_eq!(no_show(2, 60_000), None);
    assert_eq!(
        slots(&visitor(TicketState::Serving), NOW)[5].blocked,
        Some(Blocked::Serving)
    );
}

#[test]
fn the_slots_keep_their_places() {
    let actions = |state| slots(&visitor(state), NOW).map(|slot| slot.action);
    assert_eq!(
        actions(TicketState::Serving),
        [
            "finish-and-next",
            "finish",
            "recall",
            "hold",
            "transfer",
            "no-show"
        ]
    );
    assert_eq!(
        actions(TicketState::Called),
        ["start", "finish", "recall", "hold", "transfer", "no-show"]
    );
}

#[test]
fn a_free_counter_names_whom_it_will_call() {
    let page = shown(&view(CounterState::Open, None), &Look::default());
    assert_has(
        &page,
        &[
            "叫下一位 A048",
            "已等候 <span data-since-min",
            "您的佇列還有 2 位",
            "class=\"w over\"",
            "超過上限",
        ],
    );
    let nobody = CounterView {
        next: None,
        waiting: vec![],
        waiting_count: 0,
        ..view(CounterState::Open, None)
    };
    let page = shown(&nobody, &Look::default());
    assert_has(&page, &["沒有等候的民眾", "全站 <b>32</b>"]);
    assert!(!page.contains("action=\"/console/3/call-next\""));
}

#[test]
fn who_is_not_yet_checked_is_counted_where_the_counter_has_such_services() {
    let plain = shown(&view(CounterState::Open, None), &Look::default());
    assert!(!plain.contains("身分未核對"), "{plain}");
    let checks = CounterView {
        unverified: Some(2),
        ..view(CounterState::Open, None)
    };
    let page = shown(&checks, &Look::default());
    assert_eq!(page.matches("身分未核對 2").count(), 1, "{page}");
    // Who has nobody to call learns that somebody is on the way.
    let nobody = CounterView {
        next: None,
        waiting: vec![],
        waiting_count: 0,
        ..checks
    };
    let page = shown(&nobody, &Look::default());
    assert_eq!(page.matches("身分未核對 2").count(), 2, "{page}");
}

#[test]
fn a_counter_that_rests_offers_to_go_on() {
    let reason = "lunch".to_owned();
    let paused = CounterState::Paused {
        reason,
        until: Some(NOW.plus_ms(21 * 60_000)),
    };
    assert_has(
        &shown(&view(paused, None), &Look::default()),
        &["暫停，10:45 回來", "午休", "恢復服務"],
    );
    let typed = CounterState::Paused {
        reason: "<i>tea".into(),
        until: None,
    };
    assert_has(
        &shown(&view(typed, None), &Look::default()),
        &["&lt;i&gt;tea"],
    );
    let at_keypad = CounterState::Paused {
        reason: "pause".into(),
        until: None,
    };
    let page = shown(&view(at_keypad, None), &Look::default());
    assert_has(&page, &["由按鍵盤暫停"]);
    assert!(!page.contains("<p>pause</p>"), "{page}");
    assert_has(
        &shown(&view(CounterState::Closed, None), &Look::default()),
        &["開始服務", "action=\"/console/3/open\""],
    );
    let night = CounterView {
        day: None,
        ..view(CounterState::Open, None)
    };
    assert_has(&shown(&night, &Look::default()), &["今日已結束營業"]);
}

#[test]
fn the_last_action_can_be_taken_back_for_a_while() {
    let undo = UndoView {
        what: "finished".into(),
        number: "A046".parse().unwrap(),
        until: NOW.plus_ms(8_000),
    };
    let view = CounterView {
        undo: Some(undo),
        ..view(CounterState::Open, None)
    };
    assert_has(
        &shown(&view, &Look::default()),
        &[
            "A046 已完成",
            "action=\"/console/3/undo\"",
            "data-clock=\"until\"",
            ">8</span>",
        ],
    );
}

#[test]
fn troubles_and_refusals_are_said() {
    let look = |refused: &str| Look {
        refused: refused.into(),
        ..Look::default()
    };
    let trouble = Trouble::Devices {
        agent: "D1".into(),
        status: "paper_out".into(),
        detail: String::new(),
        given: std::collections::BTreeMap::new(),
        names: vec!["<K1> printer".into()],
        tickets_left: None,
    };
    let free = view(CounterState::Open, None);
    assert_has(
        &shown_with(&free, &look("counter_busy"), &[trouble]),
        &["請檢查：&lt;K1&gt; 印表機：沒有紙", "請先完成目前的號碼"],
    );
    let page = shown(&free, &look("<script>"));
    assert_has(&page, &["系統發生錯誤", "設備正常"]);
    assert!(!page.contains("<script>"));
}

#[test]
fn the_console_speaks_english_where_the_address_says_so() {
    let look: Look = serde_json::from_str(r#"{"lang":"en","theme":"hc"}"#).unwrap();
    let page = shown(
        &view(CounterState::Open, Some(visitor(TicketState::Serving))),
        &look,
    );
    assert_has(
        &page,
        &[
            "<html lang=\"en\"",
            "Finish and call next",
            "Vietnamese",
            "licence in English",
            "action=\"/console/3/finish-and-next?lang=en&amp;theme=hc\"",
            "href=\"/console/3?tab=held&amp;lang=en&amp;theme=hc\"",
            "action=\"/logout?lang=en&amp;theme=hc\"",
            "href=\"/console/3?theme=hc&amp;lang=zh-Hant-TW\"",
        ],
    );
    for chinese in ["居留證", "完成", "等候", "、", "，", "："] {
        assert!(!page.contains(chinese), "{chinese} in\n{page}");
    }
    assert_eq!(
        look.address("3", Some("counter_busy")),
        "/console/3?refused=counter_busy&lang=en&theme=hc"
    );
}

#[test]
fn the_look_stays_in_every_address() {
    let look: Look =
        serde_json::from_str(r#"{"tab":"no-show","mode":"dock","theme":"dark","refused":"x"}"#)
            .unwrap();
    assert_eq!(
        look.address("3", None),
        "/console/3?tab=no-show&mode=dock&theme=dark"
    );
    assert_eq!(
        look.with_tab(Tab::Waiting)
            .address("3", Some("counter_busy")),
        "/console/3?mode=dock&refused=counter_busy&theme=dark"
    );
    let page = shown(&view(CounterState::Open, None), &look);
    assert_has(
        &page,
        &[
            "data-theme=\"dark\"",
            "data-mode=\"dock\"",
            "action=\"/console/3/call-next?tab=no-show&amp;mode=dock&amp;theme=dark\"",
        ],
    );
}

fn find_number(text: &str, view: &CounterView) -> Result<TicketNumber, ApiProblem> {
    find_number_of(text, view, std::iter::empty())
}

#[test]
fn digits_alone_find_the_only_number_that_has_them() {
    let mut view = view(CounterState::Open, None);
    assert_eq!(find_number("48", &view).unwrap().to_string(), "A048");
    assert_eq!(find_number("c10", &view).unwrap().to_string(), "C010");
    assert_eq!(
        find_number("10", &view).unwrap_err().code,
        "ambiguous_number"
    );
    assert_eq!(find_number("99", &view).unwrap_err().code, "unknown_ticket");
    assert_eq!(find_number("x", &view).unwrap_err().code, "unknown_ticket");
    view.no_show.clear();
    assert_eq!(find_number("10", &view).unwrap().to_string(), "C010");
}

#[test]
fn digits_of_a_ticket_outside_the_counters_lists_find_it_unless_the_lists_have_one() {
    let view = view(CounterState::Open, None);
    let day: Vec<TicketNumber> = ["X077", "X048", "X099", "Y099"]
        .map(|number| number.parse().unwrap())
        .to_vec();
    let found = |text: &str| find_number_of(text, &view, day.iter());
    assert_eq!(found("77").unwrap().to_string(), "X077");
    assert_eq!(found("48").unwrap().to_string(), "A048");
    assert_eq!(found("99").unwrap_err().code, "ambiguous_number");
    assert_eq!(found("5").unwrap_err().code, "unknown_ticket");
}

#[test]
fn every_refusal_of_a_call_has_words_of_its_own() {
    let rules = [
        Rejected::UnknownTicket,
        Rejected::UnknownCounter,
        Rejected::UnknownProfile,
        Rejected::SkillMissing,
        Rejected::WrongState(TicketState::Serving),
        Rejected::CounterBusy,
        Rejected::CounterClosed,
        Rejected::CounterPaused,
        Rejected::StaffElsewhere(CounterId::new("2").unwrap()),
        Rejected::NobodyWaiting,
        Rejected::NobodyHeld,
        Rejected::DayClosed,
        Rejected::StaleView,
        Rejected::NotCalled,
        Rejected::CounterIdle,
        Rejected::TransferNowhere,
        Rejected::UndoExpired,
        Rejected::UndoOvertaken,
        Rejected::UndoNothing,
        Rejected::IdempotencyKeyReused,
    ]
    .map(|rule| rule.code());
    let ways = [
        SubmitError::StorageFault(String::new()),
        SubmitError::Busy,
        SubmitError::Stopped,
    ]
    .map(|fault| ApiProblem::from(fault).code);
    let others = ["ambiguous_number", "invalid_request", "unknown_action"];
    let denied = ["unauthorized", "forbidden"];
    for language in Language::STAFF {
        let mut said = std::collections::BTreeSet::new();
        for code in rules.iter().chain(&ways).chain(&others).chain(&denied) {
            let words = refusal(Texts::of(language), code);
            assert_ne!(words, refusal(Texts::of(language), "internal"), "{code}");
            assert!(said.insert(words.clone()), "{code}: {words}");
            let look = Look {
                refused: (*code).into(),
                lang: language.tag().into(),
                ..Look::default()
            };
            let page = shown(&view(CounterState::Open, None), &look);
            let notice = page.split("id=\"notice\"").nth(1).unwrap();
            let notice = notice.split("</div>").next().unwrap();
            assert!(
                notice.contains(&words.replace('\'', "&#39;")) || notice.contains(words.as_ref()),
                "{notice}"
            );
        }
    }
}

#[test]
fn why_this_visitor_and_how_the_list_is_ordered_are_there_at_a_touch() {
    let visitor = CurrentVisitor {
        why: Some(Explanation::Turn {
            class: ClassId::new("priority").unwrap(),
            priority: 2,
            regular: 1,
        }),
        ..visitor(TicketState::Called)
    };
    let page = shown(&view(CounterState::Open, Some(visitor)), &Look::default());
    assert_has(
        &page,
        &[
            "<details id=\"why\"",
            "為什麼叫這一號？",
            "這次輪到優先號，所以先叫 A047。",
            "<details id=\"order\"",
            "叫號規則：依取號先後。",
        ],
    );
    let unknown = shown(
        &view(CounterState::Open, Some(self::visitor(TicketState::Called))),
        &Look::default(),
    );
    assert!(!unknown.contains("id=\"why\""), "nothing is stored");
}
