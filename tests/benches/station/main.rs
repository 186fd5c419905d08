//! What the station can do on this machine, beside what the machine can do.
//!
//! `cargo bench -p station-tests --bench station` starts the real release program on a real file and prints every figure
//! beside a limit measured in the same run: a bare axum endpoint over one SQLite writer, and a bare WebSocket broadcast.
//! `load`, `boards`, `lines`, `kiosk`, `history` or `pages` behind `--` choose a part.
//! Nothing is asserted here: figures depend on the machine, ratios hardly.

mod boards;
mod history;
mod http;
mod kiosk;
mod limit;
mod lines;
mod load;
mod pages;
mod station;
mod table;

use std::path::Path;

use table::Table;

fn main() -> anyhow::Result<()> {
    // Cargo adds an option of its own.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    if let [verb, dir] = &arguments[..]
        && verb == limit::VERB
    {
        return limit::serve(Path::new(dir));
    }
    let program = station::program();
    let scratch = scratch()?;
    let wanted = |part: &str| arguments.is_empty() || arguments.iter().any(|a| a == part);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut table = Table::new();
        println!("{} on {}\n", program.display(), machine());
        if wanted("load") {
            load::measure(&program, scratch.path(), &mut table).await?;
        }
        if wanted("boards") {
            boards::measure(&program, scratch.path(), &mut table).await?;
        }
        if wanted("lines") {
            lines::measure(scratch.path(), &mut table).await?;
        }
        if wanted("kiosk") {
            kiosk::measure(&program, scratch.path(), &mut table).await?;
        }
        if wanted("history") {
            history::measure(&program, scratch.path(), &mut table).await?;
        }
        if wanted("pages") {
            pages::measure(&program, scratch.path(), &mut table).await?;
        }
        Ok(())
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
