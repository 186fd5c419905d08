//! The fields of a page's form, and the answers to it.

use std::borrow::Cow;

use axum::extract::{Form, FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use queue_core::StationTime;
use screens::{Texts, t};

use crate::access::Principal;
use crate::app::{App, RequestKey};
use crate::problem::ApiProblem;

/// A submitted form: names and values in their order. A name may come more than once.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl FromRequest<App> for Fields {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiProblem> {
        let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
        form.map(|Form(pairs)| Self(pairs))
            .map_err(|e| ApiProblem::invalid(format!("the form could not be read: {e}")))
    }
}

impl Fields {
    /// A field's value without blanks around it; none where it is absent or empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value.trim()).filter(|value| !value.is_empty())
    }

    /// A field's value without blanks around it, which is not among the fields any more.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let value = self.get(name).map(ToOwned::to_owned);
        self.0.retain(|(key, _)| key != name);
        value
    }

    /// One more field.
    pub(super) fn put(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// All values of a field, such as the ticked boxes of a group.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A field of a type that is read from text.
    ///
    /// # Errors
    /// 400 where the text is not of that type.
    pub(super) fn parse<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, ApiProblem> {
        self.get(name)
            .map(|text| {
                text.parse()
                    .map_err(|_| ApiProblem::invalid(format!("the field `{name}`")))
            })
            .transpose()
    }

    /// The identity of this request: the same form of the same page, sent twice, acts once.
    pub(super) fn request_key(&self, principal: &Principal, address: &str) -> RequestKey {
        let whole: String = std::iter::once(address.to_owned())
            .chain(
                self.0
                    .iter()
                    .map(|(name, value)| format!("{}:{name}={}:{value};", name.len(), value.len())),
            )
            .collect();
        RequestKey::new(
            principal,
            self.get("key").map(|_| whole.as_str()),
            &[whole.as_bytes()],
        )
    }
}

#[cfg(test)]
impl Fields {
    /// Fields as if they had been submitted.
    pub(super) fn of(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }
}

/// Sends the browser to another page after a form.
pub(super) fn see_other(url: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, url.to_owned())]).into_response()
}

/// The words for a refusal's stable code; a code without words is a fault of ours.
pub(super) fn refusal(texts: &'static Texts, code: &str) -> Cow<'static, str> {
    texts
        .find(&format!("error-{code}"), &[])
        .unwrap_or_else(|| t!(texts, "error-internal"))
}

/// The time of day in the station, `09:05`; empty for a moment outside the calendar.
pub(crate) fn hh_mm(zone: &TimeZone, at: StationTime) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|stamp| screens::format::hh_mm(stamp.to_zoned(zone.clone()).time()))
        .unwrap_or_default()
}

/// The same with its seconds.
pub(super) fn hh_mm_ss(zone: &TimeZone, at: StationTime) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map(|stamp| {
            stamp
                .to_zoned(zone.clone())
                .strftime("%H:%M:%S")
                .to_string()
        })
        .unwrap_or_default()
}

/// A fresh key that makes a page's forms act once each.
pub(super) fn fresh_key() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_without_its_blanks_and_an_empty_one_is_not() {
        let fields = Fields::of(&[
            ("number", " A047 "),
            ("empty", "  "),
            ("r", "a"),
            ("r", "b"),
        ]);
        assert_eq!(fields.get("number"), Some("A047"));
        assert_eq!(fields.get("empty"), None);
        assert_eq!(fields.all("r").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(Fields::of(&[("m", "15")]).parse::<u32>("m"), Ok(Some(15)));
        assert!(Fields::of(&[("m", "x")]).parse::<u32>("m").is_err());
    }

    #[test]
    fn what_is_taken_out_is_in_the_form_no_more() {
        let mut fields = Fields::of(&[("person", " A1 "), ("key", "k"), ("person", "A2")]);
        assert_eq!(fields.take("person").as_deref(), Some("A1"));
        assert_eq!(fields.take("person"), None);
        fields.put("person", "f00d".to_owned());
        assert_eq!(fields.get("person"), Some("f00d"));
        assert_eq!(fields.get("key"), Some("k"));
    }

    #[test]
    fn the_same_form_twice_is_one_request_and_another_form_is_another() {
        let id = |pairs: &[(&str, &str)]| {
            Fields::of(pairs)
                .request_key(&Principal::public(), "/console/3/finish")
                .command_ref()
        };
        let once = id(&[("key", "k"), ("ticket", "1")]);
        assert_eq!(once, id(&[("key", "k"), ("ticket", "1")]));
        assert_ne!(once.id, id(&[("key", "l"), ("ticket", "1")]).id);
        assert_ne!(once.id, id(&[("key", "k"), ("ticket", "2")]).id);
        assert_ne!(id(&[("ticket", "1")]).id, id(&[("ticket", "1")]).id);
    }
}
