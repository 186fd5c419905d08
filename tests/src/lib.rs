//! End-to-end tests: harness, crash, devices on pseudo-terminals, browser
