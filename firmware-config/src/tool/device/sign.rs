//! A sign that speaks Alpha or AM03127: its address is the only setting of it that is known.

use std::io;
use std::num::NonZeroU8;

use super::conversation::Conversation;
use super::{Contact, ReadBack, Written};
use crate::modbus::Address;
use crate::tool::catalog::{Place, SettingSpec};
use crate::tool::value::SettingValue;
use crate::{alpha, am03127};

/// What it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Alpha,
    Am03127,
}

/// An open line to one address.
#[derive(Debug)]
pub(crate) struct Sign {
    talk: Conversation,
    language: Language,
    address: Address,
    retries: u32,
}

impl Sign {
    /// `retries`: how often a question is asked again.
    pub(crate) fn new(
        talk: Conversation,
        language: Language,
        address: Address,
        retries: u32,
    ) -> Self {
        Self {
            talk,
            language,
            address,
            retries,
        }
    }

    /// Speaks to another address from now on.
    pub(crate) fn address(&mut self, address: Address) {
        self.address = address;
    }

    /// Whether a new address goes to every sign on the line.
    pub(crate) fn tells_all(&self) -> bool {
        self.language == Language::Am03127
    }

    /// Looks for the sign with a question that changes nothing.
    pub(crate) async fn contact(&mut self) -> io::Result<Option<Contact>> {
        let Some(address) = NonZeroU8::new(self.address.get()) else {
            return Ok(None);
        };
        let (question, contact) = match self.language {
            Language::Alpha => {
                let question = alpha::ask_speaker(alpha::Target::One(address));
                (question, Contact::Status)
            }
            // A packet with a wrong sum, which it refuses.
            Language::Am03127 => {
                let question = am03127::refused(am03127::Target::One(address));
                (question, Contact::Refused)
            }
        };
        let language = self.language;
        let find = |heard: &[u8]| match language {
            Language::Alpha => alpha::parse_speaker(heard).map(drop),
            // `NACK`, or what is left of it.
            Language::Am03127 => heard.windows(3).any(|part| part == b"ACK").then_some(()),
        };
        let mut is_noisy = false;
        for _ in 0..=self.retries {
            let heard = self.talk.ask(&question.bytes(), find).await?;
            if heard.found.is_some() {
                return Ok(Some(contact));
            }
            is_noisy |= !heard.bytes.is_empty();
        }
        Ok(is_noisy.then_some(Contact::Noise))
    }

    /// It cannot tell its address otherwise than by answering at it.
    pub(crate) fn read(&self) -> ReadBack {
        ReadBack::CannotTell
    }

    /// Gives it another address.
    pub(crate) async fn write(
        &mut self,
        spec: &SettingSpec,
        value: &SettingValue,
    ) -> io::Result<Written> {
        let to = spec.code(value).and_then(|code| u8::try_from(code).ok());
        let (Place::SignAddress, Some(to), Some(from)) = (
            spec.place,
            to.and_then(NonZeroU8::new),
            NonZeroU8::new(self.address.get()),
        ) else {
            return Ok(Written::Refused(format!("{value} cannot be written")));
        };
        let message = match self.language {
            Language::Alpha => alpha::set_address(alpha::Target::One(from), to),
            Language::Am03127 => am03127::set_address(to),
        };
        // Whether it was taken is seen at the new address.
        for chunk in &message.chunks {
            self.talk.say(&chunk.bytes).await?;
        }
        Ok(Written::Unanswered)
    }
}
