//! The line drawings that stand beside words, or for them.

use crate::ui::view::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Pen,
    Today,
    List,
    Calendar,
    Search,
    Tag,
    Trash,
    Settings,
    Book,
    Star,
    StarFilled,
    Back,
    Next,
    More,
    Close,
    Plus,
    Focus,
    Select,
    Photo,
    Camera,
    File,
    Chart,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Pen => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
            Self::Today => "M4 5h16v15H4zM4 9h16M8 3v4M16 3v4",
            Self::List => "M5 6h14M5 12h14M5 18h9",
            Self::Calendar => "M4 5h16v15H4zM4 10h16M9 10v10M15 10v10M4 15h16",
            Self::Search => "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15.5 15.5 20 20",
            Self::Tag => "M4 4h8l8 8-8 8-8-8zM8.5 8.5h.01",
            Self::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
            Self::Settings => "M4 7h9M17 7h3M13 5v4M4 17h3M11 17h9M7 15v4",
            Self::Book => {
                "M12 6c-2-1.5-5-2-8-1.5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5v-13c-3-.5-6 0-8 1.5zv13"
            }
            Self::Star | Self::StarFilled => {
                "M12 4l2.5 5.2 5.5.8-4 4 .9 5.7L12 17l-4.9 2.7.9-5.7-4-4 5.5-.8z"
            }
            Self::Back => "M15 5l-7 7 7 7",
            Self::Next => "M9 5l7 7-7 7",
            Self::More => "M5 12h.01M12 12h.01M19 12h.01",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Photo => "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 8.8h.01",
            Self::Camera => "M4 8h4l2-3h4l2 3h4v11H4zM12 10.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
            Self::File => "M6 3h8l4 4v14H6zM14 3v4h4",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Select => "M4 4h16v16H4zM8 12l3 3 5-6",
            Self::Focus => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Self::Chart => "M4 20h16M7 20v-6M12 20V5M17 20v-9",
        }
    }
}

/// Draws an icon; what it means has to be said by the text or the label around it.
#[component]
pub fn Icon(icon: Icon) -> View {
    let class = if icon == Icon::StarFilled { "icon icon--filled" } else { "icon" };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
}
