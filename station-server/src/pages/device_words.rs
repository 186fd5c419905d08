//! Devices in the words of staff: what agents report in stable words, said in the language of a page.

use std::borrow::Cow;
use std::collections::BTreeMap;

use protocol::{DeviceHealth, DeviceView, Names};
use screens::{Icon, Language, Texts, t};
use station_config::is_printer_device;

/// A device may work and still need somebody soon.
const PAPER_LOW: &str = "paper_near_end";
/// A roll that is enough for no more tickets is low, whether the printer has a sensor for it or not.
const FEW_TICKETS: u32 = 50;
/// The browser of a hall board waits for a touch before it plays sound.
const MUTED: &str = "muted";
/// No page of the hall board is open any more: the chief's matter too.
const CLOSED: &str = "closed";
/// A ticket is left in the output of a printer, which prints again once it is taken: the chief's matter too.
const TICKET_NOT_TAKEN: &str = "ticket_not_taken";
/// States whose words already say what to do; the agent's own detail repeats them in English.
const SAY_ALL: [&str; 5] = ["silent", "unreadable", MUTED, CLOSED, "no_voice"];
/// What an agent's program says of a port it cannot open, and the text with the same in the words of staff.
const CAUSES: [(&str, &str); 6] = [
    ("no such device", "device-cause-missing"),
    ("in use by another program", "device-cause-in-use"),
    ("no permission", "device-cause-permission"),
    ("connection refused", "device-cause-refused"),
    ("no answer in time", "device-cause-silent"),
    ("it is not a", "device-cause-other-kind"),
];
/// So many devices are named in a short line; of more, only the first.
const NAMED: usize = 2;

/// Who reads of troubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// Staff at a counter: what stops the work.
    Counter,
    /// The chief: also what will, what is only to be set right, and what has not been heard of yet.
    Chief,
}

/// One matter to look after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// An agent whose link is down.
    Lost(DeviceView),
    /// Devices with the same trouble, such as all panels of a line that was pulled.
    Devices {
        /// Whose they are.
        agent: String,
        /// Stable word.
        status: String,
        /// What the operating system or the device says of it.
        detail: String,
        /// Names as the agents report them.
        names: Vec<String>,
        /// What people call those of them that have a name.
        given: BTreeMap<String, Names>,
        /// About how many tickets low paper is enough for, where that is known.
        tickets_left: Option<u32>,
    },
}

/// The troubles of all agents.
pub(super) fn troubles_of(agents: &[DeviceView], audience: Audience) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    for agent in agents {
        if agent.connected {
            troubles.extend(same(agent, audience));
        } else {
            troubles.push(Trouble::Lost(agent.clone()));
        }
    }
    troubles
}

fn same(agent: &DeviceView, audience: Audience) -> Vec<Trouble> {
    let concerns = |device: &&DeviceHealth| match audience {
        Audience::Counter => {
            device.is_trouble()
                && ![MUTED, CLOSED, TICKET_NOT_TAKEN].contains(&device.status.as_str())
        }
        Audience::Chief => {
            let new = device.status == DeviceHealth::STARTING;
            device.is_trouble() || new || is_low(device) || device.status == DeviceHealth::NOISY
        }
    };
    let mut names: BTreeMap<(&str, &str, Option<u32>), Vec<String>> = BTreeMap::new();
    for device in agent.devices.iter().filter(concerns) {
        let (status, tickets_left) = match is_low(device) {
            true => (PAPER_LOW, device.tickets_left),
            false => (device.status.as_str(), None),
        };
        names
            .entry((status, &device.detail, tickets_left))
            .or_default()
            .push(device.device.clone());
    }
    names
        .into_iter()
        .map(|((status, detail, tickets_left), names)| Trouble::Devices {
            agent: agent.agent.clone(),
            given: given(agent, &names),
            status: status.to_owned(),
            detail: detail.to_owned(),
            names,
            tickets_left,
        })
        .collect()
}

fn given(agent: &DeviceView, names: &[String]) -> BTreeMap<String, Names> {
    let devices = agent.devices.iter();
    let devices = devices.filter(|device| names.contains(&device.device));
    devices
        .filter_map(|device| Some((device.device.clone(), device.name.clone()?)))
        .collect()
}

fn is_low(device: &DeviceHealth) -> bool {
    let few = device.tickets_left.is_some_and(|left| left < FEW_TICKETS);
    device.status == PAPER_LOW || device.ok && few
}

impl Trouble {
    /// What is wrong with what, every device named.
    pub(super) fn in_full(&self, language: Language) -> String {
        self.in_words(language, usize::MAX)
    }

    /// The same for a line with little room: many devices are a first one and a count.
    pub(super) fn in_short(&self, language: Language) -> String {
        self.in_words(language, NAMED)
    }

    fn in_words(&self, language: Language, named: usize) -> String {
        let texts = Texts::of(language);
        match self {
            Trouble::Lost(agent) => {
                t!(texts, "chief-agent-lost", agent = agent.agent.as_str()).into_owned()
            }
            Trouble::Devices {
                status,
                names,
                given,
                tickets_left,
                ..
            } => {
                let comma = language.comma();
                let called = |name: &String| called(texts, name, given.get(name));
                let words: Vec<String> = names.iter().map(called).collect();
                let devices = match words.first() {
                    Some(first) if words.len() > named => t!(
                        texts,
                        "device-many",
                        first = first.as_str(),
                        count = words.len()
                    )
                    .into_owned(),
                    _ => words.join(comma),
                };
                let status = status_of(texts, status);
                let trouble = match tickets_left {
                    Some(count) => t!(texts, "device-low-left", status = status, count = *count),
                    None => status.into(),
                };
                t!(
                    texts,
                    "chief-device-trouble",
                    devices = devices,
                    trouble = trouble
                )
                .into_owned()
            }
        }
    }

    /// What the device says of it, where that says more than the words.
    pub(super) fn detail(&self) -> Option<&str> {
        match self {
            Trouble::Devices { status, detail, .. } => Some(detail.as_str())
                .filter(|detail| !detail.is_empty() && !SAY_ALL.contains(&status.as_str())),
            Trouble::Lost(_) => None,
        }
    }

    /// Why, in the words of staff, where the detail is of a kind we know.
    pub(super) fn cause(&self, texts: &'static Texts) -> Option<Cow<'static, str>> {
        let detail = self.detail()?;
        let (_, key) = CAUSES.iter().find(|(said, _)| detail.contains(said))?;
        texts.find(key, &[])
    }

    /// The sign before it.
    pub(super) fn symbol(&self) -> Icon {
        match self {
            Trouble::Lost(_) => Icon::NoNetwork,
            Trouble::Devices { status, .. }
                if status.starts_with("paper") || status == TICKET_NOT_TAKEN =>
            {
                Icon::Printer
            }
            Trouble::Devices { status, .. } if status == DeviceHealth::STARTING => Icon::Clock,
            Trouble::Devices { .. } => Icon::Warning,
        }
    }
}

/// A device by the name that people gave it and its own beside it; by its own alone where it has no other.
pub(super) fn called(texts: &'static Texts, device: &str, given: Option<&Names>) -> String {
    let device = name_of(texts, device);
    match given.map(|names| names.get(texts.language().tag())) {
        Some(name) => t!(texts, "device-called", name = name, device = device).into_owned(),
        None => device,
    }
}

/// A device's name as staff call it; a name we do not know stays as it is.
pub(super) fn name_of(texts: &'static Texts, name: &str) -> String {
    if name == "hall sound" {
        return t!(texts, "device-name-hall-sound").into_owned();
    }
    if name == "hall voice" {
        return t!(texts, "device-name-hall-voice").into_owned();
    }
    if name == "hall board" {
        return t!(texts, "device-name-hall-board").into_owned();
    }
    if let Some(counter) = name.strip_prefix("LED ") {
        return t!(texts, "device-name-led", counter = counter).into_owned();
    }
    if let Some(counter) = name.strip_prefix("pad ") {
        return t!(texts, "device-name-pad", counter = counter).into_owned();
    }
    if let Some(counter) = name.strip_prefix("keypad ") {
        return t!(texts, "device-name-keypad", counter = counter).into_owned();
    }
    if let Some(counter) = name.strip_prefix("rating pad ") {
        return t!(texts, "device-name-rating-pad", counter = counter).into_owned();
    }
    if let Some(agent) = name.strip_suffix(" spare printer") {
        return t!(texts, "device-name-spare-printer", agent = agent).into_owned();
    }
    match name.strip_suffix(" printer") {
        Some(agent) => t!(texts, "device-name-printer", agent = agent).into_owned(),
        None => name.to_owned(),
    }
}

/// A device's state in words; a state we do not know stays as it is.
pub(super) fn status_of(texts: &'static Texts, status: &str) -> String {
    texts
        .find(&format!("device-status-{status}"), &[])
        .map_or_else(|| status.to_owned(), std::borrow::Cow::into_owned)
}

/// What somebody should do about a device's state, in words; none where nothing is to be done, or more must be known.
pub(super) fn advice_of(texts: &'static Texts, device: &DeviceHealth) -> Option<Cow<'static, str>> {
    let cause = CAUSES.iter().find(|(said, _)| device.detail.contains(said));
    let status = &device.status;
    // A printer has no address on a line.
    let of_printers = || {
        is_printer_device(&device.device)
            .then(|| texts.find(&format!("device-do-{status}-printer"), &[]))
            .flatten()
    };
    cause
        .and_then(|(_, key)| texts.find(key, &[]))
        .or_else(of_printers)
        .or_else(|| texts.find(&format!("device-do-{status}"), &[]))
}

/// How urgent a state is: its colour and its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// All is well.
    Well,
    /// Nothing is known, or nothing stands any more.
    Quiet,
    /// It works and still needs somebody.
    Soon,
    /// It does not work.
    Bad,
}

impl Tone {
    /// Of a device with such advice, or with none.
    pub(super) fn of(device: &DeviceHealth, has_advice: bool) -> Self {
        if device.is_trouble() {
            Self::Bad
        } else if has_advice {
            Self::Soon
        } else if device.ok {
            Self::Well
        } else {
            Self::Quiet
        }
    }

    /// Of a fault that stands.
    pub(super) fn of_fault(word: &str) -> Self {
        match word {
            DeviceHealth::NOISY => Self::Soon,
            _ => Self::Bad,
        }
    }

    /// Its class on pages.
    pub(super) fn class(self) -> Option<&'static str> {
        match self {
            Self::Well => Some("ok"),
            Self::Quiet => None,
            Self::Soon => Some("soon"),
            Self::Bad => Some("bad"),
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::Role;
    use queue_core::StationTime;

    use super::*;

    fn device(name: &str, status: &str) -> DeviceHealth {
        DeviceHealth {
            device: name.into(),
            ok: false,
            status: status.into(),
            detail: "why".into(),
            ..DeviceHealth::default()
        }
    }

    fn agent(devices: Vec<DeviceHealth>) -> DeviceView {
        DeviceView {
            agent: "D1".into(),
            role: Role::Display,
            connected: true,
            last_seen: StationTime(0),
            page_url: None,
            devices,
        }
    }

    fn words(devices: Vec<DeviceHealth>, audience: Audience, language: Language) -> Vec<String> {
        troubles_of(&[agent(devices)], audience)
            .iter()
            .map(|trouble| trouble.in_short(language))
            .collect()
    }

    #[test]
    fn every_state_an_agent_reports_has_words_in_both_languages() {
        for status in [
            "ok",
            "starting",
            "one_way",
            "unheard",
            "unconfirmed",
            "disconnected",
            "silent",
            "replacing",
            "no_replacement",
            "replacement_stuck",
            "replace_by_hand",
            "port_missing",
            "unreadable",
            "muted",
            "closed",
            "no_voice",
            "voice_pack",
            "paper_out",
            "paper_near_end",
            "cover_open",
            "cutter",
            "ticket_not_taken",
            "offline",
            "error",
            "noisy",
            "garbled",
            "same_address",
            "wrong_port",
            "wrong_speed",
            "unknown_keys",
            "stuck_key",
        ] {
            for language in Language::STAFF {
                let texts = Texts::of(language);
                let said = status_of(texts, status);
                assert!(said != status || said == "ok", "{status}: {said}");
                let is_clear = ["ok", "starting", "one_way", "unheard", "muted"].contains(&status);
                let mut stated = device("LED 1", status);
                stated.detail.clear();
                assert_eq!(advice_of(texts, &stated).is_none(), is_clear, "{status}");
            }
        }
        assert_eq!(status_of(Texts::of(Language::En), "on fire"), "on fire");
    }

    #[test]
    fn every_known_cause_has_words_in_both_languages() {
        for language in Language::STAFF {
            for (said, _) in CAUSES {
                let trouble = Trouble::Devices {
                    agent: "D1".into(),
                    status: "port_missing".into(),
                    detail: format!("cannot open /x: {said}"),
                    names: vec![],
                    given: BTreeMap::new(),
                    tickets_left: None,
                };
                let words = trouble.cause(Texts::of(language));
                assert!(words.is_some_and(|words| !words.contains("/x")), "{said}");
            }
        }
        let odd = Trouble::Devices {
            agent: "D1".into(),
            status: "error".into(),
            detail: "E42".into(),
            names: vec![],
            given: BTreeMap::new(),
            tickets_left: None,
        };
        assert_eq!(odd.cause(Texts::of(Language::En)), None);
    }

    #[test]
    fn a_printer_has_no_address_to_check() {
        let zh = Texts::of(Language::ZhHantTw);
        let panel = advice_of(zh, &device("LED 1", "silent")).unwrap();
        assert!(panel.contains("位址"), "{panel}");
        let printer = |name, status| {
            let mut printer = device(name, status);
            printer.detail.clear();
            advice_of(zh, &printer).unwrap()
        };
        for name in ["K1 printer", "K1 spare printer"] {
            let silent = printer(name, "silent");
            assert!(
                silent.contains("電源") && !silent.contains("位址"),
                "{silent}"
            );
        }
        assert!(printer("K1 printer", "paper_out").contains("紙捲"));
    }

    #[test]
    fn paper_that_is_enough_for_few_tickets_is_the_chiefs_matter() {
        let printer = |status: &str, tickets_left| DeviceHealth {
            device: "K1 printer".into(),
            ok: true,
            status: status.into(),
            tickets_left,
            ..DeviceHealth::default()
        };
        let said = |device: DeviceHealth, audience| {
            let troubles = troubles_of(&[agent(vec![device])], audience);
            let words = troubles.iter().map(|one| one.in_full(Language::En));
            words.collect::<Vec<_>>()
        };
        let low = said(printer("paper_near_end", Some(30)), Audience::Chief);
        assert_eq!(
            low,
            ["K1 printer: Paper is low, enough for about 30 tickets"]
        );
        assert_eq!(said(printer("ok", Some(30)), Audience::Chief), low);
        assert_eq!(
            said(printer("paper_near_end", None), Audience::Chief),
            ["K1 printer: Paper is low"]
        );
        assert!(said(printer("ok", Some(50)), Audience::Chief).is_empty());
        assert!(said(printer("ok", Some(3)), Audience::Counter).is_empty());
    }

    #[test]
    fn devices_are_named_in_the_language_of_the_page() {
        let zh = Texts::of(Language::ZhHantTw);
        assert_eq!(name_of(zh, "K1 printer"), "K1 印表機");
        assert_eq!(name_of(zh, "K1 spare printer"), "K1 備用印表機");
        assert_eq!(name_of(zh, "LED 3"), "LED 面板 3");
        assert_eq!(name_of(zh, "a drawer"), "a drawer");
        let en = Texts::of(Language::En);
        for (name, said) in [
            ("pad 3", "Keypad 3"),
            ("keypad 3", "Keypad 3 on its own port"),
            ("rating pad 3", "Rating pad 3"),
        ] {
            assert_eq!(name_of(en, name), said);
        }
    }

    #[test]
    fn a_name_that_people_gave_stands_before_what_it_is() {
        let named = DeviceHealth {
            name: Some(Names(
                [("zh-Hant-TW".to_owned(), "3號櫃台上方字幕機".to_owned())].into(),
            )),
            ..device("LED 3", "silent")
        };
        let both = vec![named, device("LED 4", "silent")];
        let zh = words(both.clone(), Audience::Chief, Language::ZhHantTw);
        assert_eq!(
            zh,
            ["3號櫃台上方字幕機（LED 面板 3）、LED 面板 4：沒有回應"]
        );
        let en = words(both, Audience::Chief, Language::En);
        assert_eq!(
            en,
            ["3號櫃台上方字幕機 (LED panel 3), LED panel 4: Does not answer"]
        );
    }

    #[test]
    fn a_silent_board_is_advice_for_the_chief_and_nothing_at_a_counter() {
        let muted = || vec![device("hall sound", "muted")];
        let chief = words(muted(), Audience::Chief, Language::ZhHantTw);
        assert_eq!(chief, ["大廳聲音：看板瀏覽器沒有聲音，請在看板畫面點一下"]);
        assert!(words(muted(), Audience::Counter, Language::ZhHantTw).is_empty());
    }

    #[test]
    fn a_device_nobody_has_heard_of_yet_is_neither_well_nor_in_trouble() {
        let new = device("LED 1", "starting");
        assert!(!new.ok && !new.is_trouble() && new.is_unknown());
        let chief = words(vec![new.clone()], Audience::Chief, Language::ZhHantTw);
        assert_eq!(chief, ["LED 面板 1：啟動中"]);
        assert!(words(vec![new], Audience::Counter, Language::ZhHantTw).is_empty());
        assert!(device("LED 1", "silent").is_trouble());
    }

    #[test]
    fn many_devices_are_one_and_a_count_where_there_is_little_room() {
        let lines: Vec<DeviceHealth> = ["LED 1", "LED 2", "LED 3"]
            .map(|name| device(name, "port_missing"))
            .to_vec();
        let trouble = troubles_of(&[agent(lines)], Audience::Counter);
        assert_eq!(
            trouble[0].in_short(Language::ZhHantTw),
            "LED 面板 1 等 3 台：找不到連接埠"
        );
        assert_eq!(
            trouble[0].in_full(Language::ZhHantTw),
            "LED 面板 1、LED 面板 2、LED 面板 3：找不到連接埠"
        );
        assert_eq!(trouble[0].detail(), Some("why"));
    }

    #[test]
    fn an_agent_that_is_lost_is_the_only_matter_of_its_devices() {
        let lost = DeviceView {
            connected: false,
            ..agent(vec![device("LED 1", "silent")])
        };
        let troubles = troubles_of(&[lost], Audience::Counter);
        assert_eq!(troubles.len(), 1);
        assert_eq!(troubles[0].in_short(Language::ZhHantTw), "D1 沒有連線");
    }
}
