//! How well a line is heard.

use super::Reception;

/// So many bytes that belong to no frame are more than a disturbance: a pad that is not understood sends this much for one
/// press.
const STRAY_BYTES: usize = 24;
/// Within so many milliseconds; noise is over when so long less was heard.
const NOISE_MS: u64 = 10_000;
/// What cannot be read is forgotten when nothing was heard for so many milliseconds.
const UNREADABLE_MS: u64 = 60_000;
/// Frames that were understood longer ago than this many milliseconds say nothing about a line with panels as it is, which
/// are told what they show twice in this time. Pads speak when somebody presses: a frame of theirs holds until the line
/// comes up anew.
const PANEL_FRAMES_MS: u64 = 60_000;

/// Counts the bytes that belong to nobody.
///
/// Many of them where frames are understood too are noise; where none are, speed or parity is wrong, or the two wires are
/// swapped.
#[derive(Clone, Debug)]
pub(super) struct Ear {
    /// How long a frame that was understood vouches for the line; none: until it comes up anew.
    frames_hold_ms: Option<u64>,
    is: Reception,
    /// Heard since the last frame.
    unread: usize,
    /// Known to belong to no frame, since `stray_from_ms`.
    stray: usize,
    stray_from_ms: u64,
    heard_at_ms: u64,
    frame_at_ms: Option<u64>,
}

impl Ear {
    /// The ear of a line that comes up, with panels or without any.
    pub(super) fn new(has_panels: bool) -> Self {
        Self {
            frames_hold_ms: has_panels.then_some(PANEL_FRAMES_MS),
            is: Reception::default(),
            unread: 0,
            stray: 0,
            stray_from_ms: 0,
            heard_at_ms: 0,
            frame_at_ms: None,
        }
    }

    /// Bytes were heard that are in no frame so far.
    pub(super) fn bytes(&mut self, now_ms: u64, count: usize) {
        self.heard(now_ms, count, 0, 0);
    }

    /// Bytes were heard: with those before, so many are whole frames, and so many at the end may become one. Where the host
    /// reads late, several frames come at once.
    pub(super) fn heard(&mut self, now_ms: u64, count: usize, of_frames: usize, held: usize) {
        if count == 0 {
            return;
        }
        if self.deadline_ms().is_none() {
            self.stray_from_ms = now_ms;
        }
        self.heard_at_ms = now_ms;
        self.unread += count;
        if of_frames > 0 {
            self.understood(now_ms, of_frames, held);
        }
        if self.unread + self.stray < STRAY_BYTES {
            return;
        }
        if self.hears_frames(now_ms) {
            self.is = Reception::Noisy;
            self.stray += std::mem::take(&mut self.unread);
        } else if self.unread >= STRAY_BYTES {
            self.is = Reception::Unreadable;
        }
    }

    /// So many of the bytes heard last were a frame.
    pub(super) fn frame(&mut self, now_ms: u64, length: usize) {
        self.understood(now_ms, length, 0);
        if self.stray >= STRAY_BYTES {
            self.is = Reception::Noisy;
        }
    }

    fn understood(&mut self, now_ms: u64, of_frames: usize, held: usize) {
        self.frame_at_ms = Some(now_ms);
        if self.is == Reception::Unreadable {
            self.is = Reception::Clear;
        }
        let others = self.unread.saturating_sub(of_frames);
        self.unread = held.min(others);
        self.stray += others - self.unread;
    }

    /// The time of [`Ear::deadline_ms`] may have come.
    pub(super) fn expire(&mut self, now_ms: u64) {
        if self.deadline_ms().is_some_and(|at_ms| at_ms <= now_ms) {
            let was_quiet = self.unread + self.stray < STRAY_BYTES;
            if self.is == Reception::Unreadable || was_quiet {
                self.is = Reception::Clear;
            }
            // What was heard long ago is no part of a frame to come.
            (self.stray, self.unread) = (0, 0);
            self.stray_from_ms = now_ms;
        }
    }

    /// When what was counted is old.
    pub(super) fn deadline_ms(&self) -> Option<u64> {
        match self.is {
            Reception::Unreadable => Some(self.heard_at_ms + UNREADABLE_MS),
            Reception::Clear if self.unread + self.stray == 0 => None,
            Reception::Clear | Reception::Noisy => Some(self.stray_from_ms + NOISE_MS),
        }
    }

    /// Whether frames that were understood say that the line is right.
    fn hears_frames(&self, now_ms: u64) -> bool {
        self.frame_at_ms.is_some_and(|at_ms| {
            let hold_ms = self.frames_hold_ms;
            hold_ms.is_none_or(|hold_ms| now_ms < at_ms + hold_ms)
        })
    }

    /// How well it hears.
    pub(super) fn reception(&self) -> Reception {
        self.is
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn noise_among_frames_is_said_and_is_over_when_it_was_quiet() {
        let mut ear = Ear::new(true);
        ear.bytes(0, 10);
        ear.frame(0, 10);
        ear.bytes(1_000, 23);
        assert_eq!(ear.reception(), Reception::Clear);
        ear.bytes(1_001, 11);
        ear.frame(1_002, 10);
        assert_eq!(ear.reception(), Reception::Noisy);
        // However much is said meanwhile.
        for now_ms in (2_000..45_000).step_by(500) {
            ear.expire(now_ms);
            let is_over = now_ms >= 21_000;
            assert_eq!(ear.reception() == Reception::Clear, is_over, "{now_ms}");
            ear.bytes(now_ms, 10);
            ear.frame(now_ms, 10);
        }
        ear.expire(70_000);
        assert_eq!(ear.reception(), Reception::Clear);
        assert_eq!(ear.deadline_ms(), None);
    }

    #[test]
    fn bytes_without_any_frame_are_unreadable_until_one_comes_or_nothing_more() {
        let mut ear = Ear::new(true);
        ear.bytes(0, 23);
        assert_eq!(ear.reception(), Reception::Clear);
        ear.bytes(1, 1);
        assert_eq!(ear.reception(), Reception::Unreadable);
        ear.bytes(50_000, 9);
        ear.expire(50_000 + UNREADABLE_MS - 1);
        assert_eq!(ear.reception(), Reception::Unreadable);
        let mut hears = ear.clone();
        hears.bytes(60_001, 9);
        hears.frame(60_001, 9);
        assert_ne!(hears.reception(), Reception::Unreadable);
        ear.expire(50_000 + UNREADABLE_MS);
        assert_eq!(ear.reception(), Reception::Clear);
        assert_eq!(ear.deadline_ms(), None);
    }

    #[test]
    fn a_pad_that_was_understood_once_makes_what_comes_later_noise() {
        for (has_panels, expected) in [(false, Reception::Noisy), (true, Reception::Unreadable)] {
            let mut ear = Ear::new(has_panels);
            ear.bytes(0, 9);
            ear.frame(0, 9);
            ear.expire(40_000_000);
            ear.bytes(40_000_000, 24);
            assert_eq!(ear.reception(), expected);
        }
    }

    proptest! {
        /// Frames alone are never noise, in whatever pieces they come.
        #[test]
        fn frames_alone_are_heard_clearly(frames in prop::collection::vec((1..40_usize, 1..6_usize, 0..90_000_u64), 0..60)) {
            let mut ear = Ear::new(true);
            ear.bytes(0, 8);
            ear.frame(0, 8);
            let mut now_ms = 0;
            for (length, pieces, pause_ms) in frames {
                // Frames longer than what counts as noise come with their length in one piece, as panels' answers do.
                let pieces = if length < STRAY_BYTES { pieces.min(length) } else { 1 };
                now_ms += pause_ms.min(PANEL_FRAMES_MS - 1);
                ear.expire(now_ms);
                if pieces == 1 && length >= STRAY_BYTES {
                    ear.frame(now_ms, length);
                } else {
                    for piece in 0..pieces {
                        ear.bytes(now_ms, length / pieces + usize::from(piece < length % pieces));
                    }
                    ear.frame(now_ms, length);
                }
                prop_assert_eq!(ear.reception(), Reception::Clear);
            }
        }
    }
}
