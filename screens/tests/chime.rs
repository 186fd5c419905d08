//! The chime is made by this generator, so that nobody has to ask where the sound came from.

use std::f64::consts::TAU;

const RATE_HZ: u32 = 22_050;
const LENGTH_S: f64 = 0.6;
/// Two falling tones, E5 and C5: when each begins and its pitch.
const TONES: [(f64, f64); 2] = [(0.0, 659.26), (0.22, 523.25)];

/// The samples: each tone with a soft second harmonic, a 4 ms attack and an exponential decay;
/// the whole fades out over its last 30 ms so that it ends without a click.
fn samples() -> Vec<i16> {
    let count = (f64::from(RATE_HZ) * LENGTH_S) as u32;
    (0..count)
        .map(|index| {
            let time = f64::from(index) / f64::from(RATE_HZ);
            let sound: f64 = TONES
                .iter()
                .map(|&(begin, pitch)| tone(time - begin, pitch))
                .sum();
            let fade = ((LENGTH_S - time) / 0.03).min(1.0);
            libm::round(sound * fade * 0.45 * f64::from(i16::MAX)) as i16
        })
        .collect()
}

fn tone(time: f64, pitch: f64) -> f64 {
    if time < 0.0 {
        return 0.0;
    }
    let attack = (time / 0.004).min(1.0);
    let wave = libm::sin(TAU * pitch * time) + 0.25 * libm::sin(2.0 * TAU * pitch * time);
    attack * libm::exp(-6.0 * time) * wave
}

/// A WAV file: PCM, 16 bits, one channel.
fn wav(samples: &[i16]) -> Vec<u8> {
    let data_len = 2 * samples.len() as u32;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + data_len).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    file.extend(1u16.to_le_bytes());
    file.extend(1u16.to_le_bytes());
    file.extend(RATE_HZ.to_le_bytes());
    file.extend((RATE_HZ * 2).to_le_bytes());
    file.extend(2u16.to_le_bytes());
    file.extend(16u16.to_le_bytes());
    file.extend(b"data");
    file.extend(data_len.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    file
}

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/chime.wav");

#[test]
fn the_embedded_chime_is_the_generated_one() {
    let embedded = std::fs::read(PATH).unwrap();
    assert!(
        embedded == wav(&samples()),
        "run: cargo test -p screens --test chime -- --ignored"
    );
    assert!(embedded.len() <= 30_000, "{} bytes", embedded.len());
}

#[test]
fn the_chime_is_loud_enough_and_does_not_clip() {
    let loudest = samples().into_iter().map(i16::unsigned_abs).max().unwrap();
    assert!((12_000..32_000).contains(&loudest), "{loudest}");
    assert_eq!(
        samples().last().map(|sample| sample.unsigned_abs() < 100),
        Some(true)
    );
}

#[test]
#[ignore = "writes assets/chime.wav"]
fn write_the_chime() {
    std::fs::write(PATH, wav(&samples())).unwrap();
}
