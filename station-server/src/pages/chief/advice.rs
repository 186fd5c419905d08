//! The one line of advice on the live page: shown only when it is true now, never a forecast.

use std::borrow::Cow;

use protocol::{ChiefView, StationInfo};
use queue_core::{BoardCounter, BoardService, CounterId, CounterState};
use screens::{Language, Texts, t};

/// What to say and where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advice {
    /// What is the matter.
    pub(super) what: String,
    /// What could be done.
    pub(super) hint: Option<String>,
    /// A counter that could help.
    pub(super) counter: Option<CounterId>,
}

/// The most pressing matter: data that cannot be written, then people whom no open counter can serve, then the wait
/// furthest over its standard.
pub(super) fn advice(view: &ChiefView, info: &StationInfo, language: Language) -> Option<Advice> {
    let texts = Texts::of(language);
    if view.storage_fault.is_some() {
        let what = t!(texts, "chief-storage-fault").into_owned();
        return Some(Advice {
            what,
            hint: view.storage_fault.clone(),
            counter: None,
        });
    }
    let services = &view.board.services;
    let stuck = services
        .iter()
        .filter(|s| s.waiting > 0 && s.open_counters == 0)
        .max_by_key(|s| s.waiting);
    if let Some(service) = stuck {
        let name = name_of(info, service, language);
        let what = t!(
            texts,
            "chief-no-counter",
            service = name,
            count = service.waiting
        );
        return Some(with_helpers(what, service, view, info, texts));
    }
    let over = services
        .iter()
        .filter_map(|s| Some((s, over_standard_s(view, info, s)?)))
        .max_by_key(|(_, over_s)| *over_s);
    over.map(|(service, _)| {
        let name = name_of(info, service, language);
        let standard_s = info.service(&service.id).map_or(0, |i| i.wait_standard_s);
        let what = t!(
            texts,
            "chief-over-standard",
            service = name,
            minutes = oldest_wait_s(view, service).unwrap_or(0) / 60,
            standard = standard_s / 60
        );
        with_helpers(what, service, view, info, texts)
    })
}

/// How long the one who has waited longest for a service waits, seconds.
pub(super) fn oldest_wait_s(view: &ChiefView, service: &BoardService) -> Option<u32> {
    let since = service.oldest_waiting_since?;
    u32::try_from(view.board.at.since_ms(since) / 1000).ok()
}

/// Seconds over the standard; none when within.
pub(super) fn over_standard_s(
    view: &ChiefView,
    info: &StationInfo,
    service: &BoardService,
) -> Option<u32> {
    let standard_s = info.service(&service.id)?.wait_standard_s;
    oldest_wait_s(view, service)?
        .checked_sub(standard_s)
        .filter(|over_s| *over_s > 0)
}

fn name_of<'a>(info: &'a StationInfo, service: &'a BoardService, language: Language) -> &'a str {
    info.service(&service.id)
        .map_or(service.id.as_str(), |i| i.short_name.get(language.tag()))
}

fn with_helpers(
    what: Cow<'_, str>,
    service: &BoardService,
    view: &ChiefView,
    info: &StationInfo,
    texts: &'static Texts,
) -> Advice {
    let serving = |which: fn(&BoardCounter) -> bool| -> Vec<&CounterId> {
        let is = |id: &CounterId| {
            let mut counters = view.board.counters.iter();
            counters.any(|counter| counter.id == *id && which(counter))
        };
        let counters = info.counters.iter();
        counters
            .filter(|c| c.skills.contains(&service.id) && is(&c.id))
            .map(|c| &c.id)
            .collect()
    };
    // Who only has to press comes before who would have to be found.
    let free = serving(|counter| counter.state == CounterState::Open && counter.number.is_none());
    let (key, helpers) = match free.is_empty() {
        true => (
            "chief-could-open",
            serving(|counter| counter.state != CounterState::Open),
        ),
        false => ("chief-is-free", free),
    };
    let names: Vec<&str> = helpers.iter().map(|id| id.as_str()).collect();
    let hint = if names.is_empty() {
        t!(texts, "chief-none-could")
    } else {
        texts.get(
            key,
            &[("counters", names.join(texts.language().comma()).into())],
        )
    };
    Advice {
        what: what.into_owned(),
        hint: Some(hint.into_owned()),
        counter: helpers.first().map(|id| (*id).clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{chief_view, station_info};
    use super::*;

    #[test]
    fn nothing_is_said_when_all_is_well() {
        assert_eq!(advice(&chief_view(), &station_info(), Language::En), None);
    }

    #[test]
    fn people_whom_no_open_counter_can_serve_come_before_a_long_wait() {
        let mut view = chief_view();
        view.board.services[0].oldest_waiting_since = Some(view.board.at.plus_ms(-20 * 60_000));
        let long = advice(&view, &station_info(), Language::En).unwrap();
        assert_eq!(
            long.what,
            "Residence: longest wait 20 min, standard 15 min."
        );
        view.board.services[1].waiting = 3;
        view.board.services[1].open_counters = 0;
        let stuck = advice(&view, &station_info(), Language::En).unwrap();
        assert_eq!(
            stuck.what,
            "Pick-up: 3 waiting and no open counter serves it."
        );
        assert_eq!(stuck.hint.as_deref(), Some("Could be opened: counter 2."));
        assert_eq!(stuck.counter.as_ref().map(CounterId::as_str), Some("2"));
    }

    #[test]
    fn a_wait_of_just_the_standard_is_within_it() {
        let mut view = chief_view();
        view.board.services[0].oldest_waiting_since = Some(view.board.at.plus_ms(-15 * 60_000));
        assert_eq!(advice(&view, &station_info(), Language::En), None);
    }

    #[test]
    fn a_storage_fault_comes_first() {
        let mut view = chief_view();
        view.storage_fault = Some("disk full".into());
        let said = advice(&view, &station_info(), Language::En).unwrap();
        assert_eq!(said.hint.as_deref(), Some("disk full"));
    }
}
