//! How the front page looks: everything in Chinese and English.

use maud::{Markup, html};
use protocol::StationInfo;
use queue_core::Board;
use screens::{Icon, Language, PageHead, Texts, bi, icon, page, t};

use super::agents::AgentPages;
use crate::access::{Role, StaffMember, encode};
use crate::demo::{Demo, PIN, TOKENS};
use crate::pages::login::role_name;

/// How often the page comes anew where there is no script, seconds.
const NOSCRIPT_S: u32 = 30;

/// What the front page shows.
pub(super) struct Front<'a> {
    pub(super) info: &'a StationInfo,
    pub(super) board: Board,
    pub(super) agents: AgentPages,
    pub(super) demo: Option<&'a Demo>,
    pub(super) staff: &'a [StaffMember],
    pub(super) newest: Option<NewestTicket>,
}

/// A ticket whose page the demo shows.
pub(super) struct NewestTicket {
    pub(super) number: String,
    pub(super) href: String,
}

/// A text in Chinese with the English one beside it.
macro_rules! both {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        bi(
            (Language::ZhHantTw, &t!(Texts::of(Language::ZhHantTw), $key $(, $name = $value)*)),
            (Language::En, &t!(Texts::of(Language::En), $key $(, $name = $value)*)),
        )
    };
}

impl Front<'_> {
    /// The whole page.
    pub(super) fn page(&self) -> Markup {
        let css = [super::super::asset("front.css")];
        let js = [super::super::asset("front.js")];
        let head = PageHead {
            css: &css,
            js: &js,
            noscript_refresh_s: Some(NOSCRIPT_S),
            body_class: "fr",
            ..PageHead::new(Language::ZhHantTw, self.info.name.zh())
        };
        page(
            &head,
            html! {
                header class="top" {
                    h1 { (bi((Language::ZhHantTw, self.info.name.zh()), (Language::En, self.info.name.get("en")))) }
                    p class="what" {
                        (bi(
                            (Language::ZhHantTw, &whose(Language::ZhHantTw, self.info)),
                            (Language::En, &whose(Language::En, self.info)),
                        ))
                        (both!("front-what"))
                    }
                }
                main id="app" {
                    (self.waits())
                    (self.screens())
                    @if self.demo.is_some() { (self.try_it()) (self.credentials()) }
                }
            },
        )
    }

    /// No business day, or outside the hours with nobody left.
    fn is_closed(&self) -> bool {
        let nobody = self.board.present() == 0;
        self.board.day.is_none() || self.board.is_outside_hours() && nobody
    }

    fn waits(&self) -> Markup {
        let waiting = self.board.present();
        html! {
            section class="waits" id="waits" data-part aria-live="off" {
                @if self.is_closed() {
                    p class="closed" { (icon(Icon::Clock)) (both!("front-day-closed")) }
                } @else {
                    p class="all" { (both!("front-waiting-now")) b class="num" { (waiting) } }
                    ul {
                        @for info in &self.info.services {
                            @let live = self.board.services.iter().find(|s| s.id == info.id);
                            li {
                                span class="k" { (info.series) }
                                (bi((Language::ZhHantTw, info.short_name.zh()), (Language::En, info.short_name.get("en"))))
                                b class="num" { (live.map_or(0, |s| s.present())) }
                            }
                        }
                    }
                }
                @if self.demo.is_some_and(|demo| demo.people_speed.is_some()) {
                    p class="people" { (icon(Icon::Users)) (both!("front-people")) }
                }
                @if let Some(times) = self.demo.and_then(Demo::hurry) {
                    p class="people" { (icon(Icon::Clock)) (both!("demo-hurry", times = times)) }
                }
            }
        }
    }

    fn screens(&self) -> Markup {
        html! {
            div class="groups" id="screens" data-part {
                section {
                    h2 { (both!("front-for-visitors")) }
                    div class="cards" {
                        (card(Icon::Printer, both!("front-kiosk"), both!("front-kiosk-what"), self.kiosk()))
                        (card(Icon::Megaphone, both!("front-hall"), both!("front-hall-what"), self.hall()))
                        (card(Icon::Desk, both!("front-display"), both!("front-display-what"), self.counter_displays()))
                        (card(Icon::Phone, both!("front-phone"), both!("front-phone-what"), self.phone()))
                        @if self.info.appointments.as_ref().is_some_and(|o| o.book_on_the_web) {
                            (card(Icon::Calendar, both!("front-booking"), both!("front-booking-what"), open("/book")))
                        }
                        @if self.info.guide.is_some() {
                            (card(Icon::Ask, both!("front-guide"), both!("front-guide-what"), open("/guide")))
                        }
                    }
                }
                section {
                    h2 { (both!("front-for-staff")) }
                    div class="cards" {
                        (card(Icon::Keyboard, both!("front-console"), both!("front-console-what"), self.counters("/console/")))
                        (card(Icon::Users, both!("front-greeter"), both!("front-greeter-what"), self.enter(Role::Greeter, "/greeter")))
                        (card(Icon::Printer, both!("sheets-title"), both!("front-sheets-what"), self.enter(Role::Greeter, "/sheets")))
                        @if self.info.appointments.is_some() {
                            (card(Icon::Calendar, both!("front-appointments"), both!("front-appointments-what"), self.enter(Role::Greeter, "/appointments")))
                        }
                        @if self.info.services.iter().any(|service| service.sessions) {
                            (card(Icon::Seat, both!("sessions-title"), both!("front-sessions-what"), self.enter(Role::Greeter, "/sessions")))
                        }
                        (card(Icon::Star, both!("front-rating"), both!("front-rating-what"), self.counters("/rating/")))
                        (card(Icon::Grid, both!("front-chief"), both!("front-chief-what"), self.enter(Role::Chief, "/chief")))
                        (card(Icon::Chart, both!("front-history"), both!("front-history-what"), self.enter(Role::Chief, "/chief/history")))
                    }
                }
                section {
                    h2 { (both!("front-for-makers")) }
                    div class="cards" {
                        (card(
                            Icon::Keyboard,
                            both!("front-devices"),
                            both!("front-devices-what"),
                            self.enter(Role::Administrator, "/admin/devices"),
                        ))
                        @if self.info.guide.is_some() {
                            (card(
                                Icon::Ask,
                                both!("front-guide-tree"),
                                both!("front-guide-tree-what"),
                                self.enter(Role::Administrator, "/admin/guide"),
                            ))
                        }
                        @if self.demo.is_some() {
                            (card(Icon::Gear, both!("front-bench"), both!("front-bench-what"), open("/bench")))
                        }
                        (card(Icon::Document, both!("front-api"), html! { "OpenAPI" }, open("/api/v1/openapi.json")))
                    }
                }
            }
        }
    }

    fn kiosk(&self) -> Markup {
        match self.agents.kiosk {
            Some(_) => open("/kiosk"),
            None if self.demo.is_some() => away(both!("demo-kiosk-missing")),
            None => away(both!("front-kiosk-missing")),
        }
    }

    fn hall(&self) -> Markup {
        let zones = &self.info.zones;
        match self.agents.display {
            Some(_) if zones.is_empty() => open("/hall"),
            Some(_) => html! {
                ul class="zones" {
                    @if self.agents.shows_all { li { (open("/hall")) } }
                    @for zone in zones.iter().filter(|zone| self.agents.of_zones.contains_key(&zone.id)) {
                        li {
                            a class="go" href={ "/hall?zone=" (encode(zone.id.as_str())) } {
                                (bi((Language::ZhHantTw, zone.name.zh()), (Language::En, zone.name.get("en"))))
                            }
                        }
                    }
                }
            },
            None if self.demo.is_some() => away(both!("demo-display-missing")),
            None => away(both!("front-display-missing")),
        }
    }

    fn counter_displays(&self) -> Markup {
        if self.agents.display.is_none() {
            return self.hall();
        }
        html! {
            ul class="nums" {
                @for counter in &self.info.counters {
                    li { a href={ "/counter-display/" (counter.id) } aria-label=(counter_name(counter.id.as_str())) { (counter.id) } }
                }
            }
        }
    }

    fn phone(&self) -> Markup {
        match &self.newest {
            Some(ticket) => html! {
                a class="go" href=(ticket.href) { (both!("front-phone-newest", number = ticket.number.as_str())) }
            },
            None if self.demo.is_some() => html! { p class="note" { (both!("front-phone-none")) } },
            None => html! {},
        }
    }

    /// A link to a staff page of each counter; in the demo a press that logs in as somebody of the counters' staff.
    fn counters(&self, path: &str) -> Markup {
        let staff: Vec<&StaffMember> = self
            .staff
            .iter()
            .filter(|member| member.role == Role::Counter)
            .collect();
        html! {
            ul class="nums" {
                @for (index, counter) in self.info.counters.iter().enumerate() {
                    @let next = format!("{path}{}", counter.id);
                    @let name = counter_name(counter.id.as_str());
                    li {
                        @match (self.demo, staff.get(index % staff.len().max(1))) {
                            (Some(_), Some(member)) => {
                                form method="post" action="/demo/enter" {
                                    input type="hidden" name="role" value=(member.role.word());
                                    input type="hidden" name="staff" value=(member.id);
                                    input type="hidden" name="next" value=(next);
                                    button aria-label=(name) { (counter.id) }
                                }
                            }
                            _ => a href=(next) aria-label=(name) { (counter.id) },
                        }
                    }
                }
            }
        }
    }

    /// A link to a staff page; in the demo a press that logs in as `role`.
    fn enter(&self, role: Role, path: &str) -> Markup {
        if self.demo.is_none() {
            return open(path);
        }
        html! {
            form method="post" action="/demo/enter" {
                input type="hidden" name="role" value=(role.word());
                input type="hidden" name="next" value=(path);
                button class="go" {
                    (bi(
                        (Language::ZhHantTw, &enter_as(Language::ZhHantTw, role)),
                        (Language::En, &enter_as(Language::En, role)),
                    ))
                }
            }
        }
    }

    fn try_it(&self) -> Markup {
        html! {
            section class="try" {
                h2 { (both!("front-try")) }
                ol {
                    li { (both!("front-try-1")) }
                    li { (both!("front-try-2")) }
                    li { (both!("front-try-3")) }
                    li { (both!("front-try-4")) }
                    li { (both!("front-try-5")) }
                }
            }
        }
    }

    fn credentials(&self) -> Markup {
        let role_name = |role, language| role_name(Texts::of(language), role);
        html! {
            section class="keys" {
                h2 { (both!("front-credentials")) }
                p class="note" { (both!("front-demo-only")) }
                div class="two" {
                    table {
                        thead { tr {
                            th scope="col" { (both!("front-role")) }
                            th scope="col" { (both!("front-token")) }
                        } }
                        tbody { @for token in TOKENS {
                            tr {
                                th scope="row" {
                                    (bi(
                                        (Language::ZhHantTw, &role_name(token.role, Language::ZhHantTw)),
                                        (Language::En, &role_name(token.role, Language::En)),
                                    ))
                                }
                                td { code { (token.token) } }
                            }
                        } }
                    }
                    div {
                        p class="pin" { (both!("front-pin")) code { (PIN) } }
                        p class="note" { (both!("front-pin-what")) }
                        ul class="staff" { @for member in self.staff {
                            @let named_by_role = member.name == role_name(member.role, Language::ZhHantTw);
                            li { code { (member.id) } @if !named_by_role { span { (member.name) } } small { (role_name(member.role, Language::ZhHantTw)) " " span lang="en" { (role_name(member.role, Language::En)) } } }
                        } }
                    }
                }
            }
        }
    }
}

fn enter_as(language: Language, role: Role) -> String {
    let texts = Texts::of(language);
    t!(texts, "front-enter-as", role = role_name(texts, role)).into_owned()
}

fn card(symbol: Icon, name: Markup, what: Markup, way: Markup) -> Markup {
    html! {
        article class="card" {
            h3 { (icon(symbol)) (name) }
            p { (what) }
            div class="way" { (way) }
        }
    }
}

fn whose(language: Language, info: &StationInfo) -> String {
    t!(
        Texts::of(language),
        "front-what-served",
        station = info.name.get(language.tag())
    )
    .into_owned()
}

fn open(path: &str) -> Markup {
    html! { a class="go" href=(path) { (both!("front-open")) } }
}

fn away(what_to_do: Markup) -> Markup {
    html! {
        p class="away" { (icon(Icon::NoNetwork)) (both!("front-not-connected")) }
        p class="note" { (what_to_do) }
    }
}

/// For whoever hears the number without its heading.
fn counter_name(counter: &str) -> String {
    let text = |language| t!(Texts::of(language), "counter-number", counter = counter);
    format!("{} {}", text(Language::ZhHantTw), text(Language::En))
}

#[cfg(test)]
mod tests {
    use protocol::{CounterInfo, Names};
    use queue_core::{CounterId, StaffId, StationTime};

    use super::*;

    fn info() -> StationInfo {
        let name = |zh: &str, en: &str| {
            Names(
                [("zh-Hant-TW", zh), ("en", en)]
                    .map(|(k, v)| (k.to_owned(), v.to_owned()))
                    .into(),
            )
        };
        StationInfo {
            identity_desk: None,
            guide: None,
            zones: vec![],
            name: name("示範服務站", "Demo Service Station"),
            timezone: "Asia/Taipei".into(),
            hours: ("08:00".into(), "17:00".into()),
            phone: String::new(),
            public_url: String::new(),
            services: vec![],
            counters: vec![CounterInfo {
                zone: None,
                id: CounterId::new("1").unwrap(),
                skills: vec![],
                direction: String::new(),
            }],
            announcements: vec![],
            appointments: None,
            classes: vec![],
        }
    }

    fn render(demo: Option<&Demo>, agents: AgentPages) -> String {
        let info = info();
        let staff = [StaffMember {
            id: StaffId::new("lin").unwrap(),
            name: "林怡君".into(),
            role: Role::Counter,
            pin_phc: None,
            password_phc: None,
        }];
        let board = Board {
            waiting: 0,
            seq: 0,
            at: StationTime(0),
            day: "2026-11-22".parse().ok(),
            ended: None,
            services: vec![],
            counters: vec![],
            sessions: vec![],
            calls: vec![],
            hours: None,
        };
        Front {
            info: &info,
            board,
            agents,
            demo,
            staff: &staff,
            newest: None,
        }
        .page()
        .into_string()
    }

    #[test]
    fn a_station_in_service_shows_no_credentials() {
        let html = render(None, AgentPages::default());
        for secret in ["demo-chief", PIN, "/demo/enter", "林怡君", "/bench"] {
            assert!(!html.contains(secret), "{secret} in {html}");
        }
        assert!(
            html.contains("href=\"/console/1\"") && html.contains("href=\"/chief\""),
            "{html}"
        );
    }

    #[test]
    fn the_demo_shows_them_all() {
        let demo = Demo {
            profile: station_config::DemoProfile::default(),
            bench: None,
            people_speed: Some(20),
        };
        let html = render(Some(&demo), AgentPages::default());
        for token in TOKENS {
            assert!(html.contains(token.token), "{token:?}");
        }
        assert!(html.contains("人以 20 倍速度走動"), "{html}");
        assert!(
            html.contains(PIN) && html.contains("value=\"/console/1\""),
            "{html}"
        );
    }

    #[test]
    fn an_agent_s_screens_are_offered_only_while_it_is_connected() {
        let away = render(None, AgentPages::default());
        assert!(
            away.contains("kiosk --config") && !away.contains("href=\"/kiosk\""),
            "{away}"
        );
        let pages = AgentPages {
            kiosk: Some("http://k".into()),
            display: Some("http://d".into()),
            shows_all: true,
            ..AgentPages::default()
        };
        let there = render(None, pages);
        for href in ["/kiosk", "/hall", "/counter-display/1"] {
            assert!(
                there.contains(&format!("href=\"{href}\"")),
                "{href} in {there}"
            );
        }
    }
}
