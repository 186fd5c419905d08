//! The kiosk agent: touch pages, issuing, the ticket raster and the printer
