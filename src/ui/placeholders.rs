//! What stands in braces in a template, filled in when it is used: pure, so that it is tested
//! natively.

/// What is known where a template is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    pub date: String,
    pub time: String,
    pub weekday: String,
    pub journal: String,
}

/// The placeholders with what they stand for, to be told where templates are written.
pub const KNOWN: [(&str, &str); 5] = [
    ("{date}", "the day"),
    ("{time}", "the time"),
    ("{weekday}", "its weekday"),
    ("{journal}", "the journal"),
    ("{cursor}", "where the caret goes"),
];

/// The text, and the byte of it where the caret goes: at the first `{cursor}`, else at the end.
/// Braces around anything else stay as they are.
#[must_use]
pub fn fill(template: &str, values: &Values) -> (String, usize) {
    let (mut text, mut caret, mut rest) = (String::new(), None, template);
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let name = rest.find('}').map_or("", |end| &rest[..=end]);
        let value = match name {
            "{date}" => Some(values.date.as_str()),
            "{time}" => Some(values.time.as_str()),
            "{weekday}" => Some(values.weekday.as_str()),
            "{journal}" => Some(values.journal.as_str()),
            "{cursor}" => {
                caret.get_or_insert(text.len());
                Some("")
            }
            _ => None,
        };
        // A brace that opens none of ours is a brace.
        text.push_str(value.unwrap_or("{"));
        rest = &rest[if value.is_some() { name.len() } else { 1 }..];
    }
    text.push_str(rest);
    let caret = caret.unwrap_or(text.len());
    (text, caret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, expected: &str) {
        let values = Values {
            date: "2 September 2022".into(),
            time: "8:50 pm".into(),
            weekday: "Friday".into(),
            journal: "Œuvre {date}".into(),
        };
        let (mut text, caret) = fill(template, &values);
        text.insert(caret, '|');
        assert_eq!(text, expected, "{template:?}");
    }

    #[test]
    fn braces_are_filled_in() {
        check("", "|");
        check(
            "# {weekday}, {date}\n{cursor}\nat {time}",
            "# Friday, 2 September 2022\n|\nat 8:50 pm",
        );
        check("{journal}: {cursor}, {cursor}.", "Œuvre {date}: |, .");
        check("é {cursor}é", "é |é");
        check("{unknown} {Date} {} { {{date}}", "{unknown} {Date} {} { {2 September 2022}|");
        check("{date", "{date|");
        check("}{", "}{|");
    }
}
