//! What is on a dashboard, as CloudWatch tells it: JSON in a text.

use infra_core::{
    aws::cloudwatch::DashboardBody,
    types::{self, IntoValue, PropertyType, structure},
    value::Value,
};
use serde_json::Value as Json;

/// A body as the engine keeps it: what was recorded, if it shows the same.
pub(super) fn told_body(recorded: &Value, told: &str) -> Value {
    let told: Json = serde_json::from_str(told).unwrap_or_default();
    let shows_it = |body: &Value| {
        DashboardBody::decode(body).is_ok_and(|body| is_same(&body.to_json(), &told))
    };
    if shows_it(recorded) {
        return recorded.clone();
    }
    // Whoever drew it by hand may have used what programs can't say.
    body(&told).filter(shows_it).unwrap_or_else(|| "widgets that no program can say".into())
}

/// Whether two documents say the same; 1 and 1.0 do.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            let has = |(key, value): (&String, &Json)| {
                other.get(key).is_some_and(|other| is_same(value, other))
            };
            one.len() == other.len() && one.iter().all(has)
        }
        (one, other) => one == other,
    }
}

fn value(json: &Json) -> Value {
    types::Json::from(json.clone()).into_value()
}

/// What is given of an object, by our names and CloudWatch's.
fn object(json: &Json, names: &[(&'static str, &str)]) -> Vec<(&'static str, Value)> {
    let given = |(ours, theirs): &(&'static str, &str)| Some((*ours, value(json.get(theirs)?)));
    names.iter().filter_map(given).collect()
}

fn body(json: &Json) -> Option<Value> {
    let widgets = json.get("widgets")?.as_array()?.iter().map(widget);
    let mut fields =
        object(json, &[("start", "start"), ("end", "end"), ("period_override", "periodOverride")]);
    fields.push(("widgets", Value::list(widgets.collect::<Option<Vec<_>>>()?)));
    Some(Value::map(fields))
}

fn widget(json: &Json) -> Option<Value> {
    let shown = json.get("properties")?;
    let (kind, content) = match json.get("type")?.as_str()? {
        "metric" => ("metric", metric(shown)?),
        "text" => ("text", Value::map(object(shown, &[("markdown", "markdown")]))),
        "alarm" => {
            let names = [("alarms", "alarms"), ("title", "title")];
            ("alarm", Value::map(object(shown, &names)))
        }
        "log" => ("log", log(shown)?),
        _ => return None,
    };
    let names = [("x", "x"), ("y", "y"), ("width", "width"), ("height", "height")];
    let mut fields = object(json, &names);
    fields.push(("content", structure([(kind, content)])));
    Some(Value::map(fields))
}

fn metric(json: &Json) -> Option<Value> {
    let mut fields = object(
        json,
        &[
            ("region", "region"),
            ("title", "title"),
            ("view", "view"),
            ("stacked", "stacked"),
            ("period", "period"),
            ("stat", "stat"),
        ],
    );
    let axes = json.get("yAxis").unwrap_or(&Json::Null);
    fields.extend(object(axes, &[("left_axis", "left"), ("right_axis", "right")]));
    let lines = json.get("annotations").unwrap_or(&Json::Null);
    fields.extend(object(lines, &[("thresholds", "horizontal")]));
    let (mut metrics, mut expressions) = (vec![], vec![]);
    for line in json.get("metrics")?.as_array()? {
        let line = line.as_array()?;
        match line.first()? {
            formula @ Json::Object(_) => expressions.push(expression(formula)),
            _ => metrics.push(metric_line(line)?),
        }
    }
    fields.push(("metrics", Value::list(metrics)));
    if !expressions.is_empty() {
        fields.push(("expressions", Value::list(expressions)));
    }
    Some(Value::map(fields))
}

fn expression(json: &Json) -> Value {
    let names = [
        ("expression", "expression"),
        ("id", "id"),
        ("label", "label"),
        ("color", "color"),
        ("y_axis", "yAxis"),
    ];
    Value::map(object(json, &names))
}

/// Namespace, name, dimensions by name and value, and what else is said.
fn metric_line(line: &[Json]) -> Option<Value> {
    let (words, said) = match line.split_last()? {
        (said @ Json::Object(_), words) => (words, said),
        _ => (line, &Json::Null),
    };
    let names = [
        ("id", "id"),
        ("label", "label"),
        ("stat", "stat"),
        ("period", "period"),
        ("color", "color"),
        ("y_axis", "yAxis"),
        ("visible", "visible"),
    ];
    let mut fields = object(said, &names);
    let [namespace, name, dimensions @ ..] = words else { return None };
    fields.extend([("namespace", value(namespace)), ("metric_name", value(name))]);
    let (pairs, rest) = dimensions.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    if !pairs.is_empty() {
        let pair = |[name, of]: &[Json; 2]| Some((name.as_str()?.to_owned(), value(of)));
        let pairs = pairs.iter().map(pair).collect::<Option<Vec<_>>>()?;
        fields.push(("dimensions", Value::map(pairs)));
    }
    Some(Value::map(fields))
}

/// The groups stand in front of the query: `SOURCE 'one' | SOURCE 'other' | filter …`.
fn log(json: &Json) -> Option<Value> {
    let mut query = json.get("query")?.as_str()?;
    let mut groups = vec![];
    while let Some((group, rest)) =
        query.strip_prefix("SOURCE '").and_then(|rest| rest.split_once("' | "))
    {
        groups.push(Value::from(group));
        query = rest;
    }
    let mut fields = object(json, &[("region", "region"), ("title", "title"), ("view", "view")]);
    fields.extend([("log_group_names", Value::list(groups)), ("query", query.into())]);
    Some(Value::map(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &Json) -> Value {
        told_body(&Value::Null, &json.to_string())
    }

    #[test]
    fn what_was_drawn_by_hand_is_read() {
        let drawn = serde_json::json!({
            "start": "-PT6H",
            "widgets": [
                {
                    "type": "metric", "x": 0, "y": 0, "width": 12, "height": 6,
                    "properties": {
                        "region": "eu-central-1",
                        "metrics": [
                            [
                                "AWS/ApplicationELB", "RequestCount", "LoadBalancer", "app/web/1",
                                {"id": "requests", "yAxis": "left", "visible": false},
                            ],
                            [{"expression": "requests / 60", "yAxis": "left"}],
                        ],
                        "view": "timeSeries", "stacked": false, "period": 60, "stat": "Sum",
                        "yAxis": {"left": {"min": 0}},
                        "annotations": {"horizontal": [{"value": 1}]},
                    },
                },
                {
                    "type": "log", "width": 6, "height": 6,
                    "properties": {
                        "region": "eu-central-1", "view": "table",
                        "query": "SOURCE '/campus/web' | filter @message like /error/",
                    },
                },
            ],
        });
        let body = told(&drawn);
        let decoded = DashboardBody::decode(&body).expect("it is read");
        assert!(is_same(&decoded.to_json(), &drawn));
        assert_eq!(told_body(&body, &drawn.to_string()), body);
    }

    #[test]
    fn what_no_program_can_say_is_no_body() {
        let drawn = serde_json::json!({"widgets": [{"type": "explorer", "properties": {}}]});
        assert_eq!(told(&drawn).as_str(), Some("widgets that no program can say"));
    }
}
