//! A printer whose settings are reached by `GS ( E`.

use std::io;
use std::time::Duration;

use tokio::time::sleep;

use super::conversation::{Conversation, Heard};
use super::{Contact, ReadBack, Written};
use crate::escpos_settings::{Answer, Command, Decoder};
use crate::escpos_wire::{Answer as Awaited, DleEot, Return, ReturnDemux};
use crate::tool::catalog::{Place, SettingSpec, switches};
use crate::tool::snapshot::hex;
use crate::tool::value::SettingValue;

/// How long a printer is left alone after a write: while it writes its memory it takes no bytes,
/// and Epson asks that none be sent (TM-T81 specification, page 77). Lines without flow control do
/// not tell when it is done.
const WRITING: Duration = Duration::from_millis(250);
/// How often a question is asked.
const TRIES: usize = 2;

/// An open line to a printer.
#[derive(Debug)]
pub(crate) struct Printer {
    talk: Conversation,
}

impl Printer {
    pub(crate) fn new(talk: Conversation) -> Self {
        Self { talk }
    }

    /// The line, for questions of other kinds.
    pub(crate) fn talk(&self) -> &Conversation {
        &self.talk
    }

    /// Whether it answers a status request in real time, which prints and changes nothing.
    pub(crate) async fn answers(&self) -> io::Result<bool> {
        for _ in 0..TRIES {
            let asked = self.status(DleEot::Printer).await?;
            if asked.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Looks for a printer about which nothing is known. Bytes of any value look like a status now and then: it is one that
    /// gives all four, and the same ones again.
    pub(crate) async fn contact(&self) -> io::Result<Option<Contact>> {
        let mut is_noisy = false;
        for _ in 0..TRIES {
            let heard = self.ask_status(DleEot::Printer).await?;
            if heard.found.is_some() {
                let (once, again) = (self.all_statuses().await?, self.all_statuses().await?);
                let is_printer = once.is_some() && once == again;
                return Ok(Some(match is_printer {
                    true => Contact::Status,
                    false => Contact::Noise,
                }));
            }
            is_noisy |= !heard.bytes.is_empty();
        }
        Ok(is_noisy.then_some(Contact::Noise))
    }

    /// The bytes that answer all four status requests, if each is answered.
    async fn all_statuses(&self) -> io::Result<Option<Vec<u8>>> {
        let mut said = Vec::new();
        for kind in DleEot::ALL {
            match self.status(kind).await? {
                Some(byte) => said.push(byte),
                None => return Ok(None),
            }
        }
        Ok(Some(said))
    }

    /// The byte that answers `DLE EOT n`.
    pub(crate) async fn status(&self, kind: DleEot) -> io::Result<Option<u8>> {
        Ok(self.ask_status(kind).await?.found)
    }

    async fn ask_status(&self, kind: DleEot) -> io::Result<Heard<u8>> {
        self.talk
            .ask(&kind.request(), |heard| {
                let mut demux = ReturnDemux::default();
                demux.expect(Awaited::DleEot(kind));
                demux.feed(heard).into_iter().find_map(|said| match said {
                    Return::DleEot(Some(_), byte) => Some(byte),
                    _ => None,
                })
            })
            .await
    }

    /// Reads a setting.
    pub(crate) async fn read(&self, spec: &SettingSpec) -> io::Result<ReadBack> {
        let command = match spec.place {
            Place::MemorySwitch(number) => Command::ReadSwitches(number),
            Place::Customized(number) => Command::ReadValue(number),
            Place::Serial(item) => Command::ReadSerial(item),
            Place::Register { .. } | Place::SignAddress => return Ok(ReadBack::CannotTell),
        };
        for _ in 0..TRIES {
            let heard = self.settings(command, |answer| value(spec, answer)).await?;
            if let Some((value, answer)) = heard {
                return Ok(ReadBack::Value {
                    value,
                    raw: hex(&answer.encode()),
                });
            }
        }
        Ok(ReadBack::Failed(
            "no answer; the model may not have it".to_owned(),
        ))
    }

    /// Changes settings; they take effect when the printer has started again after this.
    pub(crate) async fn write(
        &self,
        changes: &[(&SettingSpec, &SettingValue)],
    ) -> io::Result<Written> {
        let mut commands = Vec::new();
        for (spec, value) in changes {
            match write_command(spec, value) {
                Some(command) => commands.push(command),
                None => return Ok(Written::Refused(format!("{value} cannot be written"))),
            }
        }
        let entered = |answer: Answer| (answer == Answer::Entered).then_some(());
        if self.settings(Command::Enter, entered).await?.is_none() {
            // It may have heard us all the same.
            self.talk.say(&Command::Leave.encode()).await?;
            return Ok(Written::Refused(
                "it does not let its settings be changed".to_owned(),
            ));
        }
        for command in commands {
            self.talk.say(&command.encode()).await?;
            sleep(WRITING).await;
        }
        self.talk.say(&Command::Leave.encode()).await?;
        // The line may get another speed next, which would garble what is still on its way.
        sleep(WRITING).await;
        Ok(Written::Unanswered)
    }

    async fn settings<T>(
        &self,
        command: Command,
        mut wanted: impl FnMut(Answer) -> Option<T>,
    ) -> io::Result<Option<(T, Answer)>> {
        let heard = self
            .talk
            .ask(&command.encode(), |heard| {
                let answers = Decoder::default().feed(heard);
                answers
                    .into_iter()
                    .find_map(|answer| Some((wanted(answer)?, answer)))
            })
            .await?;
        Ok(heard.found)
    }
}

/// The value in an answer, if it is about this setting.
fn value(spec: &SettingSpec, answer: Answer) -> Option<SettingValue> {
    match (spec.place, answer) {
        (Place::MemorySwitch(_), Answer::Switches(on)) => {
            let word = on.map(|on| if on { '1' } else { '0' });
            Some(SettingValue::Word(word.iter().collect()))
        }
        (Place::Customized(asked), Answer::Value { number, value }) if asked == number => {
            Some(spec.value_of_code(value.into()))
        }
        (Place::Serial(asked), Answer::Serial { item, value }) if asked == item => {
            Some(spec.value_of_code(value))
        }
        _ => None,
    }
}

fn write_command(spec: &SettingSpec, value: &SettingValue) -> Option<Command> {
    match (spec.place, value) {
        (Place::MemorySwitch(switch), SettingValue::Word(word)) => Some(Command::WriteSwitches {
            switch,
            switches: switches(word)?,
        }),
        (Place::Customized(number), value) => Some(Command::WriteValue {
            number,
            value: u16::try_from(spec.code(value)?).ok()?,
        }),
        (Place::Serial(item), value) => Some(Command::WriteSerial {
            item,
            value: spec.code(value)?,
        }),
        _ => None,
    }
}
