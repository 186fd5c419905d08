//! How fresh the server's data is. Numbers older than a minute are not shown at all.

/// Silence after which the data is stale, milliseconds.
const STALE_MS: u64 = 10_000;
/// Silence after which the data is lost, milliseconds.
const LOST_MS: u64 = 60_000;

/// Freshness of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Freshness {
    /// Heard within 10 s.
    Live,
    /// Nothing for 10 to 60 s.
    Stale,
    /// Nothing for a minute: numbers go.
    Lost,
}

impl Freshness {
    /// The word for pages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Lost => "lost",
        }
    }
}

/// Watches the server's signs of life. A connection counts only once it has brought a board, so
/// that a reconnect does not make old numbers look fresh.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feed {
    heard_ms: Option<u64>,
    started_ms: u64,
    has_board: bool,
}

impl Feed {
    pub(crate) fn new(now_ms: u64) -> Self {
        Self {
            heard_ms: None,
            started_ms: now_ms,
            has_board: false,
        }
    }

    /// A connection was made or lost.
    pub(crate) fn reconnect(&mut self) {
        self.has_board = false;
    }

    /// A board arrived.
    pub(crate) fn board(&mut self, now_ms: u64) {
        self.has_board = true;
        self.alive(now_ms);
    }

    /// This connection has brought a board.
    pub(crate) fn is_settled(&self) -> bool {
        self.has_board
    }

    /// Any other sign of life.
    pub(crate) fn alive(&mut self, now_ms: u64) {
        if self.has_board {
            self.heard_ms = Some(now_ms);
        }
    }

    /// Freshness now. An agent that never had a board is stale first and lost after a minute.
    pub(crate) fn freshness(&self, now_ms: u64) -> Freshness {
        let silent_ms = now_ms.saturating_sub(self.since_ms());
        if silent_ms >= LOST_MS {
            Freshness::Lost
        } else if silent_ms >= STALE_MS || self.heard_ms.is_none() {
            Freshness::Stale
        } else {
            Freshness::Live
        }
    }

    /// When the freshness changes next if nothing is heard.
    pub(crate) fn deadline_ms(&self, now_ms: u64) -> Option<u64> {
        [STALE_MS, LOST_MS]
            .map(|silence_ms| self.since_ms().saturating_add(silence_ms))
            .into_iter()
            .find(|at_ms| *at_ms > now_ms)
    }

    fn since_ms(&self) -> u64 {
        self.heard_ms.unwrap_or(self.started_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_makes_it_stale_then_lost() {
        let mut feed = Feed::new(0);
        assert_eq!(feed.freshness(0), Freshness::Stale);
        feed.board(1_000);
        assert_eq!(feed.freshness(10_999), Freshness::Live);
        assert_eq!(feed.deadline_ms(10_999), Some(11_000));
        assert_eq!(feed.freshness(11_000), Freshness::Stale);
        assert_eq!(feed.deadline_ms(11_000), Some(61_000));
        assert_eq!(feed.freshness(60_999), Freshness::Stale);
        assert_eq!(feed.freshness(61_000), Freshness::Lost);
        assert_eq!(feed.deadline_ms(61_000), None);
    }

    #[test]
    fn a_reconnect_without_a_board_is_no_news() {
        let mut feed = Feed::new(0);
        feed.board(0);
        feed.reconnect();
        feed.alive(70_000);
        assert_eq!(feed.freshness(70_000), Freshness::Lost);
        feed.board(70_001);
        feed.alive(79_000);
        assert_eq!(feed.freshness(80_001), Freshness::Live);
    }
}
