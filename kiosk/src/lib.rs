//! The kiosk agent: touch pages, issuing, the ticket raster and the printer.

pub mod encode;
pub mod raster;
pub mod ticket;
