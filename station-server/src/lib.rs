//! The station server: writer, journal, readers, hub, HTTP and the staff and chief pages
