//! The notice of papers (一次告知單): what a visitor is to bring, in Chinese and in the visitor's language, numbered. Printed by
//! visitors from the guide and by staff for visitors, with the same words.

use protocol::{Matter, Names, ServiceInfo, SheetLine, SheetSize, StationInfo};
use queue_core::LanguageTag;
use screens::{Language, Texts, format, t};

/// What a notice is about.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The station.
    pub station: &'a StationInfo,
    /// The service.
    pub service: &'a ServiceInfo,
    /// The case, where there is one.
    pub matter: Option<&'a Matter>,
    /// The visitor's language; beside Chinese it is English.
    pub language: Language,
}

impl<'a> Notice<'a> {
    /// The papers of the case, or of the service where there is no case.
    #[must_use]
    pub fn papers(&self) -> &'a [Names] {
        match self.matter {
            Some(matter) => &matter.papers,
            None => &self.service.documents,
        }
    }

    /// The notice of all papers, made at `at`.
    #[must_use]
    pub fn lines(&self, at: &str) -> Vec<SheetLine> {
        let papers: Vec<_> = self.papers().iter().collect();
        self.sheet(&papers, at, |texts| t!(texts, "notice-title"))
    }

    /// The notice of the papers that somebody does not have, by their places in [`Notice::papers`].
    #[must_use]
    pub fn lines_of_missing(&self, missing: &[usize], at: &str) -> Vec<SheetLine> {
        let papers = self.papers();
        let papers: Vec<_> = missing.iter().filter_map(|nth| papers.get(*nth)).collect();
        self.sheet(&papers, at, |texts| t!(texts, "notice-missing"))
    }

    fn sheet(
        &self,
        papers: &[&Names],
        at: &str,
        title: impl Fn(&'static Texts) -> std::borrow::Cow<'static, str>,
    ) -> Vec<SheetLine> {
        let mut lines = Lines::of(self.language);
        lines.both(SheetSize::Title, |texts| title(texts).into_owned());
        lines.names("", &self.service.name);
        if let Some(case) = self.matter.and_then(|matter| matter.case.as_ref()) {
            lines.names("", case);
        }
        lines.rule();
        for (nth, paper) in papers.iter().enumerate() {
            lines.names(&format!("{}. ", nth + 1), paper);
        }
        if papers.is_empty() {
            lines.both(SheetSize::Body, |texts| {
                t!(texts, "guide-no-papers").into_owned()
            });
        }
        lines.rule();
        if let Some(matter) = self.matter {
            lines.matter(matter);
        }
        let station = self.station;
        let parts = [station.name.zh(), station.phone.as_str(), at];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.say(Language::ZhHantTw, SheetSize::Small, parts.join(" · "));
        lines.lines
    }
}

/// A sheet as it grows, in Chinese and one other language.
struct Lines {
    other: Language,
    lines: Vec<SheetLine>,
}

impl Lines {
    fn of(language: Language) -> Self {
        let other = match language {
            Language::ZhHantTw => language.companion(),
            other => other,
        };
        Self {
            other,
            lines: Vec::new(),
        }
    }

    fn say(&mut self, language: Language, size: SheetSize, text: String) {
        let tag = LanguageTag::new(language.tag()).ok();
        if let Some(language) = tag.filter(|_| !text.is_empty()) {
            self.lines.push(SheetLine::Text {
                language,
                text,
                size,
            });
        }
    }

    fn both(&mut self, size: SheetSize, words: impl Fn(&'static Texts) -> String) {
        for language in [Language::ZhHantTw, self.other] {
            self.say(language, size, words(Texts::of(language)));
        }
    }

    /// A text of the station file; once where the other language does not have it and it is read in Chinese.
    fn names(&mut self, before: &str, names: &Names) {
        let (text, other) = (
            names.zh().to_owned(),
            names.get(self.other.tag()).to_owned(),
        );
        let is_same = text == other;
        self.say(
            Language::ZhHantTw,
            SheetSize::Body,
            format!("{before}{text}"),
        );
        if !is_same {
            // What is not translated is English: it must not be drawn in another script's letters.
            let language = match names.0.contains_key(self.other.tag()) {
                true => self.other,
                false => Language::En,
            };
            self.say(language, SheetSize::Body, other);
        }
    }

    /// The fee, the time and the remarks.
    fn matter(&mut self, matter: &Matter) {
        if let Some(ntd) = matter.fee_ntd {
            self.both(SheetSize::Body, |texts| {
                format!("{} {}", t!(texts, "guide-fee"), format::fee(texts, ntd))
            });
        }
        if let Some(days) = matter.working_days {
            self.both(SheetSize::Body, |texts| {
                let time = t!(texts, "guide-time");
                format!("{time} {}", format::working_days(texts, days))
            });
        }
        for remark in &matter.remarks {
            self.names("※ ", remark);
        }
        if matter.fee_ntd.is_some() || matter.working_days.is_some() || !matter.remarks.is_empty() {
            self.rule();
        }
    }

    fn rule(&mut self) {
        self.lines.push(SheetLine::Rule);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> StationInfo {
        let file = station_config::StationFile::parse("demo.toml", station_config::demo());
        file.expect("the demo").info()
    }

    fn texts(lines: &[SheetLine]) -> Vec<(&str, &str)> {
        let texts = lines.iter().filter_map(|line| match line {
            SheetLine::Text { language, text, .. } => Some((language.as_str(), text.as_str())),
            SheetLine::Rule => None,
        });
        texts.collect()
    }

    fn notice<'a>(station: &'a StationInfo, id: &str, language: Language) -> Notice<'a> {
        let guide = station.guide.as_ref().expect("a guide");
        let matter = guide.matter(&id.parse().expect("an id")).expect("a matter");
        Notice {
            station,
            service: station.service(&matter.service).expect("its service"),
            matter: Some(matter),
            language,
        }
    }

    #[test]
    fn the_papers_of_a_case_are_numbered_in_chinese_and_told_in_the_visitors_language() {
        let station = demo();
        let notice = notice(&station, "card-lost", Language::Vi);
        let lines = notice.lines("2026-11-23 14:05");
        let texts = texts(&lines);
        for said in [
            ("zh-Hant-TW", "應備文件一次告知單"),
            ("vi", "Giấy tờ cần mang theo"),
            ("zh-Hant-TW", "居留證：遺失補發"),
            ("zh-Hant-TW", "2. 護照正本"),
            ("vi", "Hộ chiếu bản chính"),
            ("zh-Hant-TW", "規費 NT$500"),
            ("vi", "Lệ phí NT$500"),
            ("zh-Hant-TW", "辦理時間 10 個工作天"),
            ("zh-Hant-TW", "※ 被偷的話，請先到警察局報案。"),
            ("zh-Hant-TW", "示範服務站 · 02-0000-0000 · 2026-11-23 14:05"),
        ] {
            assert!(texts.contains(&said), "{said:?} is not in {texts:?}");
        }
    }

    #[test]
    fn a_service_without_a_case_tells_its_own_papers() {
        let station = demo();
        let service = &station.services[0];
        let notice = Notice {
            station: &station,
            service,
            matter: None,
            language: Language::ZhHantTw,
        };
        let lines = notice.lines("");
        let texts = texts(&lines);
        for (nth, document) in service.documents.iter().enumerate() {
            let zh = format!("{}. {}", nth + 1, document.zh());
            assert!(texts.contains(&("zh-Hant-TW", zh.as_str())), "{zh}");
            // Beside Chinese it speaks English.
            assert!(texts.contains(&("en", document.get("en"))));
        }
    }

    #[test]
    fn what_somebody_has_is_not_told_again() {
        let station = demo();
        let notice = notice(&station, "card-first-work", Language::En);
        let lines = notice.lines_of_missing(&[1, 3, 99], "");
        let texts = texts(&lines);
        assert_eq!(texts[0].1, "還缺的文件");
        assert!(texts.contains(&("zh-Hant-TW", "1. 護照正本")));
        assert!(texts.contains(&("zh-Hant-TW", "2. 工作許可或聘僱證明")));
        assert!(!texts.iter().any(|(_, text)| text.contains("照片")));
    }

    #[test]
    fn a_text_that_is_not_translated_is_marked_as_english() {
        let station = demo();
        let lines = notice(&station, "card-lost", Language::Km).lines("");
        assert!(texts(&lines).contains(&("en", "Passport")));
    }
}
