//! Keys a table must have, by the JSON Schema: serde names only the first that is missing.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Required keys that the table with this span does not have, in the schema's order.
pub(crate) fn missing_keys(
    schema: &Value,
    document: &Spanned<DeTable<'_>>,
    table: (usize, usize),
) -> Vec<String> {
    let walk = Walk { schema, table };
    let span = document.span();
    walk.in_table(schema, document.get_ref(), (span.start, span.end))
        .unwrap_or_default()
}

struct Walk<'a> {
    schema: &'a Value,
    table: (usize, usize),
}

impl Walk<'_> {
    /// The answer, if the table is this one or inside it.
    fn in_table(
        &self,
        node: &Value,
        table: &DeTable<'_>,
        span: (usize, usize),
    ) -> Option<Vec<String>> {
        let node = self.resolved(node);
        if span == self.table {
            let required = node["required"]
                .as_array()?
                .iter()
                .filter_map(Value::as_str);
            return Some(
                required
                    .filter(|key| !table.contains_key(*key))
                    .map(str::to_owned)
                    .collect(),
            );
        }
        table.iter().find_map(|(key, value)| {
            self.in_value(&node["properties"][key.get_ref().as_ref()], value)
        })
    }

    fn in_value(&self, node: &Value, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let span = value.span();
        match value.get_ref() {
            DeValue::Table(table) => self.in_table(node, table, (span.start, span.end)),
            DeValue::Array(items) => {
                let node = &self.resolved(node)["items"];
                items.iter().find_map(|item| self.in_value(node, item))
            }
            _ => None,
        }
    }

    /// The node a reference points to; the first of several that may stand here, the others being `null`.
    fn resolved<'n>(&'n self, node: &'n Value) -> &'n Value {
        let mut node = node;
        // No type of the model is deeper.
        for _ in 0..8 {
            if let Some(name) = node["$ref"]
                .as_str()
                .and_then(|r| r.strip_prefix("#/$defs/"))
            {
                node = &self.schema["$defs"][name];
            } else if node["anyOf"].is_array() {
                node = &node["anyOf"][0];
            } else {
                break;
            }
        }
        node
    }
}
