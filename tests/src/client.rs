//! Requests to a station, as programs send them.

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A fresh idempotency key.
#[must_use]
pub fn new_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Somebody who talks to a station.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// What was asked, for failures.
    pub request: String,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as text.
    pub text: String,
}

impl Answer {
    /// The body, if the status is the expected one.
    ///
    /// # Panics
    /// When it is another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.request, self.text);
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// Checks that this is a problem with that status and code, complete as RFC 9457 has it, and returns its words.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn problem(self, status: u16, code: &str) -> String {
        let kind = self
            .headers
            .get("content-type")
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned);
        let request = self.request.clone();
        let body = self.expect(status);
        assert_eq!(
            kind.as_deref(),
            Some("application/problem+json"),
            "{request}"
        );
        assert_eq!(body["code"], code, "{request}: {body}");
        assert_eq!(body["status"], status, "{request}: {body}");
        assert!(
            body["title"].as_str().is_some_and(|t| !t.is_empty()),
            "{request}: {body}"
        );
        assert!(
            body["type"].as_str().is_some_and(|t| !t.is_empty()),
            "{request}: {body}"
        );
        body["detail"]
            .as_str()
            .unwrap_or_else(|| panic!("{request}: no detail in {body}"))
            .to_owned()
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

impl Client {
    /// A client without credentials; `base` ends without a slash.
    #[must_use]
    pub fn new(base: &str) -> Self {
        // A redirect is an answer of its own here.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a plain client can be built");
        Self {
            http,
            base: base.to_owned(),
            token: None,
        }
    }

    /// The same with a bearer token.
    #[must_use]
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// `GET`.
    ///
    /// # Panics
    /// When the station does not answer.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// `POST` with JSON and a fresh idempotency key.
    ///
    /// # Panics
    /// When the station does not answer.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_with_key(path, &new_key(), body).await
    }

    /// `POST` with JSON and that idempotency key.
    ///
    /// # Panics
    /// When the station does not answer.
    pub async fn post_with_key(&self, path: &str, key: &str, body: Value) -> Answer {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        self.send(Method::POST, path, &headers, Some(body.to_string()))
            .await
    }

    /// An action of a counter.
    ///
    /// # Panics
    /// When the station does not answer.
    pub async fn act(&self, counter: &str, action: &str, body: Value) -> Answer {
        self.post(&format!("/api/v1/counters/{counter}/{action}"), body)
            .await
    }

    /// Any request.
    ///
    /// # Panics
    /// When the station does not answer.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> Answer {
        let request = format!("{method} {path}");
        self.try_send(method, path, headers, body)
            .await
            .unwrap_or_else(|e| panic!("{request} was not answered: {e:?}"))
    }

    /// Any request to a station that may die over it.
    ///
    /// # Errors
    /// When it did, or never answered.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<String>,
    ) -> reqwest::Result<Answer> {
        let described = format!("{method} {path} {}", body.as_deref().unwrap_or_default());
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .timeout(crate::PATIENCE);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let short: String = described.chars().take(300).collect();
        Ok(Answer {
            request: short,
            status,
            headers,
            text,
        })
    }
}
