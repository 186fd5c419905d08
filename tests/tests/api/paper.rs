//! The page on which an administrator tries what stands on the tickets.

use reqwest::Method;
use station_tests::{Answer, Client, DataDir, StartOptions, Station, station_file};

async fn answer(client: &Client, layout: &str) -> Answer {
    let encoded = layout
        .replace('%', "%25")
        .replace('&', "%26")
        .replace('+', "%2B")
        .replace('\n', "%0D%0A");
    let form = format!("paper=escpos-58mm&sample=usual&layout={encoded}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    client
        .send(Method::POST, "/admin/ticket?lang=en", &headers, Some(form))
        .await
}

async fn attempt(client: &Client, layout: &str) -> String {
    let answer = answer(client, layout).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_the_ticket_in_ten_languages_and_tries_another_layout() {
    let station = Station::demo().await;
    let administrator = station.client("demo-admin");
    let shown = |page: &str| page.matches("src=\"data:image/png;base64,").count();
    let path = "/admin/ticket?lang=en&paper=escpos-58mm-180dpi&sample=appointment";
    let page = administrator.get(path).await.text;
    assert_eq!(shown(&page), 10, "{page}");
    assert!(
        page.contains("value=\"escpos-58mm-180dpi\" selected"),
        "{page}"
    );
    assert!(page.contains("value=\"appointment\" selected"), "{page}");
    // The layout in use, ready to be changed.
    assert!(page.contains("[[ticket.block]]"), "{page}");

    let page = attempt(
        &administrator,
        "[[ticket.block]]\nnumber = { height_mm = 12 }",
    )
    .await;
    assert_eq!(shown(&page), 10, "{page}");
    let wide = "[[ticket.block]]\nnumber = { height_mm = 39 }\n<b>";
    let page = attempt(&administrator, wide).await;
    assert_eq!(shown(&page), 0, "{page}");
    assert!(
        page.contains("role=\"alert\"") && page.contains("3:"),
        "{page}"
    );
    assert!(
        page.contains("&lt;b&gt;") && !page.contains("<b>"),
        "{page}"
    );

    // Nothing was kept.
    let page = administrator.get("/admin/ticket").await.text;
    assert!(page.contains("height_mm = 15") && !page.contains("height_mm = 39"));
    let chief = station.client("demo-chief");
    chief.get("/admin/ticket").await.problem(403, "forbidden");
    answer(&chief, "").await.problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_looked_for_beside_the_station_file() {
    let data = DataDir::new();
    let config = data.beside("station.toml");
    std::fs::write(&config, station_file(|_| {})).expect("a station file");
    std::fs::write(data.beside("own-logo.png"), include_bytes!("data/logo.png")).expect("a logo");
    let options = StartOptions {
        config: Some(config),
        ..StartOptions::on(&data)
    };
    let station = Station::start(options).await;
    let administrator = station.client("demo-admin");
    let layout = |file: &str| {
        format!(
            "[[ticket.block]]\nnumber = {{ height_mm = 12 }}\n[[ticket.block]]\nlogo = {{ file = \"{file}\", width_mm = 20 }}"
        )
    };
    let page = attempt(&administrator, &layout("own-logo.png")).await;
    assert!(page.contains("src=\"data:image/png;base64,"), "{page}");
    // What is no file is not waited for.
    let page = attempt(&administrator, &layout("/dev/zero")).await;
    assert!(page.contains("it is no file"), "{page}");
}
