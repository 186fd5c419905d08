//! Files compiled into the binary and how they are served.
//!
//! Every crate with pages embeds its own folder and serves it with [`embedded_router`]; the files
//! all pages share are in [`Shared`] under [`PREFIX`]. A URL that carries the hash of the
//! content (`?v=`) may be cached for ever; any other is revalidated with a strong `ETag`.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};

/// Where [`router`] serves the shared files.
pub const PREFIX: &str = "/assets";

/// The files all pages share: tokens, base styles, icon sprite, chime and the shared modules.
#[derive(RustEmbed)]
#[folder = "assets/"]
pub struct Shared;

/// Serves the shared files under [`PREFIX`].
pub fn router() -> Router {
    embedded_router::<Shared>(PREFIX)
}

/// The URL of a shared file with the hash of its content, such as `/assets/base.css?v=0a1b…`.
///
/// A name that is not embedded is a mistake of the caller: it panics in debug builds and gives
/// a URL that answers 404 otherwise.
pub fn asset_url(name: &str) -> String {
    embedded_url::<Shared>(PREFIX, name)
}

/// The URL of a file that another crate serves with [`embedded_router`] under the same `prefix`.
///
/// Panics in debug builds for a name that is not embedded, as [`asset_url`] does.
pub fn embedded_url<E: RustEmbed>(prefix: &str, name: &str) -> String {
    let file = E::get(name);
    debug_assert!(file.is_some(), "no embedded file {name}");
    match file {
        Some(file) => format!("{prefix}/{name}?v={}", version(&file)),
        None => format!("{prefix}/{name}"),
    }
}

/// Serves every file embedded in `E` under `prefix` (`/kiosk-assets`, without a final slash).
pub fn embedded_router<E: RustEmbed + 'static>(prefix: &str) -> Router {
    Router::new().route(
        &format!("{prefix}/{{*path}}"),
        get(
            |Path(path): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap| async move {
                match E::get(&path) {
                    Some(file) => serve(&path, file, query.as_deref(), &headers),
                    None => StatusCode::NOT_FOUND.into_response(),
                }
            },
        ),
    )
}

fn serve(path: &str, file: EmbeddedFile, query: Option<&str>, headers: &HeaderMap) -> Response {
    let version = version(&file);
    let etag = format!("\"{version}\"");
    let cache = if query == Some(&format!("v={version}")) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| names_etag(value, &etag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, content_type(path))], file.data).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(ETAG, value);
    }
    response
}

/// Whether an `If-None-Match` value lists the tag; the comparison is weak (RFC 9110, 13.1.2).
fn names_etag(value: &str, etag: &str) -> bool {
    value
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// The first 64 bits of the content's SHA-256 as 16 hexadecimal digits.
fn version(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The media type by file ending; only the kinds that pages embed.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("wav") => "audio/wav",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;

    async fn ask(url: &str, if_none_match: Option<&str>) -> Response {
        let mut request = Request::get(url);
        if let Some(value) = if_none_match {
            request = request.header(IF_NONE_MATCH, value);
        }
        router()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap()
    }

    fn header(response: &Response, name: axum::http::HeaderName) -> String {
        response.headers()[name].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_hashed_url_is_immutable_and_a_bare_or_outdated_one_is_not() {
        let url = asset_url("tokens.css");
        assert!(url.starts_with("/assets/tokens.css?v="), "{url}");
        let hashed = ask(&url, None).await;
        assert_eq!(hashed.status(), StatusCode::OK);
        assert_eq!(header(&hashed, CONTENT_TYPE), "text/css; charset=utf-8");
        assert!(header(&hashed, CACHE_CONTROL).contains("immutable"));
        for other in [
            "/assets/tokens.css",
            "/assets/tokens.css?v=0000000000000000",
        ] {
            assert_eq!(header(&ask(other, None).await, CACHE_CONTROL), "no-cache");
        }
    }

    #[tokio::test]
    async fn a_known_etag_is_answered_without_a_body() {
        let etag = header(&ask("/assets/base.css", None).await, ETAG);
        for value in [etag.clone(), format!("\"other\", W/{etag}"), "*".into()] {
            let again = ask("/assets/base.css", Some(&value)).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{value}");
            assert_eq!(header(&again, ETAG), etag);
        }
        let changed = ask("/assets/base.css", Some("\"other\"")).await;
        assert_eq!(changed.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn what_is_not_embedded_is_not_found() {
        for url in [
            "/assets/none.css",
            "/assets/../Cargo.toml",
            "/assets/%2e%2e/Cargo.toml",
        ] {
            assert_eq!(
                ask(url, None).await.status(),
                StatusCode::NOT_FOUND,
                "{url}"
            );
        }
    }

    #[test]
    fn every_shared_file_has_a_content_type() {
        for name in Shared::iter() {
            assert_ne!(content_type(&name), "application/octet-stream", "{name}");
        }
    }
}
