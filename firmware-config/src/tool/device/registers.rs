//! A device whose settings are Modbus registers.

use std::io;

use super::conversation::{Conversation, Heard};
use super::{Contact, ReadBack, Written};
use crate::modbus::{Action, Address, Reply, Request, crc16};
use crate::profile::DeviceProfile;
use crate::tool::catalog::{Place, SettingSpec};
use crate::tool::snapshot::hex;
use crate::tool::value::SettingValue;

/// Function 08, sub-function 0, of the Modbus application protocol (V1.1b3, 6.8): give back the two
/// bytes that follow. It changes nothing.
const ECHO: [u8; 5] = [0x08, 0x00, 0x00, 0xa5, 0x5a];

/// An open line to one address.
#[derive(Debug)]
pub(crate) struct Registers {
    talk: Conversation,
    address: Address,
    retries: u32,
    /// The adapter gives back what is sent.
    hears_itself: bool,
}

impl Registers {
    /// `retries`: how often a question is asked again.
    pub(crate) fn new(talk: Conversation, address: Address, retries: u32) -> Self {
        Self {
            talk,
            address,
            retries,
            hears_itself: false,
        }
    }

    /// Speaks to another address from now on.
    pub(crate) fn address(&mut self, address: Address) {
        self.address = address;
    }

    /// The line.
    pub(crate) fn talk(&mut self) -> &mut Conversation {
        &mut self.talk
    }

    /// Looks for a device with questions that change nothing: a register is read, then two bytes
    /// are asked back. A refusal is an answer, too.
    pub(crate) async fn contact(&mut self) -> io::Result<Option<Contact>> {
        let mut noise = false;
        let mut tries = 0;
        // What was not understood may have been an answer that came late: it is asked for again.
        while tries <= self.retries + u32::from(noise) {
            tries += 1;
            let action = Action::Read {
                register: 0,
                count: 1,
            };
            let read = self.exchange(action).await?;
            noise |= !read.bytes.is_empty();
            match read.found {
                Some(Reply::Values(_) | Reply::Written) => return Ok(Some(Contact::Read)),
                Some(Reply::Refused(why)) => return Ok(Some(Contact::Refusal(why.0))),
                None => {}
            }
            let echoed = self.echo().await?;
            noise |= !echoed.bytes.is_empty();
            if let Some(contact) = echoed.found {
                return Ok(Some(contact));
            }
        }
        Ok(noise.then_some(Contact::Noise))
    }

    /// Looks for a device that answers writes only, by blanking what it shows.
    pub(crate) async fn contact_by_blanking(
        &mut self,
        profile: &DeviceProfile,
    ) -> io::Result<Option<Contact>> {
        let text = profile.display.as_ref().and_then(|d| d.text.as_ref());
        let Some((text, len)) = text.and_then(|text| Some((text, text.len?))) else {
            return Ok(None);
        };
        let chars_per_register = text.chars_per_reg.unwrap_or(1).max(1);
        let registers = usize::from(len / chars_per_register).max(1);
        let blank = if chars_per_register == 1 {
            u16::from(b' ')
        } else {
            u16::from_be_bytes([b' ', b' '])
        };
        let action = Action::WriteMany {
            register: text.reg,
            values: vec![blank; registers],
        };
        let reply = self.exchange(action).await?;
        Ok(reply.found.map(|_| Contact::Write))
    }

    /// Reads a setting.
    pub(crate) async fn read(&mut self, spec: &SettingSpec) -> io::Result<ReadBack> {
        let Place::Register {
            read: Some(register),
            ..
        } = spec.place
        else {
            return Ok(ReadBack::CannotTell);
        };
        for _ in 0..=self.retries {
            let action = Action::Read { register, count: 1 };
            let heard = self.exchange(action).await?;
            match heard.found {
                Some(Reply::Values(values)) if values.len() == 1 => {
                    return Ok(ReadBack::Value {
                        value: spec.value_of_code(values[0].into()),
                        raw: hex(&heard.bytes),
                    });
                }
                Some(Reply::Refused(why)) => return Ok(ReadBack::Failed(why.to_string())),
                _ => {}
            }
        }
        Ok(ReadBack::Failed("no answer".to_owned()))
    }

    /// Writes a setting, once: each write wears the device's memory.
    pub(crate) async fn write(
        &mut self,
        spec: &SettingSpec,
        value: &SettingValue,
    ) -> io::Result<Written> {
        let (
            Place::Register {
                write, write_many, ..
            },
            Some(Ok(code)),
        ) = (spec.place, spec.code(value).map(u16::try_from))
        else {
            return Ok(Written::Refused(format!("{value} cannot be written")));
        };
        self.write_register(write, code, write_many).await
    }

    /// Writes a register, once.
    pub(crate) async fn write_register(
        &mut self,
        register: u16,
        value: u16,
        many: bool,
    ) -> io::Result<Written> {
        let action = if many {
            Action::WriteMany {
                register,
                values: vec![value],
            }
        } else {
            Action::WriteOne { register, value }
        };
        Ok(match self.exchange(action).await?.found {
            Some(Reply::Refused(why)) => Written::Refused(why.to_string()),
            Some(_) => Written::Acknowledged,
            None => Written::Unanswered,
        })
    }

    async fn exchange(&mut self, action: Action) -> io::Result<Heard<Reply>> {
        let request = Request {
            address: self.address,
            action,
        };
        let frame = request.encode();
        self.hear(&frame, |heard| Some(request.find_reply(heard)?.1))
            .await
    }

    async fn echo(&mut self) -> io::Result<Heard<Contact>> {
        let address = self.address.get();
        let frame = with_crc(&[&[address][..], &ECHO[..]].concat());
        let echoed = frame.clone();
        self.hear(&frame, move |heard| {
            if heard.windows(echoed.len()).any(|part| part == echoed) {
                return Some(Contact::Echo);
            }
            let is_refusal = |part: &&[u8]| {
                part.starts_with(&[address, ECHO[0] | 0x80]) && with_crc(&part[..3]) == *part
            };
            let refusal = heard.windows(5).find(is_refusal)?;
            Some(Contact::Refusal(refusal[2]))
        })
        .await
    }

    /// Asks, leaving out our own bytes where the adapter gives them back. That it does is learnt
    /// from the first question, to which no right answer begins like the question.
    async fn hear<T>(
        &mut self,
        frame: &[u8],
        mut find: impl FnMut(&[u8]) -> Option<T>,
    ) -> io::Result<Heard<T>> {
        let is_read = frame.get(1) == Some(&0x03);
        let mut hears_itself = self.hears_itself;
        let mut heard = self
            .talk
            .ask(frame, |heard| {
                hears_itself |= is_read && heard.starts_with(frame);
                let own = if hears_itself { frame } else { &[] };
                find(heard.strip_prefix(own)?)
            })
            .await?;
        self.hears_itself = hears_itself;
        if hears_itself && heard.bytes.starts_with(frame) {
            heard.bytes.drain(..frame.len());
        }
        Ok(heard)
    }
}

fn with_crc(body: &[u8]) -> Vec<u8> {
    let mut frame = body.to_vec();
    frame.extend(crc16(body).to_le_bytes());
    frame
}
