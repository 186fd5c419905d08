//! A clerk's hands: keys of the counter's keypad where it has one, and otherwise the interface the console uses.

use std::time::Duration;

use firmware_config::caller_pad::{Key, Score};
use firmware_config::simulate::PadHandle;
use queue_core::CounterId;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::clerk::{Act, Outcome};

/// A press that is neither acknowledged nor lost by then counts as lost.
const PRESS: Duration = Duration::from_secs(3);

/// Ways to act at a counter.
pub(super) struct Hands {
    /// For requests.
    pub(super) http: Client,
    /// `http://host:port` of the station.
    pub(super) server: String,
    /// Bearer token of a counter.
    pub(super) token: &'static str,
    /// Which counter.
    pub(super) counter: CounterId,
    /// Its keypad.
    pub(super) pad: Option<PadHandle>,
}

impl Hands {
    /// Does it. A press on a keypad that nobody acknowledges is done by hand on the console.
    pub(super) async fn act(&self, act: &Act) -> Outcome {
        if let Some(pad) = &self.pad
            && let Some(press) = press(act)
            && pressed(pad, press).await
        {
            return Outcome::Taken;
        }
        let (path, body) = request(&self.counter, act);
        let mut request = self.http.post(format!("{}{path}", self.server)).json(&body);
        if !matches!(act, Act::Rate(..)) {
            request = request.bearer_auth(self.token);
        }
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Outcome::Taken,
            Ok(answer) => {
                let status = answer.status();
                let why = answer.text().await.unwrap_or_default();
                tracing::debug!(counter = %self.counter, ?act, %status, why, "refused");
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    Outcome::Unknown
                } else {
                    Outcome::Refused
                }
            }
            Err(error) => {
                tracing::debug!(counter = %self.counter, ?act, %error, "no answer");
                Outcome::Unknown
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Press {
    Key(Vec<u8>, Key),
    Stars(Score),
}

/// What to press for an act; none for what a keypad cannot do.
fn press(act: &Act) -> Option<Press> {
    let digits = |text: String| -> Option<Vec<u8>> {
        text.chars()
            .map(|c| c.to_digit(10).and_then(|d| u8::try_from(d).ok()))
            .collect()
    };
    let (digits, key) = match act {
        Act::Open(_) | Act::Start(_) => return None,
        Act::Rate(_, score, at_pad) => {
            return Score::new(*score).filter(|_| *at_pad).map(Press::Stars);
        }
        Act::Pause(_) | Act::Return => (vec![], Key::Pause),
        Act::CallNext | Act::FinishAndNext(_) => (vec![], Key::CallNext),
        Act::CallBack(_, number) => (digits(format!("{:03}", number.number))?, Key::CallNext),
        Act::Recall(_) => (vec![], Key::Recall),
        Act::Finish(_) => (vec![], Key::Confirm),
        Act::NoShow(_) => (vec![6], Key::Confirm),
        Act::Hold(..) => (vec![0], Key::Confirm),
        Act::Transfer(_, to) => (digits(to.to_string())?, Key::Transfer),
    };
    Some(Press::Key(digits, key))
}

/// Presses, and tells whether the station has acknowledged it.
async fn pressed(pad: &PadHandle, press: Press) -> bool {
    let mut seen = pad.watch();
    let before = (pad.view().acknowledged, pad.view().lost);
    match press {
        Press::Key(digits, key) => pad.press(&digits, key),
        Press::Stars(score) => pad.rate(score),
    }
    let settled = seen.wait_for(|view| (view.acknowledged, view.lost) != before);
    match tokio::time::timeout(PRESS, settled).await {
        Ok(Ok(view)) => view.acknowledged != before.0,
        Ok(Err(_)) | Err(_) => false,
    }
}

/// Path and body of the request for an act.
fn request(counter: &CounterId, act: &Act) -> (String, Value) {
    let (action, body) = match act {
        Act::Rate(ticket, score, _) => {
            return (
                "/api/v1/ratings".into(),
                json!({"ticket": ticket, "score": score}),
            );
        }
        Act::Open(staff) => ("open", json!({"staff": staff})),
        Act::Pause(minutes) => ("pause", json!({"reason": "lunch", "minutes": minutes})),
        Act::Return => ("open", json!({})),
        Act::CallNext => ("call-next", json!({})),
        Act::CallBack(ticket, _) => ("resume", json!({"ticket": ticket})),
        Act::Recall(ticket) => ("recall", json!({"ticket": ticket})),
        Act::Start(ticket) => ("start", json!({"ticket": ticket})),
        Act::Finish(ticket) => ("finish", json!({"ticket": ticket})),
        Act::FinishAndNext(ticket) => ("finish-and-next", json!({"ticket": ticket})),
        Act::NoShow(ticket) => ("no-show", json!({"ticket": ticket})),
        Act::Hold(ticket, reason) => ("hold", json!({"ticket": ticket, "reason": reason})),
        Act::Transfer(ticket, to) => ("transfer", json!({"ticket": ticket, "counter": to})),
    };
    (format!("/api/v1/counters/{counter}/{action}"), body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use queue_core::TicketId;

    const TICKET: TicketId = TicketId(7);

    #[test]
    fn a_keypad_does_what_it_has_keys_for() {
        let key = |digits: &[u8], key| Some(Press::Key(digits.to_vec(), key));
        for (act, expected) in [
            (Act::CallNext, key(&[], Key::CallNext)),
            (Act::FinishAndNext(TICKET), key(&[], Key::CallNext)),
            (
                Act::CallBack(TICKET, "A047".parse().unwrap()),
                key(&[0, 4, 7], Key::CallNext),
            ),
            (Act::Finish(TICKET), key(&[], Key::Confirm)),
            (Act::NoShow(TICKET), key(&[6], Key::Confirm)),
            (Act::Hold(TICKET, "form"), key(&[0], Key::Confirm)),
            (
                Act::Transfer(TICKET, "12".parse().unwrap()),
                key(&[1, 2], Key::Transfer),
            ),
            (Act::Transfer(TICKET, "east".parse().unwrap()), None),
            (Act::Start(TICKET), None),
            (
                Act::Rate(TICKET, 4, true),
                Some(Press::Stars(Score::new(4).unwrap())),
            ),
            (Act::Rate(TICKET, 4, false), None),
        ] {
            assert_eq!(press(&act), expected, "{act:?}");
        }
    }

    #[test]
    fn a_request_names_whom_the_clerk_sees() {
        let three: CounterId = "3".parse().unwrap();
        let (path, body) = request(&three, &Act::Finish(TICKET));
        assert_eq!(path, "/api/v1/counters/3/finish");
        assert_eq!(body, json!({"ticket": TICKET}));
        let (path, body) = request(&three, &Act::Transfer(TICKET, "5".parse().unwrap()));
        assert_eq!(
            (path.as_str(), &body["counter"]),
            ("/api/v1/counters/3/transfer", &json!("5"))
        );
    }
}
