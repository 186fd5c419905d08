//! Logging in and out with staff name and PIN.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use maud::{Markup, html};
use screens::{Icon, Language, PageHead, Texts, icon, page, t};
use serde::Deserialize;

use super::fields::{Fields, refusal, see_other};
use super::look::Look;
use crate::access::{Peer, Permission, Role, SESSION_COOKIE, StaffMember, cookie, encode};
use crate::app::App;
use crate::demo::PIN;
use crate::http::Route;
use crate::problem::ApiProblem;

/// Its routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/login", Permission::LogIn, show),
        Route::post("/login", Permission::LogIn, log_in),
        Route::post("/logout", Permission::LogIn, log_out),
    ]
}

/// `?next=&refused=&staff=`, and the look; without one, that of the page to go to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Ask {
    next: String,
    refused: String,
    staff: String,
}

async fn show(
    State(app): State<App>,
    peer: Peer,
    here: Uri,
    headers: HeaderMap,
    Query(ask): Query<Ask>,
) -> Markup {
    let demo = app.demo.is_some().then(|| app.access.staff());
    let look = look_here(&here, &ask.next, &headers);
    let station = app.info.name.get(look.language.tag());
    let takes_pin = app.origin(&headers, peer).enrolled;
    render(station, look, &ask, takes_pin, demo.unwrap_or_default())
}

/// The look that the address says, else that of the page that was wanted; where neither says a language, that of the
/// browser.
fn look_here(here: &Uri, next: &str, headers: &HeaderMap) -> Look {
    let wanted: Uri = local_path(next).parse().unwrap_or_default();
    let said = [here, &wanted]
        .into_iter()
        .find(|a| Look::names_language(a));
    let look = match Look::of(here) {
        look if look == Look::default() => Look::of(&wanted),
        look => look,
    };
    let accepted = || {
        let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        Language::from_accept_language(accepted)
    };
    let language = match said {
        Some(address) => Look::of(address).language,
        None => accepted()
            .filter(|language| Language::STAFF.contains(language))
            .unwrap_or_default(),
    };
    Look { language, ..look }
}

/// What a role is called.
pub(super) fn role_name(texts: &'static Texts, role: Role) -> String {
    texts
        .get(&format!("role-{}", role.word()), &[])
        .into_owned()
}

async fn log_in(
    State(app): State<App>,
    peer: Peer,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Response, ApiProblem> {
    let next = local_path(fields.get("next").unwrap_or_default());
    let staff = fields.get("staff").unwrap_or_default();
    let pin = fields.get("pin").unwrap_or_default().to_owned();
    match app.log_in(staff, pin, &app.origin(&headers, peer)).await {
        Ok(session) => with_cookie(see_other(next), &session_cookie(&session)),
        Err(problem) => Ok(see_other(&format!(
            "/login?next={}&refused={}&staff={}",
            encode(next),
            problem.code,
            encode(staff)
        ))),
    }
}

async fn log_out(
    State(app): State<App>,
    look: Look,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    if let Some(session) = cookie(&headers, SESSION_COOKIE) {
        app.access.end_session(session)?;
    }
    with_cookie(
        see_other(&look.href("/login")),
        &format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"),
    )
}

/// A session ends with the browser, and on the server's side after a working day.
pub(super) fn session_cookie(session: &str) -> String {
    format!("{SESSION_COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax")
}

pub(super) fn with_cookie(mut response: Response, cookie: &str) -> Result<Response, ApiProblem> {
    let value = HeaderValue::from_str(cookie).map_err(|e| ApiProblem::invalid(e.to_string()))?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(response)
}

/// The path if it leads to a page of this station, else the front page: a login must not send anybody to another
/// site. Browsers read `//host` and `/\host` as another host and drop tabs and line ends inside a URL.
pub(super) fn local_path(next: &str) -> &str {
    let path = next.strip_prefix('/');
    let local = path.is_some_and(|rest| {
        !rest.starts_with(['/', '\\'])
            && !next.contains('\\')
            && next.bytes().all(|b| b.is_ascii_graphic())
    });
    if local { next } else { "/" }
}

/// A PIN is enough on enrolled devices; elsewhere it is the password that is asked for, in these words.
fn render(station: &str, look: Look, ask: &Ask, takes_pin: bool, demo: &[StaffMember]) -> Markup {
    let texts = look.texts();
    let title = t!(texts, "login-title");
    let css = [super::asset("login.css")];
    let head = PageHead {
        css: &css,
        theme: look.theme,
        body_class: "lg",
        ..PageHead::new(look.language, &title)
    };
    let wanted = Look::without(local_path(&ask.next));
    let next = look.href(&wanted);
    let here = format!("/login?next={}", encode(&wanted));
    let body = html! {
        header class="lg-top" { (icon(Icon::Desk)) span { (station) } (look.switches(&here)) }
        main class="lg-main" {
            h1 {
                (title)
                @if look.language != Language::En { " " small lang="en" { (t!(Texts::of(Language::En), "login-title")) } }
            }
            @if !ask.refused.is_empty() {
                p class="lg-no" role="alert" {
                    (icon(Icon::Warning))
                    @if ask.refused == "wrong_pin" && !takes_pin { (t!(texts, "login-failed")) } @else { (refusal(texts, &ask.refused)) }
                }
            }
            form method="post" action="/login" class="lg-form" {
                input type="hidden" name="next" value=(next);
                label for="staff" { (t!(texts, "login-staff")) }
                input id="staff" name="staff" value=(ask.staff) autocomplete="username" autocapitalize="none"
                    spellcheck="false" required autofocus[ask.staff.is_empty()];
                label for="pin" { @if takes_pin { (t!(texts, "login-pin")) } @else { (t!(texts, "login-password")) } }
                input id="pin" name="pin" type="password" inputmode=[takes_pin.then_some("numeric")] autocomplete="current-password"
                    required autofocus[!ask.staff.is_empty()] aria-describedby=[(!takes_pin).then_some("pin-hint")];
                @if !takes_pin { p id="pin-hint" class="hint" { (t!(texts, "login-password-here")) } }
                button type="submit" class="lg-go" { (t!(texts, "login-button")) }
            }
            @if !demo.is_empty() {
                section class="lg-demo" aria-labelledby="demo" {
                    h2 id="demo" { (t!(texts, "login-demo", pin = PIN)) }
                    ul {
                        @for member in demo {
                            li {
                                form method="post" action="/login" {
                                    input type="hidden" name="next" value=(next);
                                    input type="hidden" name="staff" value=(member.id);
                                    input type="hidden" name="pin" value=(PIN);
                                    button type="submit" { b { (member.name) } " " small { (member.id) " · " (role_name(texts, member.role)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    page(&head, body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use proptest::prelude::*;
    use queue_core::StaffId;

    #[test]
    fn only_pages_of_this_station_follow_a_login() {
        for next in ["/console/3", "/console/3?tab=held&mode=dock", "/"] {
            assert_eq!(local_path(next), next);
        }
        for next in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "console",
            "/a\\b",
            "/\t/evil.example",
            "/a b",
            "/é",
        ] {
            assert_eq!(local_path(next), "/", "{next:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_the_answer_stays_here(next in "\\PC{0,40}") {
            let path = local_path(&next);
            prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\"));
        }
    }

    #[test]
    fn the_page_escapes_what_was_typed_and_says_why_not() {
        let ask = Ask {
            next: "//evil".into(),
            refused: "wrong_pin".into(),
            staff: "\"><script>".into(),
        };
        let dark = Look::from_words(None, Some("dark"));
        let page = render("站 & 站", dark, &ask, true, &[]).into_string();
        assert!(
            page.contains("data-theme=\"dark\"") && page.contains("站 &amp; 站"),
            "{page}"
        );
        assert!(
            page.contains("代號或 PIN 碼不對") && page.contains("role=\"alert\""),
            "{page}"
        );
        assert!(
            page.contains("value=\"&quot;&gt;&lt;script&gt;\""),
            "{page}"
        );
        assert!(
            page.contains("name=\"next\" value=\"/?theme=dark\"") && !page.contains("evil"),
            "{page}"
        );
        assert!(!page.contains("1234"), "{page}");
        let elsewhere = render("站 & 站", dark, &ask, false, &[]).into_string();
        assert!(
            elsewhere.contains(">密碼<") && elsewhere.contains("代號或密碼不對"),
            "{elsewhere}"
        );
        assert!(!elsewhere.contains("numeric"), "{elsewhere}");
    }

    #[test]
    fn a_login_speaks_the_language_of_the_page_it_leads_to() {
        let ask = Ask {
            next: "/console/3?tab=held&lang=en".into(),
            ..Ask::default()
        };
        let look = look_here(&"/login".parse().unwrap(), &ask.next, &HeaderMap::new());
        assert_eq!(look.language, Language::En);
        let page = render("Station", look, &ask, true, &[]).into_string();
        assert!(
            page.contains("<html lang=\"en\"") && page.contains(">Staff name<"),
            "{page}"
        );
        assert!(
            page.contains("value=\"/console/3?tab=held&amp;lang=en\""),
            "{page}"
        );
        // The way back to Chinese does not say English again behind its back.
        assert!(
            page.contains("href=\"/login?next=/console/3%3Ftab%3Dheld&amp;lang=zh-Hant-TW\""),
            "{page}"
        );
    }

    #[test]
    fn a_login_without_a_language_speaks_that_of_the_browser() {
        let language = |here: &str, next: &str, accepted: &'static str| {
            let accepted = (header::ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            let headers = HeaderMap::from_iter([accepted]);
            look_here(&here.parse().unwrap(), next, &headers).language
        };
        assert_eq!(language("/login", "/chief", "en-GB,en;q=0.9"), Language::En);
        assert_eq!(language("/login", "/chief", "zh-TW"), Language::ZhHantTw);
        assert_eq!(language("/login", "/chief", "vi"), Language::ZhHantTw);
        assert_eq!(
            language("/login", "/chief?lang=zh-Hant-TW", "en"),
            Language::ZhHantTw
        );
        assert_eq!(
            language("/login?lang=zh-Hant-TW", "/chief", "en"),
            Language::ZhHantTw
        );
        assert_eq!(language("/login?theme=dark", "/chief", "en"), Language::En);
    }

    #[test]
    fn the_demo_offers_its_staff() {
        let member = StaffMember {
            id: StaffId::new("lin").unwrap(),
            name: "林怡君".into(),
            role: Role::Counter,
            pin_phc: None,
            password_phc: None,
        };
        let page = render("示範", Look::default(), &Ask::default(), true, &[member]).into_string();
        assert!(
            page.contains("林怡君")
                && page.contains("櫃台人員")
                && page.contains("name=\"pin\" value=\"1234\""),
            "{page}"
        );
    }
}
