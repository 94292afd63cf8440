//! Where the reader is: every screen has a URL, and every such URL is one `Route`.
//!
//! Plain text in, plain text out, so that the round trip is tested natively.

use thoughtstream_core::date::Date;
use thoughtstream_core::id::{EntryId, JournalId};
use thoughtstream_core::message::{Mood, Order, Search};

/// A screen, with what it shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Route {
    /// The page to write on: a new entry (for `date`, if it is not for today), or the one that
    /// was begun there and is still being written.
    Today {
        entry: Option<EntryId>,
        date: Option<Date>,
    },
    Timeline {
        journal: Option<JournalId>,
    },
    Entry {
        entry: EntryId,
    },
    /// All that was written on a day.
    Day {
        date: Date,
    },
    /// What was written on the same day of the years before `date`, which is today if none is
    /// named.
    OnThisDay {
        date: Option<Date>,
    },
    /// A year; the current one if none is named.
    Calendar {
        year: Option<i32>,
    },
    /// The same in numbers.
    Year {
        year: Option<i32>,
    },
    Search(SearchParams),
    /// The pictures of all entries.
    Gallery,
    Tags,
    Journals,
    Trash,
    /// A year to print, or a month of it; the current year if none is named.
    Book {
        year: Option<i32>,
        month: Option<u8>,
    },
    Settings,
    Templates,
    /// Import and export.
    Transfer,
    /// Syncing with other devices; an address may bring an invitation (`history.rs` reads it).
    Sync {
        invitation: Option<String>,
    },
    /// An address that leads nowhere.
    Missing,
}

/// What is searched for, as far as the URL says it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchParams {
    pub text: String,
    pub order: Order,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub tag: Option<String>,
    pub journal: Option<JournalId>,
    pub starred: bool,
    pub mood: Option<Mood>,
}

impl SearchParams {
    /// Everything of one day.
    #[must_use]
    pub fn day(date: Date) -> Self {
        Self { from: Some(date), to: Some(date), ..Self::default() }
    }

    /// Everything with a tag.
    #[must_use]
    pub fn tagged(tag: &str) -> Self {
        Self { tag: Some(tag.into()), ..Self::default() }
    }

    /// Whether nothing is asked for yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Self { order: Order::Newest, ..self.clone() } == Self::default()
    }

    /// The search itself: its first `limit` hits.
    #[must_use]
    pub fn search(&self, limit: u32) -> Search {
        Search {
            text: self.text.clone(),
            order: self.order,
            from: self.from,
            to: self.to,
            tag: self.tag.clone(),
            journal: self.journal,
            starred: self.starred,
            mood: self.mood,
            before: None,
            limit,
        }
    }
}

impl Route {
    /// The empty page of today.
    pub const TODAY: Self = Self::Today { entry: None, date: None };

    /// The sync, by nobody's invitation.
    pub const SYNC: Self = Self::Sync { invitation: None };

    /// Reads a path (`/entry/…`) and a query (`q=rain&starred=1`, with or without its `?`).
    /// What the query says wrongly is left out: a shared link should lead somewhere.
    #[must_use]
    pub fn parse(path: &str, query: &str) -> Self {
        let query = Pairs::read(query);
        match path.trim_end_matches('/') {
            "" => Self::Today { entry: query.parsed("entry"), date: query.parsed("date") },
            "/timeline" => Self::Timeline { journal: query.parsed("journal") },
            "/calendar" => Self::Calendar { year: query.year() },
            "/year" => Self::Year { year: query.year() },
            "/on-this-day" => Self::OnThisDay { date: query.parsed("date") },
            "/search" => Self::Search(query.search()),
            "/gallery" => Self::Gallery,
            "/tags" => Self::Tags,
            "/journals" => Self::Journals,
            "/trash" => Self::Trash,
            "/book" => Self::Book {
                year: query.parsed("year").filter(|year| (1..=9999).contains(year)),
                month: query.parsed("month").filter(|month| (1..=12).contains(month)),
            },
            "/settings" => Self::Settings,
            "/templates" => Self::Templates,
            "/transfer" => Self::Transfer,
            "/sync" => Self::SYNC,
            path => {
                let entry = path.strip_prefix("/entry/").and_then(|id| id.parse().ok());
                let date = path.strip_prefix("/day/").and_then(|date| date.parse().ok());
                match (entry, date) {
                    (Some(entry), _) => Self::Entry { entry },
                    (None, Some(date)) => Self::Day { date },
                    (None, None) => Self::Missing,
                }
            }
        }
    }

    /// Its URL, without the origin.
    #[must_use]
    pub fn href(&self) -> String {
        match self {
            Self::Today { entry, date } => {
                let mut query = Writer::new("/");
                query.pair("entry", entry.map(|entry| entry.to_string()));
                query.pair("date", date.map(|date| date.to_string()));
                query.finish()
            }
            Self::Timeline { journal } => {
                let mut query = Writer::new("/timeline");
                query.pair("journal", journal.map(|journal| journal.to_string()));
                query.finish()
            }
            Self::Entry { entry } => format!("/entry/{entry}"),
            Self::Day { date } => format!("/day/{date}"),
            Self::OnThisDay { date } => {
                let mut query = Writer::new("/on-this-day");
                query.pair("date", date.map(|date| date.to_string()));
                query.finish()
            }
            Self::Calendar { year } | Self::Year { year } => {
                let of_days = matches!(self, Self::Calendar { .. });
                let mut query = Writer::new(if of_days { "/calendar" } else { "/year" });
                query.pair("year", year.map(|year| year.to_string()));
                query.finish()
            }
            Self::Search(search) => search.href(),
            Self::Gallery => "/gallery".into(),
            Self::Tags => "/tags".into(),
            Self::Journals => "/journals".into(),
            Self::Trash => "/trash".into(),
            Self::Book { year, month } => {
                let mut query = Writer::new("/book");
                query.pair("year", year.map(|year| year.to_string()));
                query.pair("month", month.map(|month| month.to_string()));
                query.finish()
            }
            Self::Settings => "/settings".into(),
            Self::Templates => "/templates".into(),
            Self::Transfer => "/transfer".into(),
            Self::Sync { .. } => "/sync".into(),
            Self::Missing => "/missing".into(),
        }
    }

    /// Whether both are the same screen, perhaps with other things on it.
    #[must_use]
    pub fn same_screen(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl SearchParams {
    fn href(&self) -> String {
        let text = Some(self.text.clone()).filter(|text| !text.is_empty());
        let mut query = Writer::new("/search");
        query.pair("q", text);
        query.pair("tag", self.tag.clone());
        query.pair("journal", self.journal.map(|journal| journal.to_string()));
        query.pair("from", self.from.map(|date| date.to_string()));
        query.pair("to", self.to.map(|date| date.to_string()));
        query.pair("starred", self.starred.then(|| "1".into()));
        query.pair("mood", self.mood.map(|mood| mood.name().into()));
        query.pair("order", (self.order == Order::Relevance).then(|| "relevance".into()));
        query.finish()
    }
}

/// The names and values of a query.
struct Pairs(Vec<(String, String)>);

impl Pairs {
    fn read(query: &str) -> Self {
        let query = query.strip_prefix('?').unwrap_or(query);
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1.clone())
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.text(name)?.parse().ok()
    }

    fn year(&self) -> Option<i32> {
        self.parsed("year").filter(|year| (1..=9999).contains(year))
    }

    fn search(&self) -> SearchParams {
        let relevance = self.text("order").is_some_and(|order| order == "relevance");
        SearchParams {
            text: self.text("q").unwrap_or_default(),
            order: if relevance { Order::Relevance } else { Order::Newest },
            from: self.parsed("from"),
            to: self.parsed("to"),
            tag: self.text("tag").filter(|tag| !tag.is_empty()),
            journal: self.parsed("journal"),
            starred: self.text("starred").is_some_and(|starred| starred == "1"),
            mood: self.text("mood").and_then(|mood| Mood::named(&mood)),
        }
    }
}

/// A path that grows a query.
struct Writer {
    path: &'static str,
    query: form_urlencoded::Serializer<'static, String>,
}

impl Writer {
    fn new(path: &'static str) -> Self {
        Self { path, query: form_urlencoded::Serializer::new(String::new()) }
    }

    fn pair(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.query.append_pair(name, &value);
        }
    }

    fn finish(mut self) -> String {
        let query = self.query.finish();
        if query.is_empty() { self.path.into() } else { [self.path, "?", &query].concat() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Vec<Route> {
        let entry = EntryId([0xab; 16]);
        let date = Date::new(2022, 9, 2);
        let full = SearchParams {
            text: "\"great fire\" + 100 % & more = \u{706b}".into(),
            order: Order::Relevance,
            from: date,
            to: Date::new(2023, 1, 1),
            tag: Some("night walk".into()),
            journal: Some(JournalId::FIRST),
            starred: true,
            mood: Some(Mood::Good),
        };
        vec![
            Route::TODAY,
            Route::Today { entry: Some(entry), date: None },
            Route::Today { entry: None, date },
            Route::Timeline { journal: None },
            Route::Timeline { journal: Some(JournalId::FIRST) },
            Route::Entry { entry },
            Route::Calendar { year: None },
            Route::Calendar { year: Some(2022) },
            Route::Year { year: None },
            Route::Year { year: Some(2022) },
            Route::Day { date: Date::from_days(19_000) },
            Route::OnThisDay { date: None },
            Route::OnThisDay { date },
            Route::Templates,
            Route::Search(SearchParams::default()),
            Route::Search(full),
            Route::Gallery,
            Route::Tags,
            Route::Journals,
            Route::Trash,
            Route::Book { year: None, month: None },
            Route::Book { year: Some(2022), month: Some(9) },
            Route::Settings,
            Route::Transfer,
            Route::SYNC,
            Route::Missing,
        ]
    }

    #[test]
    fn every_route_survives_its_url() {
        for route in routes() {
            let href = route.href();
            let (path, query) = href.split_once('?').unwrap_or((&href, ""));
            assert_eq!(Route::parse(path, query), route, "{href}");
        }
    }

    #[test]
    fn wrong_addresses_lead_nowhere_and_wrong_queries_are_left_out() {
        assert_eq!(Route::parse("/entry/12", ""), Route::Missing);
        assert_eq!(Route::parse("/nothing", ""), Route::Missing);
        assert_eq!(Route::parse("/day/2022-02-30", ""), Route::Missing);
        assert_eq!(Route::parse("/calendar", "year=20000"), Route::Calendar { year: None });
        assert_eq!(Route::parse("/", "?date=2022-02-30&entry=x"), Route::TODAY);
        assert_eq!(Route::parse("/tags/", ""), Route::Tags);
        let search = Route::parse("/search", "?q=rain&from=never&tag=&order=oldest");
        let text = SearchParams { text: "rain".into(), ..SearchParams::default() };
        assert_eq!(search, Route::Search(text));
    }

    #[test]
    fn an_order_alone_asks_for_nothing() {
        let mut search = SearchParams { order: Order::Relevance, ..SearchParams::default() };
        assert!(search.is_empty());
        search.starred = true;
        assert!(!search.is_empty());
    }
}
