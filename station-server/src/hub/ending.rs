//! Why a connection ends, and how the client is told: a close frame with a code (RFC 6455, 7.4.1) and a short reason.

use std::error::Error as _;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Utf8Bytes, close_code};
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;

use super::topics::Hub;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The client closed it, or the line broke: there is nobody to tell.
    Left,
    /// The server stops.
    Stopping,
    /// No hello in time.
    HelloLate,
    /// The hello was refused, with the code of the `problem` sent before.
    Refused(&'static str),
    /// Malformed frames again and again.
    Malformed,
    /// Bytes that are no WebSocket frames.
    NoWebSocket,
    /// A frame over the limit.
    FrameTooLarge,
    /// Nothing was heard for too long.
    Silent,
    /// The client does not read what it is sent.
    TooSlow,
}

impl Ending {
    /// Why receiving failed. What only says that the line is gone, is a client that left.
    pub(super) fn of_failure(error: &axum::Error) -> Self {
        let cause = error.source().and_then(|cause| cause.downcast_ref());
        match cause {
            Some(Error::Capacity(_)) => Self::FrameTooLarge,
            Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Self::Left,
            Some(Error::Protocol(_) | Error::Utf8(_)) => Self::NoWebSocket,
            _ => Self::Left,
        }
    }

    /// What the close frame says; none where nobody is there to read it.
    pub(super) fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Left => return None,
            Self::Stopping => (close_code::AWAY, "server_stopping"),
            Self::HelloLate => (close_code::POLICY, "hello_late"),
            Self::Refused(code) => (close_code::POLICY, code),
            Self::Malformed => (close_code::POLICY, "malformed_frame"),
            Self::NoWebSocket => (close_code::PROTOCOL, "no_websocket"),
            Self::FrameTooLarge => (close_code::SIZE, "frame_too_large"),
            Self::Silent => (close_code::POLICY, "silent"),
            Self::TooSlow => (close_code::AGAIN, "too_slow"),
        };
        Some(CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        })
    }
}

/// How long the server, when it stops, waits for its clients to be told.
const GOODBYE_WITHIN: Duration = Duration::from_secs(2);

impl Hub {
    /// Tells every client that the server stops, and waits until they are told; not for long for those who do not hear.
    pub(crate) async fn say_goodbye(&self) {
        self.stopping.send_replace(true);
        // Each connection holds a receiver until its end.
        if tokio::time::timeout(GOODBYE_WITHIN, self.stopping.closed())
            .await
            .is_err()
        {
            tracing::debug!("some clients did not hear that the server stops");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deliberate_end_is_described_with_its_code() {
        let document: serde_json::Value =
            serde_json::from_str(crate::http::openapi_document()).unwrap();
        let described = &document["x-websocket"]["close"];
        for ending in [
            Ending::Stopping,
            Ending::HelloLate,
            Ending::Refused("unauthorized"),
            Ending::Refused("forbidden"),
            Ending::Refused("not_found"),
            Ending::Refused("protocol_mismatch"),
            Ending::Refused("invalid_request"),
            Ending::Malformed,
            Ending::NoWebSocket,
            Ending::FrameTooLarge,
            Ending::Silent,
            Ending::TooSlow,
        ] {
            let frame = ending.frame().unwrap();
            let found = described.as_array().unwrap().iter().any(|entry| {
                entry["code"] == frame.code && entry["reason"] == frame.reason.as_str()
            });
            assert!(found, "{frame:?} is not described");
        }
        assert_eq!(Ending::Left.frame(), None);
    }
}
