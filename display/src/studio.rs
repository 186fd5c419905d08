//! The studio beside the agent: makes sounds on threads that may wait, and keeps the newest for the pages.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use voice::{Plan, Rendered, Studio, StudioSettings};

use crate::speaker::{Made, StudioEvent, StudioOrder};

/// So many sounds are kept; a page fetches one within a second.
const KEPT: usize = 32;

/// The newest sounds, for the pages.
#[derive(Clone, Default)]
pub(crate) struct Sounds(Arc<Mutex<VecDeque<(String, Bytes)>>>);

impl Sounds {
    /// The WAV file of a name.
    pub(crate) fn get(&self, hash: &str) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(name, _)| name == hash);
        found.map(|(_, wav)| wav.clone())
    }

    fn put(&self, hash: String, wav: Vec<u8>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(name, _)| *name != hash);
        kept.push_back((hash, wav.into()));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }
}

/// Opens the studio and makes what is ordered, one after the other, until nobody orders any more.
pub(crate) async fn run(
    settings: StudioSettings,
    sounds: Sounds,
    mut orders: mpsc::Receiver<StudioOrder>,
    events: mpsc::Sender<StudioEvent>,
) {
    let Ok(studio) = spawn_blocking(move || Studio::open(&settings)).await else {
        return;
    };
    let mistakes: Vec<String> = studio.mistakes().iter().map(ToString::to_string).collect();
    for pack in &mistakes {
        tracing::warn!("a voice pack is left out: {pack}");
    }
    // The first of each is enough for a page; the log and the self-test have all.
    let first = mistakes.iter().filter_map(|pack| pack.lines().next());
    let mistakes = first.collect::<Vec<_>>().join("; ");
    let voices = studio.voices();
    let names: Vec<&str> = voices.iter().map(|language| language.tag()).collect();
    tracing::info!("voices: {}", names.join(", "));
    if events
        .send(StudioEvent::Open { voices, mistakes })
        .await
        .is_err()
    {
        return;
    }
    let studio = Arc::new(studio);
    while let Some(StudioOrder { turn, plan }) = orders.recv().await {
        let made = make(&studio, plan).await.map(|rendered| {
            let length_ms = rendered.length_ms;
            sounds.put(rendered.hash.clone(), rendered.wav);
            let hash = rendered.hash;
            Made { hash, length_ms }
        });
        if events.send(StudioEvent::Made { turn, made }).await.is_err() {
            return;
        }
    }
}

async fn make(studio: &Arc<Studio>, plan: Plan) -> Option<Rendered> {
    let studio = Arc::clone(studio);
    match spawn_blocking(move || studio.render(&plan)).await {
        Ok(Ok(rendered)) => {
            for language in &rendered.left_out {
                tracing::warn!(%language, "a call was not said in a language");
            }
            Some(rendered)
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "a call has no sound");
            None
        }
        Err(error) => {
            tracing::error!(%error, "the studio failed");
            None
        }
    }
}
