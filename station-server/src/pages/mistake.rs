//! Refusals as pages: whoever opens a wrong address or sends a form that is refused reads words, not JSON.

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use screens::{Icon, Language, PageHead, Texts, bi, icon, page, t};

use super::fields::refusal;
use crate::problem::ApiProblem;

/// Puts a page in the place of a problem that a person would see.
pub(crate) async fn in_words(request: Request, next: Next) -> Response {
    let opened = is_opened_by_browser(request.headers());
    let response = next.run(request).await;
    match response.extensions().get::<ApiProblem>() {
        Some(problem) if opened => (problem.status, render(problem.code)).into_response(),
        _ => response,
    }
}

/// A browser that opens an address or sends a form asks for XHTML as well; our modules and programs do not.
fn is_opened_by_browser(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok());
    accept.is_some_and(|a| a.contains("text/html") && a.contains("application/xhtml+xml"))
}

fn render(code: &str) -> Markup {
    let (zh, en) = (Texts::of(Language::ZhHantTw), Texts::of(Language::En));
    let both = |first: &str, second: &str| bi((Language::ZhHantTw, first), (Language::En, second));
    let title = refusal(zh, code);
    let css = [super::asset("front.css")];
    let head = PageHead {
        css: &css,
        body_class: "fr",
        ..PageHead::new(Language::ZhHantTw, &title)
    };
    page(
        &head,
        html! {
            main class="missing" {
                h1 { (icon(Icon::Warning)) (both(&title, &refusal(en, code))) }
                p { a class="btn" href="/" { (both(&t!(zh, "chief-home"), &t!(en, "chief-home"))) } }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use tower::ServiceExt;

    use super::*;

    async fn ask(accept: &'static str) -> (StatusCode, String) {
        let router: Router = Router::new()
            .fallback(|| async { ApiProblem::not_found("not_found", "nothing here") })
            .layer(from_fn(in_words));
        let request = Request::get("/nowhere").header(header::ACCEPT, accept);
        let answer = router
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 100_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_person_gets_words_and_a_program_the_problem() {
        let (status, page) = ask("text/html,application/xhtml+xml,*/*;q=0.8").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(
            page.contains("找不到這個頁面") && page.contains("<html"),
            "{page}"
        );
        for accept in ["application/json", "*/*", "text/html"] {
            let (status, body) = ask(accept).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            assert!(body.contains("\"code\":\"not_found\""), "{accept}: {body}");
        }
    }
}
