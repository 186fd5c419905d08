//! What the station can do on this machine, beside what the machine can do.
//!
//! `cargo bench -p station-tests --bench station` starts the real release program on a real file and prints every figure
//! beside a limit measured in the same run: a bare axum endpoint over one SQLite writer, and a bare WebSocket broadcast.
//! Nothing is asserted here: figures depend on the machine, ratios hardly.

mod boards;
mod history;
mod http;
mod kiosk;
mod limit;
mod load;
mod pages;
mod station;
mod table;

use std::path::Path;

use table::Table;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(limit::VERB) {
        let dir = arguments
            .next()
            .ok_or_else(|| anyhow::anyhow!("expected a directory"))?;
        return limit::serve(Path::new(&dir));
    }
    let program = station::build()?;
    let scratch = scratch()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut table = Table::new();
        println!("{} on {}\n", program.display(), machine());
        load::measure(&program, scratch.path(), &mut table).await?;
        boards::measure(&program, scratch.path(), &mut table).await?;
        kiosk::measure(&program, scratch.path(), &mut table).await?;
        history::measure(&program, scratch.path(), &mut table).await?;
        pages::measure(&program, scratch.path(), &mut table).await
    })
}

/// On the disk the program was built on: a temporary directory may be memory only, where a sync costs nothing.
fn scratch() -> anyhow::Result<tempfile::TempDir> {
    let here = std::env::current_exe()?;
    let beside = here.parent().unwrap_or(Path::new("."));
    Ok(tempfile::TempDir::with_prefix_in("bench-", beside)?)
}

fn machine() -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or_default();
    format!("{processors} processors{model}")
}
