//! A short day on the device bench; `cargo run -p station-tests --bin bench-day` lives through longer ones.

use station_tests::BenchDay;

#[tokio::test(flavor = "multi_thread")]
async fn a_day_with_every_fault_is_accounted_for() {
    let day = BenchDay {
        seed: 20_261_123,
        tickets: 40,
        rounds: 1,
    };
    let report = day.run().await;
    println!("{report}");
    assert!(report.tickets >= 40 && report.calls > 0 && report.presses_acted > 0);
    assert!(report.prints.iter().all(|count| *count > 0), "{report}");
}
