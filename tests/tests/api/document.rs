//! The description of the interface against what the station really answers: whatever occurs in an answer is described.

use serde_json::{Value, json};
use station_tests::Station;

/// What the document has for `schema`, with references followed.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let place = reference
                .strip_prefix('#')
                .expect("a place in the document");
            let found = document.pointer(place);
            resolved(document, found.unwrap_or_else(|| panic!("no {reference}")))
        }
        None => schema,
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the document names a type `{other}`"),
    }
}

/// What of `value` the schema does not describe or describes otherwise; empty when all is well.
pub(super) fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = resolved(document, schema);
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let found: Vec<_> = choices
                .iter()
                .map(|one| faults(document, one, value, at))
                .collect();
            return if found.iter().any(Vec::is_empty) {
                Vec::new()
            } else {
                found.concat()
            };
        }
    }
    let wrong = |what: &str| vec![format!("{at}: {value} is not {what} {schema}")];
    if schema.get("const").is_some_and(|only| only != value) {
        return wrong("the constant of");
    }
    if let Some(listed) = schema["enum"].as_array()
        && !listed.contains(value)
    {
        return wrong("listed in");
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        Value::String(name) => vec![name],
        _ if schema.get("const").is_some() => return Vec::new(),
        _ => return wrong("given a type in"),
    };
    if !types.iter().any(|name| is_of_type(value, name)) {
        return wrong("of the type of");
    }
    match value {
        Value::Object(members) => {
            let required = schema["required"].as_array().into_iter().flatten();
            let missing = required
                .filter_map(Value::as_str)
                .filter(|name| !members.contains_key(*name))
                .map(|name| format!("{at}: `{name}` is promised and missing"));
            let inside = members.iter().flat_map(|(name, member)| {
                let at = format!("{at}/{name}");
                let others = &schema["additionalProperties"];
                match schema["properties"].get(name) {
                    Some(described) => faults(document, described, member, &at),
                    None if *others == json!(true) => Vec::new(),
                    None if others.is_object() => faults(document, others, member, &at),
                    None => vec![format!("{at} is not described")],
                }
            });
            missing.chain(inside).collect()
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(i, item)| faults(document, &schema["items"], item, &format!("{at}/{i}")))
            .collect(),
        _ => Vec::new(),
    }
}

/// Requests that stand for a described address.
fn examples(path: &str, ticket: &str) -> Vec<String> {
    match path {
        "/api/v1/stats" => ["", "service", "class", "counter", "staff", "hour", "day"]
            .map(|by| format!("{path}?by={by}"))
            .into(),
        _ if path.contains("{counter}") => ["1", "3", "5"]
            .map(|counter| path.replace("{counter}", counter))
            .into(),
        // The demo's station has none; `sessions` looks at a station that has.
        _ if path.contains("{begins}") => vec![],
        _ => vec![path.replace("{id}", ticket)],
    }
}

/// A hall in which a bit of everything has happened.
async fn busy_hall(station: &Station) -> String {
    let clerk = station.counter();
    let act = async |counter: &str, action: &str, body: Value| {
        clerk.act(counter, action, body).await.expect(200)
    };
    for _ in 0..6 {
        station.issue("pick-up").await;
    }
    let issued = json!({"service": "pick-up", "language": "vi"});
    let rated = act("5", "call-next", json!({})).await["ticket"]["id"].clone();
    act("5", "start", json!({})).await;
    act("5", "finish", json!({})).await;
    let rating = json!({"ticket": rated, "score": 4, "reasons": []});
    let anybody = station.anybody();
    anybody.post("/api/v1/ratings", rating).await.expect(201);
    act("5", "call-next", json!({})).await;
    act("5", "start", json!({})).await;
    act("5", "hold", json!({"reason": "photo"})).await;
    act("5", "call-next", json!({})).await;
    act("5", "no-show", json!({})).await;
    act("3", "pause", json!({"reason": "lunch", "minutes": 30})).await;
    let kiosk = station.kiosk();
    let issued = kiosk.post("/api/v1/tickets", issued).await.expect(201);
    act("5", "call", json!({"number": issued["number"]})).await;
    act("5", "start", json!({})).await;
    issued["id"].as_str().expect("an id").to_owned()
}

/// An appointment, tomorrow.
async fn booked(station: &Station) -> String {
    let anybody = station.anybody();
    let offered = anybody.get("/api/v1/slots").await.expect(200);
    let tomorrow = offered["days"][1].as_str().expect("a day");
    let slots = format!("/api/v1/slots?date={tomorrow}");
    let slots = anybody.get(&slots).await.expect(200);
    let body = json!({"service": slots["service"], "start": slots["slots"][0]["start"]});
    let appointment = anybody.post("/api/v1/appointments", body).await.expect(201);
    appointment["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_occurs_in_an_answer_is_described() {
    let station = Station::demo().await;
    let admin = station.client("demo-admin");
    let document = admin.get("/api/v1/openapi.json").await.expect(200);
    let ticket = busy_hall(&station).await;
    let appointment = booked(&station).await;
    // An agent with a device.
    let mut kiosk = station
        .screen("kiosk", Some("K1"), Some("demo-kiosk"))
        .await;
    let printer =
        json!({"device": "K1 printer", "ok": false, "status": "paper_out", "detail": "empty"});
    kiosk
        .send(&json!({"kind": "health", "devices": [printer]}))
        .await;
    station_tests::until("the printer among the devices", async || {
        let devices = admin.get("/api/v1/devices").await.expect(200);
        (devices["devices"][0]["devices"][0]["status"] == "paper_out").then_some(())
    })
    .await;

    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        let Some(described) = methods.get("get") else {
            continue;
        };
        let content = &described["responses"]["200"]["content"]["application/json"];
        let id = if path.contains("appointments") {
            &appointment
        } else {
            &ticket
        };
        for address in examples(path, id) {
            let answer = admin.get(&address).await.expect(200);
            found.extend(faults(&document, &content["schema"], &answer, &address));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    drop(kiosk);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_a_counter_is_described() {
    let station = Station::demo().await;
    let document = station.anybody().get("/api/v1/openapi.json").await;
    let document = document.expect(200);
    busy_hall(&station).await;
    let described = |path: &str, status: &str| {
        let pointer = format!("/paths/{}/post/responses/{status}", path.replace('/', "~1"));
        let answer = document.pointer(&pointer).expect("a described answer");
        answer["content"]["application/json"]["schema"].clone()
    };
    let action = described("/api/v1/counters/{counter}/{action}", "200");
    let clerk = station.counter();
    let answer = clerk.act("5", "finish", json!({})).await.expect(200);
    let mut found = faults(&document, &action, &answer, "finish");
    let paused = json!({"reason": "lunch", "minutes": 5});
    let answer = clerk.act("5", "pause", paused).await.expect(200);
    found.extend(faults(&document, &action, &answer, "pause"));
    let issued = station.issue("pick-up").await;
    let schema = described("/api/v1/tickets", "201");
    found.extend(faults(&document, &schema, &issued, "issue"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_not_described_is_noticed() {
    let document = json!({"components": {"schemas": {"Pair": {
        "type": "object", "required": ["a"],
        "properties": {"a": {"type": "integer"}, "b": {"type": ["string", "null"]}},
    }}}});
    let list = json!({"type": "array", "items": {"$ref": "#/components/schemas/Pair"}});
    let said = |value: Value| faults(&document, &list, &value, "").join("\n");
    assert_eq!(said(json!([{"a": 1, "b": null}, {"a": 2}])), "");
    assert_eq!(said(json!([{"a": 1, "c": 1}])), "/0/c is not described");
    assert_eq!(said(json!([{"b": "x"}])), "/0: `a` is promised and missing");
    assert!(said(json!([{"a": "x"}])).starts_with("/0/a: \"x\" is not of the type"));
}
