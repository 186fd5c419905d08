//! `cargo run -p station-tests --bin bench-day -- [--seed N] [--tickets N] [--rounds N]`: a day on the device bench with
//! random faults, accounted for at its end. Build the server under test first: `cargo build -p station-tests`.

use anyhow::{Context, bail};
use station_tests::BenchDay;

fn main() -> anyhow::Result<()> {
    let mut day = BenchDay {
        seed: 1,
        tickets: 300,
        rounds: 4,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments
            .next()
            .with_context(|| format!("{name} needs a number"))?;
        let number: u64 = value
            .parse()
            .with_context(|| format!("{name} {value}: expected a number"))?;
        let count = usize::try_from(number)?;
        match name.as_str() {
            "--seed" => day.seed = number,
            "--tickets" => day.tickets = count,
            "--rounds" => day.rounds = count,
            _ => bail!("unknown option {name}, expected --seed, --tickets or --rounds"),
        }
    }
    let runtime = tokio::runtime::Runtime::new()?;
    print!("{}", runtime.block_on(day.run()));
    Ok(())
}
