//! The guide on the station's public pages: the questions of the station file, what they lead to, and the ways to it.

use std::collections::BTreeSet;

use station_config::DemoProfile;
use station_tests::{StartOptions, Station};

/// Where the answers on a page lead.
fn answers(page: &str) -> Vec<String> {
    let Some((_, list)) = page.split_once("class=\"bk-list gd\"") else {
        return vec![];
    };
    let list = list.split("</ul>").next().unwrap_or_default();
    let links = list.split("href=\"").skip(1);
    let links = links.filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&amp;", "&")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_is_led_by_questions_to_papers_fee_and_time() {
    let station = Station::demo().await;
    let anybody = station.anybody();
    let front = anybody.get("/").await.text;
    assert!(front.contains("href=\"/guide\""));
    let mut open = vec!["/guide?lang=vi".to_owned()];
    let mut found = BTreeSet::new();
    while let Some(path) = open.pop() {
        let answer = anybody.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.contains("<html lang=\"vi\""), "{path}");
        let further = answers(&answer.text);
        if further.is_empty() {
            assert!(answer.text.contains("gd-facts"), "{path}");
            found.insert(path.clone());
        }
        open.extend(further);
    }
    assert_eq!(found.len(), 16);
    let lost = anybody.get("/guide?lang=vi&way=13").await.text;
    for said in [
        "Thẻ cư trú: cấp lại do mất",
        "居留證：遺失補發",
        "NT$500",
        "10 ngày làm việc",
        "Hộ chiếu bản chính",
        "type=\"checkbox\"",
        // The language is changed in place.
        "href=\"/guide?way=13&amp;lang=en\"",
        "href=\"/book?service=resident-certificate&amp;lang=vi\"",
    ] {
        assert!(lost.contains(said), "no {said}");
    }
    // The code on the kiosk leads to the same matter; what is not translated is read in English.
    let scanned = anybody.get("/guide?matter=card-lost&lang=km").await.text;
    assert!(scanned.contains("Resident certificate: replacement of a lost one"));
    for nowhere in ["way=99", "way=x", "matter=nothing", "service=nothing"] {
        let page = anybody.get(&format!("/guide?lang=en&{nowhere}")).await.text;
        assert!(page.contains("What is it about today?"), "{nowhere}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_ticket_has_its_papers_to_tick_and_the_cases_behind_them() {
    let station = Station::demo().await;
    let anybody = station.anybody();
    let issued = station.issue("resident-certificate").await;
    let id = issued["id"].as_str().expect("an id");
    let page = anybody.get(&format!("/t/{id}?lang=en")).await.text;
    let (_, papers) = page
        .split_once("class=\"docs ticks\"")
        .expect("a checklist");
    let papers = papers.split("</ul>").next().expect("its end");
    assert_eq!(papers.matches("type=\"checkbox\"").count(), 3);
    assert!(papers.contains("Passport"));
    let cases = "/guide?service=resident-certificate&lang=en";
    assert!(page.contains(&cases.replace('&', "&amp;")));
    assert_eq!(answers(&anybody.get(cases).await.text).len(), 6);
    let issued = station.issue("enquiries").await;
    let id = issued["id"].as_str().expect("an id");
    let page = anybody.get(&format!("/t/{id}")).await.text;
    assert!(!page.contains("ticks"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrator_sees_what_is_not_translated() {
    let station = Station::demo().await;
    let page = station
        .client("demo-admin")
        .get("/admin/guide?lang=en")
        .await;
    assert_eq!(page.status, 200);
    for said in [
        "Missing translations",
        "card-lost",
        "<b lang=\"km\">",
        "of 63",
    ] {
        assert!(page.text.contains(said), "no {said}");
    }
    let refused = station.client("demo-greeter").get("/admin/guide").await;
    assert_eq!(refused.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_without_a_guide_says_so() {
    let options = StartOptions {
        extra: vec!["--profile".into(), DemoProfile::VisitingRoom.name().into()],
        ..StartOptions::default()
    };
    let station = Station::start(options).await;
    assert_eq!(station.anybody().get("/guide").await.status, 404);
    assert!(!station.anybody().get("/").await.text.contains("/guide"));
    let page = station
        .client("demo-admin")
        .get("/admin/guide?lang=en")
        .await;
    assert!(page.text.contains("The station file has no guide"));
}
