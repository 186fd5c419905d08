//! How the bench looks.

use std::borrow::Cow;

use firmware_config::caller_pad::Key;
use firmware_config::simulate::{LineHandle, PadView, PanelView, Paper, PrinterView, Switch};
use maud::{Markup, html};
use queue_core::CounterId;
use screens::format::count;
use screens::shell::page;
use screens::{Icon, PageHead, Texts, icon, t};

use super::act::DIGITS_MAX;
use super::frames::{self, Seen};
use super::segments;
use crate::app::Station;
use crate::demo::Bench;
use crate::pages::look::Look;

/// Papers shown, newest first.
const PAPERS_SHOWN: usize = 4;
/// Bytes of a paper shown in figures.
const BYTES_SHOWN: usize = 96;
/// Scores of the rating pad, best first as on the tablet.
const SCORES: [u8; 5] = [5, 4, 3, 2, 1];

/// The lines: what they are in forms and ids, and on the page.
const LINES: [(&str, &str); 2] = [("panels", "LED"), ("pads", "FF 68")];

/// Everything the bench shows, taken at one moment.
pub(super) struct View {
    pub(super) printer: PrinterView,
    pub(super) network_plugged: bool,
    pub(super) printer_plugged: bool,
    pub(super) panels_plugged: bool,
    pub(super) pads_plugged: bool,
    pub(super) counters: Vec<(CounterId, PanelView, PadView)>,
    /// What went over the panels' line and over the pads' line.
    pub(super) frames: [Vec<Seen>; 2],
    pub(super) look: Look,
}

impl View {
    /// Looks at every device.
    pub(super) fn of(bench: &Bench, station: &Station, look: Look) -> Self {
        let counters = bench
            .counters
            .iter()
            .map(|c| (c.counter.clone(), c.panel.view(), c.pad.view()));
        Self {
            network_plugged: bench.cable.is_plugged(),
            printer: bench.printer.view(),
            printer_plugged: bench.printer.is_plugged(),
            panels_plugged: bench.line.is_plugged(),
            pads_plugged: bench.pads_line.is_plugged(),
            counters: counters.collect(),
            frames: [&bench.line, &bench.pads_line].map(|line| seen(line, station)),
            look,
        }
    }

    fn texts(&self) -> &'static Texts {
        self.look.texts()
    }

    /// The whole page.
    pub(super) fn page(&self) -> Markup {
        let texts = self.texts();
        document(
            self.look,
            html! {
                p class="hint" { (t!(texts, "bench-intro")) "。" (t!(texts, "bench-what-happens")) }
                div class="grid" {
                    div class="side" { (self.switches()) (self.network()) (self.lines()) (self.papers()) }
                    div class="rest" {
                        (self.legend())
                        div class="desks" {
                            @for (counter, panel, pad) in &self.counters { (self.desk(counter, panel, pad)) }
                        }
                        div class="logs" {
                            @for ((what, name), seen) in LINES.into_iter().zip(&self.frames) {
                                (frames::log(&format!("log-{what}"), name, seen, texts))
                            }
                        }
                    }
                }
            },
        )
    }

    fn act(&self, fields: &[(&str, &str)], button: Markup) -> Markup {
        html! {
            form method="post" action=(self.look.href("/bench/act")) data-stay="" {
                @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                (button)
            }
        }
    }

    /// A button that is pressed while something is on; a press turns it over.
    fn toggle(&self, fields: &[(&str, &str)], on: bool, id: &str, words: &str) -> Markup {
        let mut fields = fields.to_vec();
        fields.push(("on", if on { "false" } else { "true" }));
        self.act(
            &fields,
            html! { button class="sw" id=(id) aria-pressed=(on) { (words) } },
        )
    }

    fn switches(&self) -> Markup {
        let texts = self.texts();
        let named = [
            (Switch::PaperOut, "paper-out", t!(texts, "bench-paper-out")),
            (
                Switch::PaperNearEnd,
                "paper-near-end",
                t!(texts, "bench-paper-near-end"),
            ),
            (
                Switch::CoverOpen,
                "cover-open",
                t!(texts, "bench-cover-open"),
            ),
            (
                Switch::CutterError,
                "cutter-error",
                t!(texts, "device-status-cutter"),
            ),
            (Switch::NotTaken, "not-taken", t!(texts, "bench-not-taken")),
            (Switch::Stuck, "stuck", t!(texts, "bench-stuck")),
            (Switch::PowerOff, "power-off", t!(texts, "bench-power-off")),
        ];
        let printer = &self.printer;
        html! {
            // Parts of their own: the counts change while the switches are being pressed.
            section class="cardd" id="printer" {
                h2 id="printer-plug" data-part { (icon(Icon::Printer)) (t!(texts, "bench-printer")) (plug_state(self.printer_plugged, texts)) }
                div class="sws" id="printer-switches" data-part {
                    @for (switch, word, name) in named {
                        @let on = printer.switches.contains(&switch);
                        (self.toggle(&[("do", "printer"), ("switch", word)], on, &format!("sw-{word}"), &name))
                    }
                    (self.plug("plug-printer", self.printer_plugged))
                }
                p class="facts" id="printer-facts" data-part {
                    @if printer.holds_ticket { span { (t!(texts, "bench-holds-ticket")) } }
                    span { (t!(texts, "bench-waiting-bytes", count = printer.buffered_bytes)) }
                    span { (t!(texts, "bench-unknown-commands", count = printer.unknown_commands)) }
                    span { (t!(texts, "bench-real-time-in-images", count = printer.real_time_in_images)) }
                }
            }
        }
    }

    /// A cable: pressed while it is pulled.
    fn plug(&self, what: &str, plugged: bool) -> Markup {
        let texts = self.texts();
        let words = if plugged {
            t!(texts, "bench-unplug")
        } else {
            t!(texts, "bench-plug-in")
        };
        let on = if plugged { "false" } else { "true" };
        self.act(
            &[("do", what), ("on", on)],
            html! { button class="sw" id=(what) aria-pressed=(!plugged) { (words) } },
        )
    }

    fn network(&self) -> Markup {
        let texts = self.texts();
        let plugged = self.network_plugged;
        html! {
            section class="cardd" id="network" data-part {
                h2 { (icon(Icon::NoNetwork)) (t!(texts, "bench-network")) (plug_state(plugged, texts)) }
                p class="sub" { (t!(texts, "bench-network-hint")) }
                div class="sws" { (self.plug("plug-network", plugged)) }
            }
        }
    }

    fn lines(&self) -> Markup {
        let texts = self.texts();
        let lines = LINES
            .into_iter()
            .zip([self.panels_plugged, self.pads_plugged]);
        html! {
            section class="cardd" id="lines" data-part {
                h2 { (icon(Icon::Swap)) (t!(texts, "bench-line")) }
                p class="sub" { (t!(texts, "bench-line-hint")) }
                @for ((what, name), plugged) in lines {
                    div class="line" {
                        b { (name) } (plug_state(plugged, texts)) (self.plug(&format!("plug-{what}"), plugged))
                    }
                }
                (self.act(&[("do", "noise")], html! { button class="btn" id="noise" { (t!(texts, "bench-noise")) } }))
            }
        }
    }

    fn papers(&self) -> Markup {
        let texts = self.texts();
        let newest: Vec<&Paper> = self
            .printer
            .papers
            .iter()
            .rev()
            .take(PAPERS_SHOWN)
            .map(AsRef::as_ref)
            .collect();
        html! {
            section class="cardd" id="papers" data-part {
                h2 { (icon(Icon::Document)) (t!(texts, "bench-paper")) }
                @if newest.is_empty() { p class="sub" { (t!(texts, "bench-no-paper-yet")) } }
                div class="papers" { @for paper in newest { (self.paper(paper)) } }
            }
        }
    }

    fn paper(&self, paper: &Paper) -> Markup {
        let texts = self.texts();
        let height = paper.rows.len();
        let size = t!(
            texts,
            "bench-paper-alt",
            seq = paper.seq,
            width = paper.width_dots,
            height = height
        );
        let alt = if paper.lines.is_empty() {
            size
        } else {
            Cow::Owned(format!("{size} {}", paper.text().join(" ")))
        };
        let bytes = &paper.raw[..paper.raw.len().min(BYTES_SHOWN)];
        html! {
            article class="paper" {
                @if height > 0 {
                    img src={ "/bench/paper/" (paper.seq) ".png" } alt=(alt) width=(paper.width_dots / 2) height=(height / 2);
                }
                p { b { "#" (paper.seq) } " " (t!(texts, "bench-paper-bytes", count = count(paper.raw.len() as u64)))
                    @if !paper.complete { " · " (t!(texts, "bench-paper-torn")) } }
                details id={ "raw-" (paper.seq) } {
                    summary { (t!(texts, "bench-first-bytes", count = bytes.len())) }
                    pre { (hexadecimal(bytes)) }
                }
            }
        }
    }

    /// How the keys of a keypad go together.
    fn legend(&self) -> Markup {
        let texts = self.texts();
        html! {
            section class="cardd legend" aria-labelledby="legend" {
                h2 id="legend" { (icon(Icon::Keyboard)) (t!(texts, "bench-legend")) }
                ul {
                    li { (t!(texts, "bench-legend-next")) }
                    li { (t!(texts, "bench-legend-confirm")) }
                    li { (t!(texts, "bench-legend-others")) }
                    li { (t!(texts, "bench-legend-early")) }
                }
            }
        }
    }

    fn desk(&self, counter: &CounterId, panel: &PanelView, pad: &PadView) -> Markup {
        let texts = self.texts();
        html! {
            section class="cardd desk" aria-label=(t!(texts, "counter-number", counter = counter.as_str())) {
                h2 { (t!(texts, "counter-number", counter = counter.as_str())) }
                (self.panel(counter, panel))
                (self.pad_state(counter, pad))
                (self.keys(counter))
                (self.rating(counter))
            }
        }
    }

    fn panel(&self, counter: &CounterId, panel: &PanelView) -> Markup {
        let texts = self.texts();
        let name = t!(texts, "bench-panel", counter = counter.as_str());
        let shown = if panel.text.is_empty() {
            t!(texts, "bench-dark")
        } else {
            Cow::Borrowed(panel.text.as_str())
        };
        let words = if panel.silent {
            t!(texts, "bench-unsilence")
        } else {
            t!(texts, "bench-silence")
        };
        let on = if panel.silent { "false" } else { "true" };
        let fields = [("do", "silence"), ("counter", counter.as_str()), ("on", on)];
        html! {
            div class="led" id={ "led-" (counter) } data-part {
                (segments::panel(&panel.text, &format!("{name} {shown}")))
                p class="facts" {
                    span { (t!(texts, "bench-address", address = panel.address.to_string())) }
                    span { code { (shown) } }
                    span { (t!(texts, "bench-answered", count = panel.answered)) }
                }
                (self.act(&fields, html! {
                    button class="sw" id={ "silence-" (counter) } aria-pressed=(panel.silent) { (words) }
                }))
            }
        }
    }

    fn pad_state(&self, counter: &CounterId, pad: &PadView) -> Markup {
        let texts = self.texts();
        let number = |n: Option<u16>| n.map_or("–".to_owned(), |n| format!("{n:03}"));
        html! {
            div class="padstate" id={ "pad-" (counter) } data-part {
                p class="facts" {
                    span { (t!(texts, "bench-address", address = pad.address)) }
                    span { (t!(texts, "bench-shows", ticket = number(pad.ticket), waiting = number(pad.waiting))) }
                    span { (t!(texts, "bench-acknowledged", count = pad.acknowledged)) }
                    span class=[(pad.beeps > 0).then_some("bad")] { (t!(texts, "bench-beeps", count = pad.beeps)) }
                    span class=[(pad.lost > 0).then_some("bad")] { (t!(texts, "bench-lost", count = pad.lost)) }
                }
                @if pad.asks_rating { p class="asks" { (icon(Icon::Star)) (t!(texts, "bench-asks-rating")) } }
            }
        }
    }

    fn keys(&self, counter: &CounterId) -> Markup {
        let texts = self.texts();
        let keys = [
            Key::CallNext,
            Key::Recall,
            Key::AskRating,
            Key::Pause,
            Key::Transfer,
            Key::Cancel,
            Key::Confirm,
        ];
        let field = format!("digits-{counter}");
        html! {
            form class="pad" method="post" action=(self.look.href("/bench/act")) data-stay="" {
                input type="hidden" name="do" value="press";
                input type="hidden" name="counter" value=(counter);
                label for=(field) { (t!(texts, "bench-digits")) }
                input id=(field) name="digits" inputmode="numeric" pattern="[0-9]*" maxlength=(DIGITS_MAX)
                    autocomplete="off";
                div class="digits" {
                    @for digit in (1..=9).chain([0]) {
                        button type="button" data-digit=(digit) hidden { (digit) }
                    }
                    button type="button" data-digit="" hidden { (t!(texts, "bench-key-clear")) }
                }
                div class="keys" {
                    @for key in keys {
                        button name="key" value=(wire_name(key)) class=[(key == Key::CallNext).then_some("main")] {
                            (frames::name_of(key, texts))
                        }
                    }
                }
            }
        }
    }

    fn rating(&self, counter: &CounterId) -> Markup {
        let texts = self.texts();
        html! {
            form class="rate" method="post" action=(self.look.href("/bench/act")) data-stay="" {
                input type="hidden" name="do" value="rate";
                input type="hidden" name="counter" value=(counter);
                span class="name" { (t!(texts, "bench-rating-pad", counter = counter.as_str())) }
                @for score in SCORES { button name="score" value=(score) { (score) } }
            }
        }
    }
}

/// The frames of a line with the time of day of each.
fn seen(line: &LineHandle, station: &Station) -> Vec<Seen> {
    let (frames, line_now_ms) = line.frames();
    let now = station.live.now();
    let at = |at_ms: u64| {
        let ago_ms = i64::try_from(line_now_ms.saturating_sub(at_ms)).unwrap_or(0);
        station
            .civil(now.plus_ms(-ago_ms))
            .strftime("%H:%M:%S")
            .to_string()
    };
    frames
        .into_iter()
        .map(|frame| Seen {
            at: at(frame.at_ms),
            frame,
        })
        .collect()
}

/// The page of a demo without simulated devices.
pub(super) fn without_devices(look: Look) -> Markup {
    document(
        look,
        html! { p class="hint" { (t!(look.texts(), "bench-none")) } },
    )
}

fn document(look: Look, content: Markup) -> Markup {
    let texts = look.texts();
    let title = t!(texts, "bench-title");
    let css = [super::super::asset("bench.css")];
    let js = [super::super::asset("bench.js")];
    let head = PageHead {
        css: &css,
        js: &js,
        theme: look.theme,
        body_class: "bn",
        ..PageHead::new(look.language, &title)
    };
    page(
        &head,
        html! {
            header class="top" {
                h1 { (title) }
                span class="sp" {}
                (look.switches("/bench"))
                a class="btn" href="/" { (icon(Icon::Back)) (t!(texts, "chief-home")) }
            }
            main id="app" { (content) }
        },
    )
}

fn plug_state(plugged: bool, texts: &'static Texts) -> Markup {
    html! {
        @if plugged {
            small class="ok" { (t!(texts, "bench-plugged")) }
        } @else {
            small class="bad" { (t!(texts, "bench-unplugged")) }
        }
    }
}

/// The name of a key in forms: the one it has in JSON.
fn wire_name(key: Key) -> String {
    serde_json::to_value(key)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Bytes in pairs of hexadecimal digits, sixteen to a line.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let line = |line: &[u8]| {
        line.iter()
            .map(|b| format!("{b:02X}"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    bytes.chunks(16).map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use firmware_config::modbus::Address;

    use super::*;

    fn view() -> View {
        let panel = PanelView {
            address: Address::new(3).unwrap(),
            text: "A047".into(),
            decimals: 0,
            silent: false,
            answered: 7,
        };
        let pad = PadView {
            address: 3,
            ticket: Some(47),
            waiting: None,
            stars: None,
            beeps: 0,
            asks_rating: true,
            acknowledged: 2,
            lost: 0,
            is_sending: false,
        };
        let mut printer = PrinterView::default();
        printer.switches.insert(Switch::PaperOut);
        printer.papers.push_back(Arc::new(Paper {
            seq: 9,
            width_dots: 576,
            rows: vec![vec![0; 72]; 400],
            raw: vec![0x1b, 0x40, 0x1d],
            complete: true,
            ..Paper::default()
        }));
        View {
            printer,
            network_plugged: true,
            printer_plugged: true,
            panels_plugged: false,
            pads_plugged: true,
            counters: vec![(CounterId::new("3").unwrap(), panel, pad)],
            frames: [vec![], vec![]],
            look: Look::default(),
        }
    }

    #[test]
    fn the_bench_shows_what_the_devices_got() {
        let html = view().page().into_string();
        for said in [
            "<code>A047</code>",
            "/bench/paper/9.png",
            "1B 40 1D",
            "顯示 047，等候 –",
            "請評價",
            "已拔除",
        ] {
            assert!(html.contains(said), "{said} in {html}");
        }
        assert!(html.contains("aria-pressed=\"true\">沒有紙"), "{html}");
        assert!(
            !html.contains("style="),
            "the content security policy refuses inline styles"
        );
    }

    #[test]
    fn every_id_is_there_once() {
        let html = view().page().into_string();
        for id in html
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
        }
    }

    #[test]
    fn a_switch_that_is_on_is_turned_off_by_its_button() {
        let html = view().switches().into_string();
        let form = html
            .split("<form")
            .find(|form| form.contains("value=\"paper-out\""))
            .unwrap();
        assert!(form.contains("name=\"on\" value=\"false\""), "{form}");
    }
}
