//! Sample tickets and pictures of papers, for those who arrange what stands on them.

use firmware_config::profile::PrinterHead;
use jiff::civil::date;
use jiff::tz::TimeZone;
use protocol::{Names, ServiceInfo, StationInfo, TicketIssued};
use queue_core::{
    ClassId, Estimate, SeatPlace, SeatView, ServiceId, SessionPhase, StationTime, TicketId,
    TicketNumber,
};
use screens::Language;

use crate::agent::local;
use crate::raster::Bitmap;
use crate::ticket::TicketPaper;

/// A case in which a ticket says something of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A visitor who waits like all others.
    Usual,
    /// One who goes first.
    Priority,
    /// One with an appointment.
    Appointment,
    /// One on the waiting list of a session.
    Session,
    /// One who comes for several services, with others.
    Matters,
    /// One whose identity is checked first.
    Identity,
    /// The second paper of a ticket.
    Reprint,
}

impl Sample {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Usual,
        Self::Priority,
        Self::Appointment,
        Self::Session,
        Self::Matters,
        Self::Identity,
        Self::Reprint,
    ];

    /// Those that a station may have to print.
    pub fn of(station: &StationInfo) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|sample| match sample {
            Self::Usual | Self::Priority | Self::Reprint => true,
            Self::Appointment => station.appointments.is_some(),
            Self::Session => station.services.iter().any(|service| service.sessions),
            Self::Matters => station.services.len() > 1,
            Self::Identity => station.identity_desk.is_some(),
        })
    }

    /// The stable word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Priority => "priority",
            Self::Appointment => "appointment",
            Self::Session => "session",
            Self::Matters => "matters",
            Self::Identity => "identity",
            Self::Reprint => "reprint",
        }
    }

    /// The case with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sample| sample.word() == word)
    }

    /// The ticket of this case at a station. `rule` is the rule by which tickets are called and `missed` what one who
    /// misses the call may do, as the server tells both. None where the station has no services.
    pub fn paper(
        self,
        station: &StationInfo,
        language: Language,
        rule: Names,
        missed: Names,
    ) -> Option<TicketPaper> {
        let fits = |service: &&ServiceInfo| match self {
            Self::Session => service.sessions,
            Self::Identity => service.identity_check,
            _ => !service.sessions && !service.only_step,
        };
        let mut services = station.services.iter();
        let service = services.clone().find(fits).or_else(|| services.next())?;
        let others = station
            .services
            .iter()
            .filter(|other| other.id != service.id);
        let matters: Vec<ServiceId> = std::iter::once(service)
            .chain(others.take(2))
            .map(|service| service.id.clone())
            .collect();
        let is_for_several = self == Self::Matters;
        let at = |hour, minute| {
            let zone = TimeZone::get(&station.timezone).unwrap_or(TimeZone::UTC);
            let time = date(2026, 11, 20).at(hour, minute, 0, 0).to_zoned(zone);
            StationTime(time.map_or(0, |time| time.timestamp().as_millisecond()))
        };
        let seat = SeatView {
            nth: 3,
            begins: at(10, 30),
            ends: at(11, 0),
            check_in_until: at(10, 25),
            phase: SessionPhase::Planned,
            place: SeatPlace::List { nth: 2 },
            checked_in: false,
            window: None,
        };
        let issued = TicketIssued {
            id: TicketId(0),
            number: TicketNumber {
                series: service.series.clone(),
                kiosk: None,
                number: 47,
            },
            service: service.id.clone(),
            class: ClassId::new("sample").ok()?,
            language: None,
            issued_at: at(10, 3),
            ahead: 6,
            estimate: Estimate::Range {
                p50_s: 700,
                p80_s: 880,
                low_min: 10,
                high_min: 15,
            },
            page_url: format!("{}/t/{:032x}", station.public_url, 0),
            rule,
            missed,
            matters: if is_for_several { matters } else { vec![] },
            persons: if is_for_several { 3 } else { 1 },
            slot: (self == Self::Appointment).then(|| at(10, 30)),
            seat: (self == Self::Session).then_some(seat),
            unverified: self == Self::Identity,
        };
        let issued_at = local(Some(station), issued.issued_at);
        let is_first = self == Self::Priority;
        let paper = TicketPaper::new(station, &issued, language, is_first, issued_at);
        let copy = if self == Self::Reprint { 2 } else { 1 };
        Some(TicketPaper { copy, ..paper })
    }
}

/// A paper as PNG, black on white, of the size in which the head prints it.
///
/// # Errors
/// What the encoder says; a paper without rows has no picture.
pub fn png(bitmap: &Bitmap, head: PrinterHead) -> Result<Vec<u8>, png::EncodingError> {
    let size = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
    let mut file = Vec::new();
    let (width, height) = (size(bitmap.width_dots()), size(bitmap.height_dots()));
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let dots_per_metre = u32::from(head.dots_per_mm) * 1_000;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: dots_per_metre,
        yppu: dots_per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    // On paper a set dot is black, in a grey picture 0 is.
    let rows = (0..bitmap.height_dots()).flat_map(|y| bitmap.row(y));
    let white: Vec<u8> = rows.map(|byte| !byte).collect();
    writer.write_image_data(&white)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo() -> StationInfo {
        let file = station_config::StationFile::parse("demo.toml", station_config::demo());
        file.unwrap().info()
    }

    #[test]
    fn every_case_has_its_own_paper() {
        let station = demo();
        let of = |sample: Sample| {
            let names = Names::default;
            sample
                .paper(&station, Language::En, names(), names())
                .unwrap()
        };
        assert_eq!(of(Sample::Usual).number, "A047");
        assert_eq!(
            of(Sample::Appointment).appointment.as_deref(),
            Some("10:30")
        );
        assert_eq!(
            (
                of(Sample::Matters).others.len(),
                of(Sample::Matters).persons
            ),
            (2, 3)
        );
        assert_eq!(of(Sample::Reprint).copy, 2);
        assert!(of(Sample::Priority).priority && of(Sample::Session).seat.is_some());
        assert!(of(Sample::Identity).identity_desk.is_some());
        // The demo has appointments, and neither sessions nor identity checks.
        let offered: Vec<_> = Sample::of(&station).map(Sample::word).collect();
        assert_eq!(
            offered,
            ["usual", "priority", "appointment", "matters", "reprint"]
        );
        for sample in Sample::ALL {
            assert_eq!(Sample::parse(sample.word()), Some(sample));
        }
    }

    #[test]
    fn a_picture_has_the_dots_of_the_paper_and_its_size() {
        let head = PrinterHead {
            width_dots: 16,
            dots_per_mm: 7,
        };
        let bitmap = Bitmap::from_rows(2, vec![0b1000_0001, 0, 0xff, 0x0f]).unwrap();
        let file = png(&bitmap, head).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(file))
            .read_info()
            .unwrap();
        assert_eq!(reader.info().pixel_dims.unwrap().xppu, 7_000);
        let mut dots = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut dots).unwrap();
        assert_eq!(dots, [0b0111_1110, 0xff, 0x00, 0xf0]);
        assert!(png(&Bitmap::new(16), head).is_err());
    }
}
