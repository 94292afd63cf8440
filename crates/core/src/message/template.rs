//! Templates: texts that an entry can begin with. A few are there from the start; they are no rows
//! until somebody changes or removes them, so that they can be bettered and cost nothing.

use crate::id::TemplateId;
use serde::{Deserialize, Serialize};

/// A text that an entry can begin with. What stands in braces, such as `{date}`, is filled in when
/// it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub id: TemplateId,
    pub name: String,
    pub body: String,
}

/// Longest text of a template, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = 64 * 1024;

/// The templates that are there from the start.
#[must_use]
pub fn starters() -> Vec<Template> {
    let starter = |(number, (name, body)): (u8, (&str, &str))| {
        let mut id = [0; 16];
        id[15] = number;
        Template { id: TemplateId(id), name: name.to_owned(), body: body.to_owned() }
    };
    (1..).zip(STARTERS).map(starter).collect()
}

const STARTERS: [(&str, &str); 4] = [
    (
        "Evening page",
        "## {weekday} evening\n\nWhat happened: {cursor}\n\nWhat I want to keep of it: \n\n\
         What can wait until tomorrow: \n",
    ),
    ("Three good things", "Three good things today:\n\n1. {cursor}\n2. \n3. \n"),
    (
        "Plan of the day",
        "# {weekday}, {date}\n\n- [ ] {cursor}\n- [ ] \n- [ ] \n\nIf only one of them: \n",
    ),
    (
        "Dream",
        "Woke at {time}.\n\nWhere it was: {cursor}\n\nWho was there: \n\nHow it felt: \n\n#dream\n",
    ),
];
