//! What is said of a call: the clips, in their order.

use std::collections::BTreeSet;

use queue_core::{CounterId, LanguageTag, TicketNumber};

use crate::language::VoiceLanguage;
use crate::rules::VoiceRules;

/// The smallest thing that is recorded or synthesised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clip {
    /// A digit, 0 to 9.
    Digit(u8),
    /// A letter, `A` to `Z`.
    Letter(char),
    /// The words before the number.
    Before,
    /// The words between number and counter.
    Between,
    /// The words after the counter.
    After,
}

impl Clip {
    /// Its name in voice packs: `digit-0`, `letter-a`, `before`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Digit(digit) => format!("digit-{digit}"),
            Self::Letter(letter) => format!("letter-{}", letter.to_ascii_lowercase()),
            Self::Before => "before".to_owned(),
            Self::Between => "between".to_owned(),
            Self::After => "after".to_owned(),
        }
    }

    /// All clips that any call in a language may need.
    #[must_use]
    pub fn all_of(language: VoiceLanguage) -> Vec<Self> {
        let sentence = language.sentence();
        let mut all: Vec<Self> = (0..=9).map(Self::Digit).collect();
        all.extend(('A'..='Z').map(Self::Letter));
        all.extend(sentence.before.map(|_| Self::Before));
        all.push(Self::Between);
        all.extend(sentence.after.map(|_| Self::After));
        all
    }

    /// What a voice says for it.
    #[must_use]
    pub fn text(self, language: VoiceLanguage) -> String {
        let sentence = language.sentence();
        match self {
            Self::Digit(digit) => language.digit_text(digit),
            Self::Letter(letter) => language.letter_text(letter),
            Self::Before => sentence.before.unwrap_or_default().to_owned(),
            Self::Between => sentence.between.to_owned(),
            Self::After => sentence.after.unwrap_or_default().to_owned(),
        }
    }
}

/// One step of an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// The chime.
    Chime,
    /// A clip.
    Say(VoiceLanguage, Clip),
    /// Where a number has a dash: a moment without sound.
    Breath,
    /// Between the chime and the sentences.
    Pause,
}

/// A language nobody can say, and what is said in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// The ticket's language.
    pub wanted: String,
    /// What is said in its place beside Chinese; none: nothing.
    pub said: Option<VoiceLanguage>,
}

/// An announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its steps.
    pub tokens: Vec<Token>,
    /// The ticket's language has no voice.
    pub instead: Option<Instead>,
}

impl Plan {
    /// What is said of a call, with the languages that have a voice.
    ///
    /// Chinese comes first, then what the station says with every call, then the ticket's language; English stands in for
    /// a language without a voice. Digits are read one by one and letters spelt: numbers are heard that way in every
    /// language, and a pack stays small.
    #[must_use]
    pub fn of(
        number: &TicketNumber,
        counter: &CounterId,
        ticket: Option<&LanguageTag>,
        rules: &VoiceRules,
        voices: &BTreeSet<VoiceLanguage>,
    ) -> Self {
        let (languages, instead) = languages(ticket, rules, voices);
        let mut tokens = vec![Token::Chime];
        let (number, counter) = (number.to_string(), counter.to_string());
        for language in languages {
            tokens.push(Token::Pause);
            sentence(&mut tokens, language, &number, &counter);
        }
        Self { tokens, instead }
    }

    /// The same without its chime, or with nothing else.
    #[must_use]
    pub fn reduced(mut self, chime: bool, voice: bool) -> Self {
        self.tokens.retain(|token| match token {
            Token::Chime => chime,
            _ => voice,
        });
        self
    }

    /// The languages it is said in.
    #[must_use]
    pub fn languages(&self) -> Vec<VoiceLanguage> {
        let mut languages: Vec<VoiceLanguage> = Vec::new();
        for token in &self.tokens {
            if let Token::Say(language, _) = token
                && !languages.contains(language)
            {
                languages.push(*language);
            }
        }
        languages
    }
}

fn languages(
    ticket: Option<&LanguageTag>,
    rules: &VoiceRules,
    voices: &BTreeSet<VoiceLanguage>,
) -> (Vec<VoiceLanguage>, Option<Instead>) {
    let mut said: Vec<VoiceLanguage> = Vec::new();
    let mut say = |language: VoiceLanguage| {
        let has_voice = voices.contains(&language);
        if has_voice && !said.contains(&language) {
            said.push(language);
        }
        has_voice
    };
    say(VoiceLanguage::ZhTw);
    for language in &rules.always {
        say(*language);
    }
    let mut instead = None;
    if let Some(tag) = ticket {
        let wanted = VoiceLanguage::parse(tag.as_str());
        let is_offered = |language: &VoiceLanguage| {
            rules.languages.contains(language) || *language == VoiceLanguage::ZhTw
        };
        let is_said = wanted.filter(is_offered).is_some_and(&mut say);
        // A ticket in Chinese is in the language of the house, even where that has no voice.
        if !is_said && wanted != Some(VoiceLanguage::ZhTw) {
            let english = Some(VoiceLanguage::En).filter(is_offered);
            instead = Some(Instead {
                wanted: tag.as_str().to_owned(),
                said: english.filter(|english| say(*english)),
            });
        }
    }
    (said, instead)
}

fn sentence(tokens: &mut Vec<Token>, language: VoiceLanguage, number: &str, counter: &str) {
    let shape = language.sentence();
    let say = |clip| Token::Say(language, clip);
    tokens.extend(shape.before.map(|_| say(Clip::Before)));
    spell(tokens, language, number);
    tokens.push(say(Clip::Between));
    spell(tokens, language, counter);
    tokens.extend(shape.after.map(|_| say(Clip::After)));
}

/// Digits one by one, letters by their names; anything else is a breath.
fn spell(tokens: &mut Vec<Token>, language: VoiceLanguage, text: &str) {
    for c in text.chars() {
        tokens.push(match c {
            '0'..='9' => Token::Say(language, Clip::Digit(c as u8 - b'0')),
            _ if c.is_ascii_alphabetic() => {
                Token::Say(language, Clip::Letter(c.to_ascii_uppercase()))
            }
            _ => Token::Breath,
        });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all() -> BTreeSet<VoiceLanguage> {
        VoiceLanguage::ALL.into()
    }

    fn plan(
        number: &str,
        counter: &str,
        ticket: Option<&str>,
        voices: &BTreeSet<VoiceLanguage>,
    ) -> Plan {
        let ticket: Option<LanguageTag> = ticket.map(|tag| tag.parse().unwrap());
        let (number, counter) = (number.parse().unwrap(), counter.parse().unwrap());
        Plan::of(
            &number,
            &counter,
            ticket.as_ref(),
            &VoiceRules::default(),
            voices,
        )
    }

    /// What a language says, clip by clip.
    fn said(plan: &Plan, language: VoiceLanguage) -> Vec<String> {
        let tokens = plan.tokens.iter();
        tokens
            .filter_map(|token| match token {
                Token::Say(of, clip) if *of == language => Some(clip.text(language)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_call_is_said_in_chinese_and_in_the_ticket_s_language() {
        let plan = plan("A047", "3", Some("vi"), &all());
        assert_eq!(plan.tokens[0], Token::Chime);
        assert_eq!(plan.languages(), [VoiceLanguage::ZhTw, VoiceLanguage::Vi]);
        assert_eq!(
            said(&plan, VoiceLanguage::ZhTw),
            ["A", "0", "4", "7", "號，請到", "3", "號櫃台"]
        );
        assert_eq!(
            said(&plan, VoiceLanguage::Vi),
            ["số", "A", "0", "4", "7", "mời đến quầy", "3"]
        );
        assert_eq!(plan.instead, None);
    }

    #[test]
    fn a_language_is_said_once_and_one_without_a_voice_in_english() {
        for (ticket, languages, instead) in [
            (None, vec![VoiceLanguage::ZhTw], None),
            (Some("zh-Hant-TW"), vec![VoiceLanguage::ZhTw], None),
            (
                Some("km"),
                vec![VoiceLanguage::ZhTw, VoiceLanguage::En],
                Some(Some(VoiceLanguage::En)),
            ),
            (
                Some("fil"),
                vec![VoiceLanguage::ZhTw, VoiceLanguage::En],
                Some(Some(VoiceLanguage::En)),
            ),
        ] {
            let plan = plan("A047", "3", ticket, &all());
            assert_eq!(plan.languages(), languages, "{ticket:?}");
            assert_eq!(plan.instead.map(|i| i.said), instead, "{ticket:?}");
        }
        let chinese = [VoiceLanguage::ZhTw].into();
        let thai = plan("A047", "3", Some("th"), &chinese);
        assert_eq!(thai.languages(), [VoiceLanguage::ZhTw]);
        assert_eq!(thai.instead.map(|i| i.said), Some(None));
        assert_eq!(
            plan("A047", "3", None, &BTreeSet::new()).tokens,
            [Token::Chime]
        );
    }

    #[test]
    fn what_the_station_always_says_comes_between() {
        let rules = VoiceRules {
            always: vec![VoiceLanguage::NanTw, VoiceLanguage::HakTw],
            languages: [VoiceLanguage::Ja].into(),
            ..VoiceRules::default()
        };
        let (number, counter) = ("A001".parse().unwrap(), "1".parse().unwrap());
        let of = |tag: &str| {
            let tag: LanguageTag = tag.parse().unwrap();
            Plan::of(&number, &counter, Some(&tag), &rules, &all()).languages()
        };
        let local = [
            VoiceLanguage::ZhTw,
            VoiceLanguage::NanTw,
            VoiceLanguage::HakTw,
        ];
        assert_eq!(of("ja"), [&local[..], &[VoiceLanguage::Ja]].concat());
        // A language that the station leaves out is not said, and English neither.
        assert_eq!(of("vi"), local);
    }

    #[test]
    fn quiet_hours_leave_the_chime_or_the_voice_out() {
        let whole = plan("A047", "3", None, &all());
        assert_eq!(whole.clone().reduced(true, true), whole);
        assert_eq!(whole.clone().reduced(true, false).tokens, [Token::Chime]);
        assert!(
            !whole
                .clone()
                .reduced(false, true)
                .tokens
                .contains(&Token::Chime)
        );
        assert!(whole.reduced(false, false).tokens.is_empty());
    }

    #[test]
    fn a_number_with_a_kiosk_s_digit_is_spelt_in_its_order() {
        let mut tokens = Vec::new();
        spell(&mut tokens, VoiceLanguage::En, "A2-001");
        let clips: Vec<_> = tokens
            .iter()
            .map(|token| match token {
                Token::Say(_, clip) => clip.name(),
                _ => "breath".to_owned(),
            })
            .collect();
        assert_eq!(
            clips,
            [
                "letter-a", "digit-2", "breath", "digit-0", "digit-0", "digit-1"
            ]
        );
    }

    proptest! {
        /// Whoever writes down what is heard has the number and the counter, in every language.
        #[test]
        fn what_is_said_is_the_number_and_the_counter(
            series in "[A-Z]{1,2}", number in 1_u32..100_000, counter in "[A-Za-z0-9]{1,4}",
            ticket in proptest::option::of(prop::sample::select(vec!["zh-Hant-TW", "en", "vi", "id", "th", "fil", "my", "km", "ja", "ko"])),
        ) {
            let written = format!("{series}{number:03}");
            let plan = plan(&written, &counter, ticket, &all());
            for language in plan.languages() {
                let mut heard = String::new();
                for token in &plan.tokens {
                    match token {
                        Token::Say(of, Clip::Digit(digit)) if *of == language => heard.push(char::from(b'0' + digit)),
                        Token::Say(of, Clip::Letter(letter)) if *of == language => heard.push(*letter),
                        Token::Say(of, Clip::Between) if *of == language => heard.push('>'),
                        _ => {}
                    }
                }
                prop_assert_eq!(heard, format!("{}>{}", written, counter.to_ascii_uppercase()));
                let known = Clip::all_of(language);
                for token in &plan.tokens {
                    if let Token::Say(of, clip) = token && *of == language {
                        prop_assert!(known.contains(clip) && !clip.text(language).is_empty());
                    }
                }
            }
            prop_assert_eq!(plan.languages().first().copied(), Some(VoiceLanguage::ZhTw));
        }
    }
}
