//! Drops our own bytes where an adapter gives them back.

use super::Echo;

/// Recognises the echo of the last frame sent.
///
/// Some two-wire adapters receive what they send. Whether one does is learnt from each frame: the
/// first bytes heard after a send are held while they equal the frame, dropped when the frame is
/// complete, and released as soon as they differ or the time is over. That needs no setting, and
/// an acknowledgement of ours is never mistaken for the pad speaking again.
///
/// Where the adapter is known to give an echo, the bytes are dropped without a look at them: what a
/// disturbed line made of them is nobody's answer. Where it is known to give none, all is heard.
#[derive(Clone, Debug, Default)]
pub(super) struct EchoFilter {
    echo: Echo,
    expected: Vec<u8>,
    matched: usize,
    until_ms: u64,
}

impl EchoFilter {
    pub(super) fn new(echo: Echo) -> Self {
        Self {
            echo,
            ..Self::default()
        }
    }

    /// A frame goes out; its echo ends before `until_ms`.
    pub(super) fn sent(&mut self, frame: &[u8], until_ms: u64) {
        let expected = match self.echo {
            Echo::Never => Vec::new(),
            Echo::Learnt | Echo::Always => frame.to_vec(),
        };
        *self = Self {
            expected,
            until_ms,
            ..Self::new(self.echo)
        };
    }

    /// Whether bytes are held, or awaited, and until when.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        (self.matched > 0).then_some(self.until_ms)
    }

    /// Takes bytes heard and gives those that are not an echo.
    pub(super) fn hear(&mut self, bytes: &[u8], now_ms: u64) -> Vec<u8> {
        let mut heard = self.expire(now_ms);
        for byte in bytes {
            let next = self.expected.get(self.matched);
            if next.is_some_and(|next| next == byte || self.echo == Echo::Always) {
                self.matched += 1;
                if self.matched == self.expected.len() {
                    *self = Self::new(self.echo);
                }
            } else {
                heard.extend(self.release());
                heard.push(*byte);
            }
        }
        heard
    }

    /// Gives the bytes held, if the time for an echo is over.
    pub(super) fn expire(&mut self, now_ms: u64) -> Vec<u8> {
        if now_ms < self.until_ms {
            Vec::new()
        } else {
            self.release()
        }
    }

    fn release(&mut self) -> Vec<u8> {
        let echo = self.echo;
        let Self {
            mut expected,
            matched,
            ..
        } = std::mem::replace(self, Self::new(echo));
        // Of a known echo even a part is nobody's answer.
        expected.truncate(if echo == Echo::Always { 0 } else { matched });
        expected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after_sending(frame: &[u8]) -> EchoFilter {
        let mut filter = EchoFilter::default();
        filter.sent(frame, 100);
        filter
    }

    #[test]
    fn an_echo_is_dropped_and_what_follows_is_heard() {
        let mut filter = after_sending(b"abc");
        assert_eq!(filter.hear(b"ab", 10), b"");
        assert_eq!(filter.hear(b"cabc", 11), b"abc");
    }

    #[test]
    fn an_answer_that_begins_like_the_request_is_heard_whole() {
        assert_eq!(after_sending(b"abc").hear(b"abX", 10), b"abX");
    }

    #[test]
    fn a_repeat_after_the_echo_s_time_is_heard() {
        assert_eq!(after_sending(b"abc").hear(b"abc", 100), b"abc");
        let mut half = after_sending(b"abc");
        assert_eq!(half.hear(b"ab", 10), b"");
        assert_eq!(half.deadline_ms(), Some(100));
        assert_eq!(half.expire(100), b"ab");
    }

    #[test]
    fn a_known_echo_is_dropped_however_it_comes_and_none_is_looked_for_where_there_is_none() {
        let mut filter = EchoFilter::new(Echo::Always);
        filter.sent(b"abc", 100);
        assert_eq!(filter.hear(b"aXcabc", 10), b"abc");
        filter.sent(b"abc", 200);
        assert_eq!(filter.hear(b"ab", 110), b"");
        assert_eq!(filter.hear(b"abc", 200), b"abc", "the rest never came");
        let mut filter = EchoFilter::new(Echo::Never);
        filter.sent(b"abc", 100);
        assert_eq!(filter.hear(b"abc", 10), b"abc");
    }

    proptest! {
        #[test]
        fn nothing_but_the_echo_is_lost(frame in prop::collection::vec(0..3_u8, 1..6), heard in prop::collection::vec(0..3_u8, 0..12)) {
            let mut filter = after_sending(&frame);
            let mut given = filter.hear(&heard, 10);
            given.extend(filter.expire(100));
            let expected = heard.strip_prefix(frame.as_slice()).unwrap_or(&heard);
            prop_assert_eq!(given, expected);
        }
    }
}
