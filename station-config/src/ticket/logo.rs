//! A logo: a PNG in black and white, read when the layout is.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use png::{BitDepth, ColorType, Decoder, Limits, Transformations};

/// Most pixels across and down.
pub const LOGO_PIXELS_MAX: u32 = 2048;
/// Most memory that decoding may take; the largest logo has half a megabyte of bits.
const DECODER_BYTES_MAX: usize = 32 << 20;

/// A picture of black and white pixels. None has more than [`LOGO_PIXELS_MAX`] of them in a row or column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    /// Row after row; true is black.
    pixels: Vec<bool>,
}

impl Picture {
    /// A picture from its pixels, row after row, true being black; none where they do not fill whole rows.
    #[must_use]
    pub fn new(width: usize, pixels: Vec<bool>) -> Option<Self> {
        let is_whole = width > 0 && !pixels.is_empty() && pixels.len().is_multiple_of(width);
        is_whole.then_some(Self { width, pixels })
    }

    /// Pixels of a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows; 0 for a picture that was never read.
    #[must_use]
    pub fn height(&self) -> usize {
        self.pixels.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether a pixel is black; around the picture all is white.
    #[must_use]
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && self.pixels.get(y * self.width + x) == Some(&true)
    }

    /// The picture `width` pixels wide, as high as it has to be: black where at least half of what it stands for is.
    #[must_use]
    pub fn scaled(&self, width: usize) -> Self {
        let width = width.max(1);
        let height = (self.height() * width).div_ceil(self.width.max(1));
        let spans = |at: usize, of: usize, length: usize| {
            let first = at * length / of;
            first..((at + 1) * length / of).clamp(first + 1, length.max(first + 1))
        };
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let rows = spans(y, height, self.height());
            for x in 0..width {
                let columns = spans(x, width, self.width);
                let all = rows.len() * columns.len();
                let places = rows
                    .clone()
                    .flat_map(|y| columns.clone().map(move |x| (x, y)));
                let black = places.filter(|(x, y)| self.is_black(*x, *y)).count();
                pixels.push(2 * black >= all);
            }
        }
        Self { width, pixels }
    }
}

/// Why a file is no logo.
#[derive(Debug)]
pub(crate) enum BadLogo {
    /// It cannot be opened.
    Unreadable(std::io::Error),
    /// It is no PNG, or a broken one.
    NoPng(png::DecodingError),
    /// It has colours or greys, which paper has not.
    Colours,
    /// It is larger than any paper; its width and height in pixels.
    TooLarge(u32, u32),
}

impl BadLogo {
    /// What is wrong with it, behind its name, and what was expected.
    pub(crate) fn in_words(&self) -> (String, String) {
        let (what, expected) = match self {
            Self::Unreadable(why) => (format!("cannot be read: {why}"), "a PNG file"),
            Self::NoPng(why) => (format!("is no PNG: {why}"), "a PNG file"),
            Self::Colours => (
                "has colours or greys".to_owned(),
                "a PNG with one bit per pixel",
            ),
            Self::TooLarge(width, height) => {
                let most = format!("at most {LOGO_PIXELS_MAX} x {LOGO_PIXELS_MAX}");
                return (format!("has {width} x {height} pixels"), most);
            }
        };
        (what, expected.to_owned())
    }
}

/// Reads a PNG with one bit per pixel, grey or with two colours, of which the darker is black. What is transparent is
/// white.
///
/// # Errors
/// [`BadLogo`].
pub(crate) fn read_logo(path: &Path) -> Result<Picture, BadLogo> {
    let limits = Limits {
        bytes: DECODER_BYTES_MAX,
    };
    // Opening a device or a pipe may wait for ever.
    let is_file = std::fs::metadata(path).map(|what| what.is_file());
    if !is_file.map_err(BadLogo::Unreadable)? {
        let why = std::io::Error::new(std::io::ErrorKind::InvalidInput, "it is no file");
        return Err(BadLogo::Unreadable(why));
    }
    let file = File::open(path).map_err(BadLogo::Unreadable)?;
    let mut decoder = Decoder::new_with_limits(BufReader::new(file), limits);
    decoder.set_transformations(Transformations::EXPAND | Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(BadLogo::NoPng)?;
    let info = reader.info();
    let (width, height) = info.size();
    if width > LOGO_PIXELS_MAX || height > LOGO_PIXELS_MAX {
        return Err(BadLogo::TooLarge(width, height));
    }
    let may_be_two = matches!(info.color_type, ColorType::Grayscale | ColorType::Indexed);
    if info.bit_depth != BitDepth::One || !may_be_two {
        return Err(BadLogo::Colours);
    }
    let mut samples = vec![0; reader.output_buffer_size().unwrap_or(0)];
    let frame = reader.next_frame(&mut samples).map_err(BadLogo::NoPng)?;
    let per_pixel = frame.color_type.samples();
    let is_black = |pixel: &[u8]| match pixel.split_last() {
        Some((alpha, colour)) => {
            let light: usize = colour.iter().map(|sample| usize::from(*sample)).sum();
            *alpha >= 128 && light < 128 * colour.len()
        }
        None => false,
    };
    let pixels = samples.chunks_exact(per_pixel).map(is_black).collect();
    Ok(Picture::new(width as usize, pixels).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&str]) -> Picture {
        let pixels = rows.iter().flat_map(|row| row.chars().map(|c| c == '#'));
        Picture::new(rows[0].len(), pixels.collect()).unwrap()
    }

    fn write(path: &Path, colour: ColorType, depth: BitDepth, width: u32, rows: &[u8]) {
        let stride = (width as usize * colour.samples() * depth as usize).div_ceil(8);
        let height = (rows.len() / stride) as u32;
        let mut encoder = png::Encoder::new(File::create(path).unwrap(), width, height);
        encoder.set_color(colour);
        encoder.set_depth(depth);
        if colour == ColorType::Indexed {
            // The first colour is the light one.
            encoder.set_palette(vec![255, 255, 240, 20, 0, 90]);
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(rows).unwrap();
    }

    #[test]
    fn black_is_black_in_greys_and_in_palettes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.png");
        // In a grey picture 0 is black.
        write(
            &path,
            ColorType::Grayscale,
            BitDepth::One,
            3,
            &[0b0100_0000, 0b1010_0000],
        );
        assert_eq!(read_logo(&path).unwrap(), of(&["#.#", ".#."]));
        write(
            &path,
            ColorType::Indexed,
            BitDepth::One,
            3,
            &[0b1010_0000, 0b0100_0000],
        );
        assert_eq!(read_logo(&path).unwrap(), of(&["#.#", ".#."]));
    }

    #[test]
    fn what_is_no_logo_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.png");
        assert!(matches!(read_logo(&path), Err(BadLogo::Unreadable(_))));
        assert!(matches!(
            read_logo(folder.path()),
            Err(BadLogo::Unreadable(_))
        ));
        std::fs::write(&path, "GIF89a").unwrap();
        assert!(matches!(read_logo(&path), Err(BadLogo::NoPng(_))));
        write(&path, ColorType::Grayscale, BitDepth::Eight, 2, &[0, 255]);
        assert!(matches!(read_logo(&path), Err(BadLogo::Colours)));
        write(&path, ColorType::Grayscale, BitDepth::One, 2056, &[0; 257]);
        assert!(matches!(read_logo(&path), Err(BadLogo::TooLarge(2056, 1))));
    }

    #[test]
    fn a_picture_is_scaled_both_ways_and_keeps_its_shape() {
        let small = of(&["#.", ".#"]);
        let large = small.scaled(6);
        assert_eq!(
            large,
            of(&["###...", "###...", "###...", "...###", "...###", "...###"])
        );
        assert_eq!(large.scaled(2), small);
        assert_eq!(small.scaled(2), small);
        assert_eq!((small.scaled(5).width(), small.scaled(5).height()), (5, 5));
        assert_eq!(Picture::default().scaled(9).height(), 0);
    }
}
