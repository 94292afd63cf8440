//! ThoughtStream in the browser.
