//! The station server: writer, journal, readers, hub, HTTP and the staff and chief pages

pub mod access;
pub mod all_in_one;
pub mod app;
pub mod appointments;
pub mod backup;
mod choice;
pub mod cli;
pub mod demo;
pub mod http;
pub mod hub;
pub mod import;
pub mod journal;
pub mod live;
pub mod pages;
pub mod paper;
pub mod people;
pub mod person;
pub mod problem;
pub mod projection;
pub mod reports;
pub mod rewind;
pub mod views;
mod voice_test;
mod why;
pub mod writer;
pub mod zone;
