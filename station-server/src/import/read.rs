//! From the bytes of a file to rows of fields with their lines.

use std::io::Read;
use std::path::Path;

use csv::ByteRecord;
use flate2::read::MultiGzDecoder;

use super::ImportError;

/// The columns of the format, in the order in which this program writes them.
pub const COLUMNS: [&str; 13] = [
    "number",
    "service",
    "class",
    "language",
    "channel",
    "issued_at",
    "called_at",
    "started_at",
    "finished_at",
    "counter",
    "staff",
    "outcome",
    "score",
];

/// Without these there is no ticket; any other column may be missing, which leaves it unknown for every row.
const REQUIRED: [&str; 4] = ["number", "service", "issued_at", "outcome"];

/// Added by this program to the rows it rejects; read over, so that the corrected file can be imported.
pub(super) const REJECTED_COLUMNS: [&str; 2] = ["rejected_line", "rejected_reason"];

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A file as rows.
pub(super) struct Table {
    pub(super) header: ByteRecord,
    /// For each of [`COLUMNS`] its place in a row.
    pub(super) places: [Option<usize>; COLUMNS.len()],
    pub(super) rows: Vec<Row>,
}

/// One row.
pub(super) struct Row {
    /// Line of the file on which it begins, from 1.
    pub(super) line: u64,
    pub(super) fields: ByteRecord,
}

/// Splits a file, compressed or not, into rows.
pub(super) fn read(file: &Path, bytes: &[u8]) -> Result<Table, ImportError> {
    let compressed = bytes.starts_with(&GZIP_MAGIC);
    let unreadable = |e: csv::Error| ImportError::Unreadable {
        file: file.to_owned(),
        detail: if compressed {
            format!("it is not a whole gzip file: {e}")
        } else {
            e.to_string()
        },
    };
    let text: Box<dyn Read + '_> = if compressed {
        Box::new(MultiGzDecoder::new(bytes))
    } else {
        Box::new(bytes)
    };
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let header = csv.byte_headers().map_err(unreadable)?.clone();
    let places = places(&header).map_err(|reason| ImportError::BadHeader {
        file: file.to_owned(),
        reason: no_csv(file, compressed, &header).unwrap_or(reason),
    })?;
    let mut rows = Vec::new();
    let mut fields = ByteRecord::new();
    while csv.read_byte_record(&mut fields).map_err(unreadable)? {
        rows.push(Row {
            line: fields.position().map_or(0, csv::Position::line),
            fields: fields.clone(),
        });
    }
    Ok(Table {
        header,
        places,
        rows,
    })
}

/// What to say of a file whose first line does not even look like one of a table.
fn no_csv(file: &Path, compressed: bool, header: &ByteRecord) -> Option<String> {
    let is_odd = |c: char| c.is_control() && c != '\t';
    let is_text = |field: &[u8]| std::str::from_utf8(field).is_ok_and(|t| !t.contains(is_odd));
    let text = header.iter().all(is_text);
    let said_gzip = file
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("gz"));
    let what = match (compressed, text) {
        (true, false) => "what is compressed in it is not CSV",
        (false, false) => "it is neither gzip nor CSV",
        (false, true) if said_gzip => "it is neither gzip nor CSV",
        _ => return None,
    };
    Some(format!("{what}: expected {}", COLUMNS.join(",")))
}

fn places(header: &ByteRecord) -> Result<[Option<usize>; COLUMNS.len()], String> {
    let mut places = [None; COLUMNS.len()];
    for (place, name) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(name);
        if REJECTED_COLUMNS.contains(&name.trim()) {
            continue;
        }
        let Some(column) = COLUMNS.iter().position(|c| *c == name.trim()) else {
            let name: String = name.chars().take(40).collect();
            return Err(format!(
                "unknown column `{name}`: expected {}",
                COLUMNS.join(",")
            ));
        };
        if places[column].replace(place).is_some() {
            return Err(format!("column `{}` is there twice", COLUMNS[column]));
        }
    }
    match REQUIRED.iter().find(|name| {
        COLUMNS
            .iter()
            .zip(places)
            .any(|(c, p)| c == *name && p.is_none())
    }) {
        Some(missing) => Err(format!(
            "column `{missing}` is missing: expected {}",
            COLUMNS.join(",")
        )),
        None => Ok(places),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn said(name: &str, bytes: &[u8]) -> String {
        match read(Path::new(name), bytes) {
            Ok(_) => "taken".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn compressed(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn what_is_no_table_is_told_by_what_it_is_not() {
        let header = b"number,service,issued_at,outcome\n";
        assert_eq!(said("a.csv", header), "taken");
        assert_eq!(said("a.csv", &compressed(header)), "taken");
        assert_eq!(said("a.csv.gz", header), "taken", "whatever it is called");
        let neither = "it is neither gzip nor CSV";
        assert!(said("a.csv.gz", b"not compressed at all").contains(neither));
        assert!(said("a.csv", &[0xff, 0xfe, 0, 0x80]).contains(neither));
        assert!(said("a.csv", b"colour\n").contains("unknown column `colour`"));
        let whole = compressed(header);
        assert!(said("a.csv.gz", &whole[..whole.len() / 2]).contains("not a whole gzip file"));
        let inside = said("a.csv.gz", &compressed(&[0, 1, 2]));
        assert!(inside.contains("compressed in it is not CSV"), "{inside}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200), gz: bool) {
            let bytes = if gz { [&GZIP_MAGIC[..], &bytes].concat() } else { bytes };
            let answer = said("a.csv.gz", &bytes);
            prop_assert!(!answer.is_empty());
        }
    }
}
