//! A kiosk from its settings to its end.

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::sync::mpsc::unbounded_channel;

use crate::agent::Kiosk;
use crate::book::Book;
use crate::link;
use crate::page;
use crate::printer::{self, Spool};
use crate::settings::KioskSettings;

/// Runs a kiosk for ever.
///
/// # Errors
/// Its address cannot be listened on, the server's address makes no sense, or the system refuses a thread. A server or a printer that is not there is no
/// error: the kiosk says so on its pages and tries again.
pub async fn run(settings: KioskSettings) -> anyhow::Result<()> {
    let listener = agent::listen(settings.listen)
        .await
        .with_context(|| format!("kiosk {}", settings.id))?;
    serve(settings, listener).await
}

/// Runs a kiosk on a listener that is already open.
///
/// # Errors
/// As [`run`].
pub async fn serve(settings: KioskSettings, listener: TcpListener) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let book = book(&settings)?;
    let (link, orders) = link::spawn(&settings, address, &book)?;
    let spool = Spool::of(&book)?;
    let mut printers = Vec::new();
    let mut told = Vec::new();
    for (nth, printer) in settings.printers.iter().enumerate() {
        let (events, of_printer) = unbounded_channel();
        let spool = spool.at_printer(nth)?;
        let printer = printer::spawn(printer.clone(), spool, events)
            .context("cannot start the ticket thread")?;
        printers.push(printer);
        told.push(of_printer);
    }
    tracing::info!(kiosk = settings.id, %address, "kiosk pages");
    let kiosk = Kiosk::new(settings, link, printers);
    for (nth, told) in told.into_iter().enumerate() {
        tokio::spawn(kiosk.clone().follow_printer(nth, told));
    }
    tokio::spawn(kiosk.clone().follow_orders(orders));
    tokio::spawn(kiosk.clone().follow_server());
    axum::serve(listener, page::router(kiosk)).await?;
    Ok(())
}

/// The kiosk's book. One with a broken disk gives out tickets all the same; what it does not know after a restart is the
/// lesser harm.
fn book(settings: &KioskSettings) -> anyhow::Result<Book> {
    let path = settings.data.join(format!("kiosk-{}.db", settings.id));
    let opened = std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("cannot make {}", settings.data.display()))
        .and_then(|()| Book::open(&path));
    opened.or_else(|error| {
        tracing::error!("neither tickets nor print jobs are kept on disk: {error:#}");
        Book::in_memory()
    })
}
