//! The addresses of the kiosk's own pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Path, RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::html;
use protocol::{GuideStop, GuideWay};
use queue_core::{CommandId, ServiceId, StationTime, TicketId, TicketNumber};
use screens::format::hh_mm;
use screens::shell::add_security_headers;
use screens::{Icon, Texts, icon, t};

use super::modes::Modes;
use super::parts::{Assets, Frame, PREFIX, both, whole};
use super::{appointment, guide, home, live, matter, more, sessions, ticket, work_list};
use crate::agent::{Asked, Kiosk, NoTicket, Wish, local};
use crate::notice::Notice;

/// Largest form, bytes.
const FORM_MAX: usize = 4_096;
/// The page that says why there is no ticket goes back after so many seconds.
const NO_TICKET_S: u32 = 20;

#[derive(Clone)]
struct Site {
    kiosk: Arc<Kiosk>,
    run: Arc<str>,
}

/// All pages of a kiosk.
pub fn router(kiosk: Arc<Kiosk>) -> Router {
    let site = Site {
        kiosk,
        run: uuid::Uuid::new_v4().to_string().into(),
    };
    let pages = Router::new()
        .route("/", get(show_home))
        .route("/languages", get(show_languages))
        .route("/appointment", get(show_code_pad).post(check_in))
        .route("/session/{service}", get(show_sessions))
        .route("/ticket", post(take_ticket))
        .route("/ticket/{id}", get(show_ticket))
        .route("/ticket/{id}/more", get(show_more).post(say_more))
        .route("/ticket/{id}/cancel", post(cancel_ticket))
        .route("/ticket/{id}/paper", post(answer_about_paper))
        .route("/guide", get(show_guide))
        .route("/guide/print", post(print_list))
        .route(work_list::HERE, get(show_work_list).post(print_work_list))
        .route("/no-ticket", get(show_no_ticket))
        .route("/live", get(follow))
        .route("/healthz", get(|| async { "ok" }))
        .route(&format!("{PREFIX}/screen.css"), get(screen_css))
        .with_state(site)
        .merge(screens::assets::embedded_router::<Assets>(PREFIX))
        .merge(screens::assets::router());
    screens::shell::compressed(pages)
        .layer(DefaultBodyLimit::max(FORM_MAX))
        .layer(from_fn(own_forms_only))
        .layer(map_response(add_security_headers))
}

async fn show_home(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let modes = site.modes(&query);
    // Shown only if it is a number: an address must not be able to put words on the screen.
    let removed = value(&query, "removed")
        .and_then(|text| text.parse::<TicketNumber>().ok())
        .map(|number| number.to_string());
    home::page(
        &site.kiosk,
        &site.kiosk.station(),
        modes,
        removed.as_deref(),
    )
}

async fn show_languages(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let modes = site.modes(&query.unwrap_or_default());
    home::languages_page(&site.kiosk, &site.kiosk.station(), modes)
}

/// Refusals whose reason stands on the first page.
const SAID_ON_THE_FIRST_PAGE: [&str; 9] = [
    "session_closed",
    "session_full",
    "session_too_far",
    "day_closed",
    "station_closed_now",
    "service_closed_now",
    "quota_full",
    "past_cut_off",
    "person_unknown",
];

async fn take_ticket(State(site): State<Site>, form: String) -> Response {
    let modes = site.modes(&form);
    let wish = value(&form, "service")
        .and_then(|text| ServiceId::new(text).ok())
        .zip(value(&form, "key").and_then(|text| text.parse::<CommandId>().ok()));
    let Some((service, key)) = wish else {
        return (StatusCode::BAD_REQUEST, "expected `service` and `key`").into_response();
    };
    let wish = Wish {
        key,
        asked: Asked::Service {
            service,
            priority: modes.priority,
            party: sessions::party(
                value(&form, sessions::SESSION),
                value(&form, sessions::PERSONS),
            ),
        },
        language: modes.language,
    };
    let after = modes.for_next_ticket().query();
    match site.kiosk.issue(wish).await {
        Ok(ticket) => Redirect::to(&format!("/ticket/{ticket}{after}")).into_response(),
        Err(NoTicket::Used) => Redirect::to("/").into_response(),
        Err(NoTicket::Refused(code)) if SAID_ON_THE_FIRST_PAGE.contains(&code.as_str()) => {
            Redirect::to(&format!("/{after}")).into_response()
        }
        Err(why) => {
            tracing::error!(%why, "no ticket for a visitor");
            Redirect::to(&format!("/no-ticket{after}")).into_response()
        }
    }
}

async fn show_code_pad(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let modes = site.modes(&query);
    let part = |name| value(&query, name).unwrap_or_default();
    let typed = appointment::typed(part(appointment::TYPED), part(appointment::DIGIT));
    appointment::page(&site.kiosk, modes, &typed, part(appointment::REFUSED))
}

async fn check_in(State(site): State<Site>, form: String) -> Response {
    let modes = site.modes(&form);
    let text = value(&form, appointment::CODE).map(appointment::scanned);
    let key = value(&form, "key").and_then(|text| text.parse::<CommandId>().ok());
    let Some((text, key)) = text.filter(|text| !text.is_empty()).zip(key) else {
        return Redirect::to(&format!("/appointment{}", modes.query())).into_response();
    };
    let wish = Wish {
        key,
        asked: Asked::Appointment(text),
        language: modes.language,
    };
    let after = modes.for_next_ticket().query();
    match site.kiosk.issue(wish).await {
        Ok(ticket) => Redirect::to(&format!("/ticket/{ticket}{after}")).into_response(),
        Err(NoTicket::Used) => Redirect::to("/").into_response(),
        Err(NoTicket::Refused(code)) => {
            let refused = appointment::REFUSED;
            Redirect::to(&format!("/appointment{after}&{refused}={code}")).into_response()
        }
        Err(why) => {
            tracing::error!(%why, "no ticket for a visitor with an appointment");
            Redirect::to(&format!("/no-ticket{after}")).into_response()
        }
    }
}

async fn show_sessions(
    State(site): State<Site>,
    Path(service): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let modes = site.modes(&query);
    let persons = value(&query, sessions::PERSONS).and_then(|text| text.parse().ok());
    let service = ServiceId::new(&service).ok();
    let station = site.kiosk.station();
    let page = service
        .and_then(|id| sessions::page(&site.kiosk, &station, modes, &id, persons.unwrap_or(1)));
    page.unwrap_or_else(|| Redirect::to(&format!("/{}", modes.query())).into_response())
}

async fn show_ticket(
    State(site): State<Site>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let modes = site.modes(&query.unwrap_or_default());
    match id.parse().ok().and_then(|id: TicketId| site.kiosk.held(id)) {
        Some(held) => ticket::page(&site.kiosk, &site.kiosk.station(), modes, &held),
        None => Redirect::to("/").into_response(),
    }
}

async fn show_more(
    State(site): State<Site>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let modes = site.modes(&query);
    let is_refused = value(&query, more::REFUSED).is_some();
    let held = id.parse().ok().and_then(|id: TicketId| site.kiosk.held(id));
    let Some(held) = held else {
        return Redirect::to("/").into_response();
    };
    let page = more::page(&site.kiosk, &site.kiosk.station(), modes, &held, is_refused);
    let back = || Redirect::to(&format!("/ticket/{id}{}", modes.query())).into_response();
    page.unwrap_or_else(back)
}

async fn say_more(State(site): State<Site>, Path(id): Path<String>, form: String) -> Response {
    let query = site.modes(&form).query();
    let held = id.parse().ok().and_then(|id: TicketId| site.kiosk.held(id));
    let Some(held) = held else {
        return Redirect::to("/").into_response();
    };
    let service = |name| value(&form, name).and_then(|text| ServiceId::new(text).ok());
    let persons = value(&form, more::PERSONS).and_then(|text| text.parse().ok());
    let wanted = more::pressed(&held, service(more::ADD), service(more::DROP), persons);
    let refused = match site.kiosk.amend(held.issued.id, wanted).await {
        Ok(()) => String::new(),
        Err(why) => {
            tracing::warn!(%why, "a visitor could not add to a ticket");
            format!("&{}=1", more::REFUSED)
        }
    };
    Redirect::to(&format!("/ticket/{id}/more{query}{refused}")).into_response()
}

async fn cancel_ticket(State(site): State<Site>, Path(id): Path<String>, form: String) -> Response {
    let modes = site.modes(&form);
    let held = id.parse().ok().and_then(|id: TicketId| site.kiosk.held(id));
    let Some(held) = held else {
        return Redirect::to("/").into_response();
    };
    site.kiosk.take_back(held.issued.id);
    let query = modes.query();
    Redirect::to(&format!("/{query}&removed={}", held.issued.number)).into_response()
}

/// The visitor says whether the paper is there.
async fn answer_about_paper(
    State(site): State<Site>,
    Path(id): Path<String>,
    form: String,
) -> Response {
    let query = site.modes(&form).query();
    let Ok(ticket) = id.parse::<TicketId>() else {
        return Redirect::to("/").into_response();
    };
    let copies = value(&form, ticket::COPIES).and_then(|text| text.parse().ok());
    match (value(&form, ticket::PAPER), copies) {
        (Some(ticket::SEEN), _) => site.kiosk.paper_seen(ticket),
        (Some(ticket::AGAIN), Some(copies)) => site.kiosk.reprint(ticket, copies),
        _ => {}
    }
    Redirect::to(&format!("/ticket/{ticket}{query}")).into_response()
}

async fn show_guide(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let modes = site.modes(&query);
    let way = value(&query, guide::WAY).unwrap_or_default();
    let list = value(&query, matter::LIST);
    let page = guide::page(&site.kiosk, &site.kiosk.station(), modes, way, list);
    page.unwrap_or_else(|| Redirect::to(&format!("/{}", modes.query())).into_response())
}

/// Prints the papers of what the guide has led to.
async fn print_list(State(site): State<Site>, form: String) -> Response {
    let modes = site.modes(&form);
    let way = value(&form, guide::WAY).and_then(|text| text.parse::<GuideWay>().ok());
    let key = value(&form, "key").and_then(|text| text.parse::<CommandId>().ok());
    let Some((way, key)) = way.zip(key) else {
        return (StatusCode::BAD_REQUEST, "expected `way` and `key`").into_response();
    };
    let here = guide::address(modes, &way);
    let view = site.kiosk.station();
    let station = view.station.as_deref();
    let found = station.and_then(|station| Some((station, station.guide.as_ref()?.stop(&way)?)));
    let Some((station, GuideStop::Matter(found))) = found else {
        return Redirect::to(&here).into_response();
    };
    let Some(service) = station.service(&found.service) else {
        return Redirect::to(&here).into_response();
    };
    let notice = Notice {
        station,
        service,
        matter: Some(found),
        language: modes.language,
    };
    let now = StationTime(jiff::Timestamp::now().as_millisecond());
    let now = local(Some(station), now);
    let at = format!("{} {}", now.date(), hh_mm(now.time()));
    match site.kiosk.print_list(key, notice.lines(&at)) {
        true => Redirect::to(&format!("{here}&{}={key}", matter::LIST)).into_response(),
        // The page says that no printer can print.
        false => Redirect::to(&here).into_response(),
    }
}

async fn show_work_list(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let modes = site.modes(&query.unwrap_or_default());
    work_list::page(&site.kiosk, &site.kiosk.station(), modes)
}

async fn print_work_list(State(site): State<Site>, form: String) -> Response {
    let modes = site.modes(&form);
    match value(&form, "key").and_then(|text| text.parse::<CommandId>().ok()) {
        Some(key) => work_list::print(&site.kiosk, &site.kiosk.station(), modes, key),
        None => (StatusCode::BAD_REQUEST, "expected `key`").into_response(),
    }
}

async fn show_no_ticket(State(site): State<Site>, RawQuery(query): RawQuery) -> Response {
    let modes = site.modes(&query.unwrap_or_default());
    let language = modes.language;
    let title = t!(Texts::of(language), "system-fault");
    let content = home::notice(
        Icon::NoNetwork,
        &both!(language, "system-fault"),
        &html! {
            p { (both!(language, "kiosk-use-another")) }
            form method="get" action="/" {
                (modes.fields(""))
                button class="fb pri" type="submit" { (icon(Icon::Back)) span { (both!(language, "close")) } }
            }
        },
    );
    let frame = Frame {
        title: &title,
        modes,
        state: "no-ticket".to_owned(),
        live: String::new(),
        idle_s: NO_TICKET_S,
        refresh_s: NO_TICKET_S,
    };
    let mut response = whole(&site.kiosk, &site.kiosk.station(), &frame, content);
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}

async fn follow(
    State(site): State<Site>,
    RawQuery(query): RawQuery,
    upgrade: WebSocketUpgrade,
) -> Response {
    let query = query.unwrap_or_default();
    let modes = site.modes(&query);
    let ticket = value(&query, "ticket").and_then(|text| text.parse().ok());
    let way = value(&query, guide::WAY).and_then(|text| text.parse().ok());
    let list = value(&query, matter::LIST).and_then(|text| text.parse().ok());
    let of = match (ticket, way) {
        (Some(ticket), _) => live::Of::Ticket(ticket),
        (None, Some(way)) => live::Of::Matter { way, list },
        (None, None) => live::Of::Home,
    };
    upgrade
        .read_buffer_size(protocol::READ_BUFFER_BYTES)
        .max_message_size(FORM_MAX)
        .on_upgrade(move |socket| live::serve(socket, site.kiosk, modes, of, site.run))
}

/// The size of this kiosk's screen, from which least sizes in millimetres follow.
async fn screen_css(State(site): State<Site>) -> Response {
    let css = format!(":root{{--px-per-mm:{}}}\n", site.kiosk.settings().px_per_mm);
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, css).into_response()
}

/// A page of somebody else's cannot press this kiosk's buttons, nor follow its pages.
async fn own_forms_only(headers: HeaderMap, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_live = request.uri().path() == "/live";
    if is_safe && !is_live || is_own(&headers) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "this form is not from this kiosk's pages",
        )
            .into_response()
    }
}

/// A browser always says where such a request comes from; programs need not.
fn is_own(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(ORIGIN) else {
        return true;
    };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    origin
        .split_once("://")
        .is_some_and(|(_, from)| Some(from) == host)
}

impl Site {
    fn modes(&self, query: &str) -> Modes {
        Modes::parse(query, self.kiosk.settings().greeting())
    }
}

/// The last value of a name in a query or form. All values of this kiosk's pages are plain letters and digits, so
/// nothing needs decoding.
fn value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .rfind(|(key, _)| *key == name)
        .map(|(_, value)| value)
}
