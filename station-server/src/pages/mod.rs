//! The pages the station serves itself: front page, console, rating tablet, visitor's page, chief, device bench.
//! Server-rendered, complete without script; modules only keep them fresh.

mod appointments;
mod bench;
mod chief;
mod console;
mod device_faults;
mod device_list;
mod device_ports;
mod device_words;
mod devices;
mod enrol;
mod fields;
mod frame;
mod front;
mod greeter;
mod guide;
mod guide_tree;
mod login;
mod look;
mod mistake;
mod paper;
mod papers;
mod phone;
mod rating;
mod sessions;
mod sheets;

use axum::Router;

use crate::http::Route;
pub(crate) use chief::EarlierDays;
pub(crate) use fields::hh_mm;
pub(crate) use mistake::in_words;
pub(crate) use rating::REASONS;

/// The style sheets and modules of these pages.
#[derive(rust_embed::RustEmbed)]
#[folder = "assets/"]
pub(crate) struct PageAssets;

/// Where they are served.
pub(crate) const ASSETS: &str = "/pages";

/// URL of one of them.
pub(crate) fn asset(name: &str) -> String {
    screens::assets::embedded_url::<PageAssets>(ASSETS, name)
}

/// The router of the assets.
pub fn assets() -> Router {
    screens::assets::embedded_router::<PageAssets>(ASSETS)
}

/// Every page with the permission it needs.
pub fn routes() -> Vec<Route> {
    let mut all = front::routes();
    all.extend(login::routes());
    all.extend(console::routes());
    all.extend(greeter::routes());
    all.extend(sessions::routes());
    all.extend(sheets::routes());
    all.extend(devices::routes());
    all.extend(enrol::routes());
    all.extend(paper::routes());
    all.extend(rating::routes());
    all.extend(phone::routes());
    all.extend(appointments::routes());
    all.extend(guide::routes());
    all.extend(guide_tree::routes());
    all.extend(chief::routes());
    all.extend(bench::routes());
    all
}
