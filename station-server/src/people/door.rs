//! Where visitors take and give back tickets: the kiosk's touch page, or the station's own interface where no kiosk
//! stands, and the phone.

use protocol::{DeviceView, Role};
use queue_core::TicketId;
use reqwest::header::LOCATION;
use reqwest::{Client, Response};
use serde::Deserialize;
use serde_json::json;

use super::custom::Wish;
use crate::app::App;

/// Why a visitor did not get what they came for.
#[derive(Debug, thiserror::Error)]
pub(super) enum Setback {
    /// No answer.
    #[error(transparent)]
    Unreachable(#[from] reqwest::Error),
    /// A refusal.
    #[error("refused with {0}")]
    Refused(reqwest::StatusCode),
    /// The kiosk shows another page than that of a ticket.
    #[error("the kiosk gave no ticket")]
    NoPaper,
}

/// The hall's door.
pub(super) struct Door {
    /// For requests.
    pub(super) http: Client,
    /// For the address of the kiosk's page.
    pub(super) app: App,
    /// `http://host:port` of the station.
    pub(super) server: String,
    /// Bearer token of a kiosk.
    pub(super) token: &'static str,
}

#[derive(Deserialize)]
struct Issued {
    id: TicketId,
}

impl Door {
    /// Takes a ticket; its id, where the visitor gets to know it.
    ///
    /// # Errors
    /// Refused, or no answer.
    pub(super) async fn take_ticket(&self, wish: &Wish) -> Result<Option<TicketId>, Setback> {
        match kiosk_page(self.app.hub.devices()) {
            Some(page) => {
                let ticket = self.touch(&page, wish).await?;
                if let Some(ticket) =
                    ticket.filter(|_| wish.is_for_more() && !self.has_sessions(wish))
                {
                    self.say_more(&page, ticket, wish).await?;
                }
                Ok(ticket)
            }
            None => self.ask_station(wish).await,
        }
    }

    /// A party says how many it is with the session, before the ticket.
    fn has_sessions(&self, wish: &Wish) -> bool {
        let service = self.app.info.service(&wish.service);
        service.is_some_and(|service| service.sessions)
    }

    /// Says on the kiosk's page behind the ticket what else it is to be. Who is refused keeps the ticket as it is.
    async fn say_more(&self, page: &str, ticket: TicketId, wish: &Wish) -> Result<(), Setback> {
        let address = format!("{}/ticket/{ticket}/more", page.trim_end_matches('/'));
        let persons = wish.persons.to_string();
        let people = (wish.persons > 1).then(|| vec![("persons", persons.as_str())]);
        let also = wish.also.as_ref().map(|also| vec![("add", also.as_str())]);
        for form in [also, people].into_iter().flatten() {
            self.http.post(&address).form(&form).send().await?;
        }
        Ok(())
    }

    /// Sends the form of the kiosk's page, as a touch on a service does.
    async fn touch(&self, page: &str, wish: &Wish) -> Result<Option<TicketId>, Setback> {
        let key = uuid::Uuid::new_v4().simple().to_string();
        let mut form = vec![("service", wish.service.as_str()), ("key", key.as_str())];
        let persons = wish.persons.to_string();
        if self.has_sessions(wish) {
            form.push(("persons", persons.as_str()));
        }
        form.extend(wish.language.as_ref().map(|tag| ("lang", tag.as_str())));
        form.extend(wish.class.as_ref().map(|class| ("class", class.as_str())));
        let address = format!("{}/ticket", page.trim_end_matches('/'));
        let answer = self.http.post(address).form(&form).send().await?;
        if !answer.status().is_redirection() {
            return Err(Setback::Refused(answer.status()));
        }
        ticket_page(&answer).map(Some).ok_or(Setback::NoPaper)
    }

    /// Checks in with the code of an appointment, at the kiosk where one stands; the ticket.
    ///
    /// # Errors
    /// Refused, or no answer.
    pub(super) async fn check_in(&self, code: &str) -> Result<Option<TicketId>, Setback> {
        if let Some(page) = kiosk_page(self.app.hub.devices()) {
            let key = uuid::Uuid::new_v4().simple().to_string();
            let form = [("appointment", code), ("key", key.as_str())];
            let address = format!("{}/appointment", page.trim_end_matches('/'));
            let answer = self.http.post(address).form(&form).send().await?;
            return ticket_page(&answer).map(Some).ok_or(Setback::NoPaper);
        }
        let request = self
            .http
            .post(format!("{}/api/v1/appointments/check-in", self.server));
        let body = json!({"appointment": code, "channel": "kiosk"});
        let answer = request.bearer_auth(self.token).json(&body).send().await?;
        if !answer.status().is_success() {
            return Err(Setback::Refused(answer.status()));
        }
        let issued: Issued = answer.json().await?;
        Ok(Some(issued.id))
    }

    async fn ask_station(&self, wish: &Wish) -> Result<Option<TicketId>, Setback> {
        let request = self.http.post(format!("{}/api/v1/tickets", self.server));
        let body = json!({
            "service": wish.service,
            "class": wish.class,
            "language": wish.language,
            "channel": "kiosk",
            "then": wish.also.iter().collect::<Vec<_>>(),
            "persons": wish.persons,
        });
        let answer = request.bearer_auth(self.token).json(&body).send().await?;
        if !answer.status().is_success() {
            return Err(Setback::Refused(answer.status()));
        }
        let issued: Issued = answer.json().await?;
        Ok(Some(issued.id))
    }

    /// Gives a ticket back on the phone.
    ///
    /// # Errors
    /// Refused, as when the visitor has just been called, or no answer.
    pub(super) async fn give_up(&self, ticket: TicketId) -> Result<(), Setback> {
        let address = format!("{}/api/v1/tickets/{ticket}/cancel", self.server);
        let answer = self.http.post(address).send().await?;
        if answer.status().is_success() {
            Ok(())
        } else {
            Err(Setback::Refused(answer.status()))
        }
    }
}

/// The touch page of a kiosk that is there.
fn kiosk_page(devices: Vec<DeviceView>) -> Option<String> {
    let mut kiosks = devices
        .into_iter()
        .filter(|d| d.role == Role::Kiosk && d.connected);
    kiosks.find_map(|kiosk| kiosk.page_url)
}

/// The ticket whose page the kiosk shows next.
fn ticket_page(answer: &Response) -> Option<TicketId> {
    ticket_of(answer.headers().get(LOCATION)?.to_str().ok()?)
}

fn ticket_of(location: &str) -> Option<TicketId> {
    let (_, rest) = location.rsplit_once("/ticket/")?;
    let id = rest.split_once('?').map_or(rest, |(id, _)| id);
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ticket_is_known_by_its_page() {
        let id = TicketId(0xabc);
        assert_eq!(ticket_of(&format!("/ticket/{id}?lang=vi")), Some(id));
        assert_eq!(
            ticket_of(&format!("http://127.0.0.1:8081/ticket/{id}")),
            Some(id)
        );
        assert_eq!(ticket_of("/no-ticket?lang=vi"), None);
        assert_eq!(ticket_of("/?lang=vi"), None);
    }

    #[test]
    fn only_a_kiosk_that_is_there_is_used() {
        let device = |role, connected, page_url: Option<&str>| DeviceView {
            agent: "X".into(),
            role,
            connected,
            last_seen: queue_core::StationTime(0),
            page_url: page_url.map(str::to_owned),
            devices: vec![],
        };
        let display = device(Role::Display, true, Some("http://d"));
        let gone = device(Role::Kiosk, false, Some("http://gone"));
        let kiosk = device(Role::Kiosk, true, Some("http://k"));
        assert_eq!(kiosk_page(vec![display.clone(), gone.clone()]), None);
        assert_eq!(
            kiosk_page(vec![display, gone, kiosk]).as_deref(),
            Some("http://k")
        );
    }

    proptest! {
        #[test]
        fn no_location_upsets_a_visitor(location in ".*") {
            let _ = ticket_of(&location);
        }
    }
}
