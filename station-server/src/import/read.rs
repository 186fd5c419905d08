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
    let unreadable = |e: csv::Error| ImportError::Unreadable {
        file: file.to_owned(),
        detail: e.to_string(),
    };
    let text: Box<dyn Read + '_> = if bytes.starts_with(&GZIP_MAGIC) {
        Box::new(MultiGzDecoder::new(bytes))
    } else {
        Box::new(bytes)
    };
    let mut csv = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let header = csv.byte_headers().map_err(unreadable)?.clone();
    let places = places(&header).map_err(|reason| ImportError::BadHeader {
        file: file.to_owned(),
        reason,
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
