//! QR codes that the printer makes of text.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Dots of a module after power-on.
const MODULE_DOTS: u8 = 3;
/// Most bytes that a QR code can say.
const DATA_MAX: usize = 2_953;

/// What the host has said of its next QR code.
#[derive(Debug)]
pub(super) struct QrMemory {
    module_dots: u8,
    level: QrCodeEcc,
    data: Vec<u8>,
}

impl Default for QrMemory {
    fn default() -> Self {
        Self {
            module_dots: MODULE_DOTS,
            level: QrCodeEcc::Low,
            data: Vec::new(),
        }
    }
}

impl QrMemory {
    /// 1 to 16; anything else changes nothing.
    pub(super) fn set_module(&mut self, dots: u8) {
        if (1..=16).contains(&dots) {
            self.module_dots = dots;
        }
    }

    /// 48 to 51; anything else changes nothing.
    pub(super) fn set_level(&mut self, n: u8) {
        self.level = match n {
            48 => QrCodeEcc::Low,
            49 => QrCodeEcc::Medium,
            50 => QrCodeEcc::Quartile,
            51 => QrCodeEcc::High,
            _ => return,
        };
    }

    pub(super) fn clear(&mut self) {
        self.data.clear();
    }

    /// Adds what the code says; what no code can say is left out, and then there is no code.
    pub(super) fn store(&mut self, bytes: &[u8]) {
        let room = (DATA_MAX + 1).saturating_sub(self.data.len());
        self.data.extend(&bytes[..bytes.len().min(room)]);
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    /// The dots of the code, or nothing where there is nothing to say or too much.
    pub(super) fn rows(&self) -> Option<Vec<Vec<bool>>> {
        if self.data.is_empty() {
            return None;
        }
        let said = [QrSegment::make_bytes(&self.data)];
        let (least, most) = (Version::MIN, Version::MAX);
        let code =
            QrCode::encode_segments_advanced(&said, self.level, least, most, None, false).ok()?;
        let dots = || (0..code.size()).flat_map(|at| vec![at; usize::from(self.module_dots)]);
        let row = |y| dots().map(|x| code.get_module(x, y)).collect();
        Some(dots().map(row).collect())
    }
}
