//! The description of the interface, written by hand beside the routes; a test keeps the two in step.

use axum::http::header;
use axum::response::IntoResponse;

/// The OpenAPI 3.1 document.
#[must_use]
pub fn document() -> &'static str {
    include_str!("../../openapi.json")
}

pub(crate) async fn get() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], document())
}

#[cfg(test)]
mod tests {
    use super::super::api_routes;
    use super::document;

    #[test]
    fn every_route_is_described_and_every_description_has_a_route() {
        let document: serde_json::Value = serde_json::from_str(document()).unwrap();
        let mut described: Vec<String> = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.push(format!("{} {path}", method.to_uppercase()));
            }
        }
        let mut served: Vec<String> = api_routes()
            .iter()
            .filter(|r| !r.path.starts_with("/ws/"))
            .map(|r| format!("{} {}", r.method, r.path))
            .collect();
        described.sort();
        served.sort();
        assert_eq!(described, served);
    }
}
