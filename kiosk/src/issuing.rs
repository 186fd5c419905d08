//! Where a number comes from: the server, or the kiosk's own lease where the server does not answer in time.
//!
//! The ids of a press and of its ticket are minted and written down before the server is asked, so that one press is one
//! ticket whatever is lost: what the kiosk gave out by itself is told under the same ids, and the server then either
//! takes the ticket in or finds that it has given it out already, and the number on the paper holds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::{AgentCommand, StationInfo, TakenTicket, TicketIssued};
use queue_core::{BusinessDay, ClassId, CommandId, Estimate, LanguageTag, TicketId};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout_at};

use crate::agent::{Asked, NoTicket, Wish, local};
use crate::clock::Clock;
use crate::link::{Answer, Link, NoAnswer, StationView, fresh_id};
use crate::presses::{Press, Presses, ToTell};
use crate::settings::KioskSettings;

/// How long a visitor waits for the server where the kiosk has numbers of its own.
const OWN_NUMBER_AFTER: Duration = Duration::from_millis(800);
/// The same where only the server can say: appointments, sessions, a kiosk without a lease.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the server may take to answer what no visitor waits for.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// What the server could not take in is told again after so long.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// The lease is looked after at least so often.
const LEASE_EVERY: Duration = Duration::from_secs(600);

/// Gives out tickets, and tells the server of those it did not give out itself.
pub(crate) struct Issuing {
    link: Link,
    presses: Presses,
    clock: Arc<Clock>,
    priority_class: Option<ClassId>,
    default_class: Option<ClassId>,
    /// There is something to tell the server.
    news: Notify,
    /// Reports about tickets that the server does not know yet.
    later: Mutex<Vec<(TicketId, CommandId, AgentCommand)>>,
}

impl Issuing {
    pub(crate) fn new(settings: &KioskSettings, link: Link) -> Self {
        Self {
            presses: link.presses().clone(),
            clock: Arc::clone(link.clock()),
            link,
            priority_class: settings.priority_class.clone(),
            default_class: settings.default_class.clone(),
            news: Notify::new(),
            later: Mutex::default(),
        }
    }

    /// Whether tickets can be given out while the server is away, at least some.
    pub(crate) fn has_numbers(&self) -> bool {
        self.presses.lease().ok().flatten().is_some()
    }

    /// The tickets of which the server does not know.
    pub(crate) fn unknown_to_server(&self) -> Vec<TakenTicket> {
        self.presses.unknown_to_server().unwrap_or_else(|error| {
            tracing::error!("the tickets given out offline cannot be read: {error:#}");
            vec![]
        })
    }

    /// The date at the station.
    fn today(&self, station: Option<&StationInfo>) -> Option<BusinessDay> {
        day_of(local(station, self.clock.now()).date())
    }

    /// Whether the station is open, as far as the kiosk can know: as the server said last, or on another day by the hours
    /// of its file.
    pub(crate) fn is_open(&self, view: &StationView) -> bool {
        let station = view.station.as_deref();
        let now = local(station, self.clock.now());
        let board = view.board.as_deref();
        if let Some(board) = board.filter(|board| local(station, board.at).date() == now.date()) {
            return board.day.is_some() && !board.is_outside_hours();
        }
        let Some((opens, closes)) = station.map(|station| &station.hours) else {
            return false;
        };
        let at = |text: &str| text.parse::<jiff::civil::Time>().ok();
        match (at(opens), at(closes)) {
            (Some(opens), Some(closes)) => opens <= now.time() && now.time() < closes,
            _ => true,
        }
    }

    /// A ticket for a press.
    ///
    /// # Errors
    /// There is none, and none is left behind.
    pub(crate) async fn give_out(&self, wish: &Wish) -> Result<TicketIssued, NoTicket> {
        let ticket = TicketId(uuid::Uuid::new_v4().as_u128());
        let press = Press {
            key: wish.key,
            ticket,
            ask: self.ask_for(wish, ticket),
            at: self.clock.now(),
        };
        let is_noted = match self.presses.begin(&press) {
            Ok(true) => true,
            Ok(false) => return Err(NoTicket::Used),
            Err(error) => {
                tracing::error!("a press is not kept on disk: {error:#}");
                false
            }
        };
        let view = self.link.view();
        let own = is_noted && self.has_numbers() && may_be_own(&view, &wish.asked);
        let answer = match own {
            // Nobody waits for a server that is known to be away.
            true if !view.connected => Err(NoAnswer::NeverSent),
            true => self.ask(&press, OWN_NUMBER_AFTER).await,
            false => self.ask(&press, PATIENCE).await,
        };
        match answer {
            Ok(Answer::Done(Some(issued))) => {
                log(self.presses.given(press.key));
                Ok(*issued)
            }
            Ok(Answer::Refused(problem)) if problem.status < 500 => {
                log(self.presses.refused(press.key));
                Err(NoTicket::Refused(problem.code))
            }
            // No answer, or none that says whether there is a ticket.
            answer => {
                let issued = own.then(|| self.by_itself(&press, &view)).flatten();
                if issued.is_none() {
                    let may_be_given = !matches!(answer, Err(NoAnswer::NeverSent));
                    self.give_up(&press, is_noted, may_be_given);
                }
                self.news.notify_one();
                issued.ok_or(NoTicket::Unavailable)
            }
        }
    }

    fn ask_for(&self, wish: &Wish, ticket: TicketId) -> AgentCommand {
        let language = LanguageTag::new(wish.language.tag()).ok();
        match &wish.asked {
            Asked::Service {
                service,
                priority,
                party,
            } => AgentCommand::Issue {
                ticket: Some(ticket),
                service: service.clone(),
                class: self.priority_class.clone().filter(|_| *priority),
                language,
                then: vec![],
                persons: party.map_or(1, |party| party.persons),
                session: party.and_then(|party| party.session),
            },
            Asked::Appointment(text) => AgentCommand::CheckIn {
                ticket: Some(ticket),
                appointment: text.clone(),
                language,
            },
        }
    }

    async fn ask(&self, press: &Press, patience: Duration) -> Result<Answer, NoAnswer> {
        self.link.ask(press.key, press.ask.clone(), patience).await
    }

    /// Gives a press a number of the lease.
    fn by_itself(&self, press: &Press, view: &StationView) -> Option<TicketIssued> {
        let station = view.station.as_deref()?;
        let AgentCommand::Issue {
            service,
            class,
            language,
            ..
        } = &press.ask
        else {
            return None;
        };
        let info = station.service(service)?;
        let day = day_of(local(Some(station), press.at).date())?;
        let class = class.clone().or_else(|| self.default_class.clone())?;
        let taken = self.presses.take_number(press.key, &info.series, day);
        let own = taken.unwrap_or_else(|error| {
            tracing::error!("no number of the lease can be written down: {error:#}");
            None
        })?;
        tracing::warn!(number = %own.number, "the server does not answer: a number of the kiosk's own");
        let public_url = station.public_url.trim_end_matches('/');
        Some(TicketIssued {
            id: press.ticket,
            number: own.number,
            service: service.clone(),
            class,
            language: language.clone(),
            issued_at: press.at,
            ahead: 0,
            estimate: Estimate::CountOnly,
            page_url: format!("{public_url}/t/{}", press.ticket),
            rule: protocol::Names::default(),
            missed: protocol::Names::default(),
            matters: vec![],
            persons: 1,
            slot: None,
            seat: None,
            unverified: info.identity_check,
        })
    }

    fn give_up(&self, press: &Press, is_noted: bool, may_be_given: bool) {
        if is_noted && may_be_given {
            log(self.presses.void(press.key));
        } else if is_noted {
            log(self.presses.refused(press.key));
        } else if may_be_given {
            let ticket = press.ticket;
            self.link.tell(fresh_id(), AgentCommand::Cancel { ticket });
        }
    }

    /// Takes a ticket back: the visitor chose the wrong service.
    pub(crate) fn take_back(&self, ticket: TicketId) {
        let is_unknown = self.presses.take_back(ticket).unwrap_or_else(|error| {
            tracing::error!("a ticket taken back is not kept on disk: {error:#}");
            false
        });
        if !is_unknown {
            self.link.tell(fresh_id(), AgentCommand::Cancel { ticket });
        }
    }

    /// Tells the server something about a ticket, once it knows the ticket.
    pub(crate) fn tell_of(&self, ticket: TicketId, id: CommandId, report: AgentCommand) {
        let mut later = self.later();
        if self.presses.is_unknown_to_server(ticket).unwrap_or(false) {
            later.push((ticket, id, report));
        } else {
            self.link.tell(id, report);
        }
    }

    fn later(&self) -> MutexGuard<'_, Vec<(TicketId, CommandId, AgentCommand)>> {
        self.later.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the server what it does not know, in the order of the presses, and looks after the lease, for ever.
    pub(crate) async fn follow_server(self: Arc<Self>) {
        let mut view = self.link.watch();
        // The connection and the day for which the lease was asked for last.
        let mut asked_for = None;
        loop {
            if view.wait_for(|view| view.connected).await.is_err() {
                return;
            }
            let told = match self.presses.next_to_tell() {
                Ok(Some(to_tell)) => self.tell(to_tell).await,
                Ok(None) => {
                    self.look_after_lease(&mut asked_for, &mut view).await;
                    continue;
                }
                Err(error) => {
                    tracing::error!("what the server is to be told cannot be read: {error:#}");
                    false
                }
            };
            if !told {
                sleep(AGAIN_AFTER).await;
            }
        }
    }

    /// `false`: it has to be told again.
    async fn tell(&self, to_tell: ToTell) -> bool {
        match to_tell {
            ToTell::Taken(key, taken) => {
                let (ticket, number) = (taken.ticket, taken.number.clone());
                let taken_back = taken.taken_back;
                // An id that a repeat has again, also after a restart; taken back, it is another thing to tell.
                let id = CommandId(ticket.0 ^ u128::from(taken_back));
                let tell = AgentCommand::TakeIn(taken);
                match self.link.ask(id, tell, ANSWERED_WITHIN).await {
                    Ok(Answer::Done(_)) => {
                        tracing::info!(%number, "the server has taken a ticket in");
                        log(self.presses.taken_in(key, taken_back));
                        self.tell_what_waited(ticket);
                        true
                    }
                    Ok(Answer::Refused(problem)) if is_final(problem.status, &problem.code) => {
                        tracing::error!(%number, code = problem.code, "the server does not take a ticket in");
                        log(self.presses.refused(key));
                        self.tell_what_waited(ticket);
                        true
                    }
                    Ok(Answer::Refused(_)) | Err(_) => false,
                }
            }
            ToTell::Void(press) => {
                let asked = self.link.ask(press.key, press.ask, ANSWERED_WITHIN).await;
                let ticket = match asked {
                    Ok(Answer::Done(Some(issued))) => issued.id,
                    Ok(Answer::Done(None)) => press.ticket,
                    Ok(Answer::Refused(problem)) if is_final(problem.status, &problem.code) => {
                        log(self.presses.told(press.key));
                        return true;
                    }
                    Ok(Answer::Refused(_)) | Err(_) => return false,
                };
                let cancel = AgentCommand::Cancel { ticket };
                let done = match self.link.ask(fresh_id(), cancel, ANSWERED_WITHIN).await {
                    Ok(Answer::Done(_)) => true,
                    Ok(Answer::Refused(problem)) => problem.status < 500,
                    Err(_) => false,
                };
                if done {
                    log(self.presses.told(press.key));
                }
                done
            }
        }
    }

    fn tell_what_waited(&self, ticket: TicketId) {
        let mut later = self.later();
        let (now, still): (Vec<_>, Vec<_>) = later.drain(..).partition(|(of, ..)| *of == ticket);
        *later = still;
        for (_, id, report) in now {
            self.link.tell(id, report);
        }
    }

    /// Asks for numbers where the connection or the day is another than last time; then waits until there is something
    /// to do.
    async fn look_after_lease(
        &self,
        asked_for: &mut Option<(u64, Option<BusinessDay>)>,
        view: &mut watch::Receiver<StationView>,
    ) {
        let now = view.borrow_and_update().clone();
        let day = now.board.as_deref().and_then(|board| board.day);
        let about = (now.connection, day);
        if *asked_for != Some(about) && day.is_some() {
            if !self.ask_for_lease(&now).await {
                return sleep(AGAIN_AFTER).await;
            }
            *asked_for = Some(about);
        }
        let until = Instant::now() + LEASE_EVERY;
        let asked_again = loop {
            tokio::select! {
                () = self.news.notified() => break false,
                changed = timeout_at(until, view.changed()) => match changed {
                    Err(_) => break true,
                    // Whoever follows the view notices that it has ended.
                    Ok(Err(_)) => return,
                    Ok(Ok(())) => {
                        let now = view.borrow_and_update();
                        let day = now.board.as_deref().and_then(|board| board.day);
                        if !now.connected || (now.connection, day) != about {
                            break false;
                        }
                    }
                },
            }
        };
        if asked_again {
            *asked_for = None;
        }
    }

    async fn ask_for_lease(&self, view: &StationView) -> bool {
        let today = self.today(view.station.as_deref());
        let used = today.map(|today| self.presses.used(today));
        let (Ok(held), Ok(used)) = (self.presses.lease(), used.unwrap_or(Ok(0))) else {
            return false;
        };
        let wish = AgentCommand::LeaseNumbers {
            holds: held.map(|lease| lease.id),
            used,
        };
        match self
            .link
            .ask_for_lease(fresh_id(), wish, ANSWERED_WITHIN)
            .await
        {
            Some(lease) => {
                log(self.presses.set_lease(&lease, view.epoch.as_deref()));
                true
            }
            None => false,
        }
    }
}

/// Whether a refusal will be the same when it is told again: not one for too many tries, nor that of a closed day.
fn is_final(status: u16, code: &str) -> bool {
    status < 500 && status != 429 && code != "day_closed"
}

/// Only the server knows the appointments and the seats of the sessions.
fn may_be_own(view: &StationView, asked: &Asked) -> bool {
    let Asked::Service { service, party, .. } = asked else {
        return false;
    };
    let station = view.station.as_deref();
    let info = station.and_then(|station| station.service(service));
    party.is_none() && info.is_some_and(|info| !info.sessions)
}

fn day_of(date: jiff::civil::Date) -> Option<BusinessDay> {
    Some(BusinessDay {
        year: u16::try_from(date.year()).ok()?,
        month: u8::try_from(date.month()).ok()?,
        day: u8::try_from(date.day()).ok()?,
    })
}

/// A kiosk whose disk fails goes on: what is not noted is said in the log.
fn log(noted: anyhow::Result<()>) {
    if let Err(error) = noted {
        tracing::error!("the book of the tickets cannot be written: {error:#}");
    }
}
