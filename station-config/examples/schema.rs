//! Prints the JSON Schema of station files: `cargo run -p station-config --example schema > station-config/station.schema.json`.

fn main() {
    print!("{}", station_config::StationFile::schema());
}
