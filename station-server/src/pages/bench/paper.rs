//! A paper as a picture: one bit per dot, as the print head burnt it.

use firmware_config::simulate::Paper;

/// The paper as PNG, black on white.
///
/// # Errors
/// What the encoder says; a paper without rows has no picture.
pub(super) fn png(paper: &Paper) -> Result<Vec<u8>, png::EncodingError> {
    let row_bytes = usize::from(paper.width_dots).div_ceil(8);
    let mut file = Vec::new();
    let height = u32::try_from(paper.rows.len()).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, u32::from(paper.width_dots), height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    // On paper a set dot is black, in a grey picture 0 is.
    let dots: Vec<u8> = paper
        .rows
        .iter()
        .flat_map(|row| (0..row_bytes).map(|at| !row.get(at).copied().unwrap_or(0)))
        .collect();
    writer.write_image_data(&dots)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(rows: Vec<Vec<u8>>) -> Paper {
        Paper {
            seq: 1,
            width_dots: 16,
            rows,
            complete: true,
            ..Paper::default()
        }
    }

    #[test]
    fn a_set_dot_is_black() {
        let file = png(&paper(vec![vec![0b1000_0001, 0], vec![0xff, 0x0f]])).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        let mut dots = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut dots).unwrap();
        assert_eq!(
            (info.width, info.height, info.bit_depth),
            (16, 2, png::BitDepth::One)
        );
        assert_eq!(&dots[..4], [0b0111_1110, 0xff, 0x00, 0xf0]);
    }

    #[test]
    fn a_short_row_is_white_where_nothing_was_printed_and_no_rows_are_no_picture() {
        let file = png(&paper(vec![vec![0xff]])).unwrap();
        assert!(!file.is_empty());
        assert!(png(&paper(vec![])).is_err());
    }
}
