//! The page: it refers to the parts by their final names, and runs and styles nothing inline.

use crate::finish::dist::Dist;
use crate::finish::parts::Parts;
use anyhow::{Context, ensure};

/// The one page of the app.
pub(crate) const PAGE: &str = "index.html";

/// The style sheets that a page links, in order.
pub(crate) fn style_sheets(html: &str) -> Vec<String> {
    tags(html, "link")
        .filter(|tag| attribute(tag, "rel") == Some("stylesheet"))
        .filter_map(|tag| attribute(tag, "href"))
        .map(ToOwned::to_owned)
        .collect()
}

/// Puts the final names of the parts into the page, in place of what Trunk wrote.
pub(crate) fn refer(dist: &Dist, parts: &Parts) -> anyhow::Result<()> {
    let html = dist.read_text(PAGE)?;
    ensure!(html.contains("\"/boot.js\""), "{PAGE} must load /boot.js; the build names it");
    let written_by_trunk =
        |tag: &&str| attribute(tag, "rel") == Some("stylesheet") || tag.contains("data-trunk");
    let mut page = html.clone();
    for tag in tags(&html, "link").filter(written_by_trunk) {
        page = page.replace(tag, "");
    }
    let page = page.replace("\"/boot.js\"", &format!("\"{}\"", parts.boot));
    let page = page.replace("</head>", &format!("{}</head>", links(parts)));
    let lines: Vec<&str> = page.lines().filter(|line| !line.trim().is_empty()).collect();
    dist.write(PAGE, (lines.join("\n") + "\n").as_bytes())
}

/// The style sheet, and what the boot script is about to ask for. A worker's files are not
/// preloaded: workers do not share the page's preloads, and the boot script starts them first.
fn links(parts: &Parts) -> String {
    format!(
        "<link rel=\"stylesheet\" href=\"{}\">\n\
         <link rel=\"modulepreload\" href=\"{}\">\n\
         <link rel=\"preload\" href=\"{}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n",
        parts.style, parts.app.script, parts.app.wasm
    )
}

/// Writes the version where the app and the person can read it.
pub(crate) fn set_version(html: &str, version: &str) -> anyhow::Result<String> {
    let tag = tags(html, "meta")
        .find(|tag| attribute(tag, "name") == Some("version"))
        .with_context(|| format!("{PAGE} must have a <meta name=\"version\">"))?;
    Ok(html.replace(tag, &format!("<meta name=\"version\" content=\"{version}\">")))
}

/// Fails on all that the content security policy would refuse when the page is opened.
pub(crate) fn refuse_inline(dist: &Dist) -> anyhow::Result<()> {
    let html = dist.read_text(PAGE)?;
    for script in tags(&html, "script") {
        ensure!(attribute(script, "src").is_some(), "an inline script is in {PAGE}: {script}");
    }
    ensure!(tags(&html, "style").next().is_none(), "an inline style sheet is in {PAGE}");
    for name in ["style", "onload", "onerror", "onclick"] {
        let inline = format!(" {name}=");
        ensure!(!html.contains(&inline), "an attribute `{name}` is in {PAGE}; use a file");
    }
    Ok(())
}

/// The opening tags of one kind, from `<` to `>`.
fn tags<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let open = format!("<{name}");
    html.match_indices('<').filter_map(move |(start, _)| {
        let rest = &html[start..];
        let tag = &rest[..=rest.find('>')?];
        let after = tag.strip_prefix(&open)?;
        after.starts_with([' ', '>', '/', '\n']).then_some(tag)
    })
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::{set_version, style_sheets};

    #[test]
    fn style_sheets_are_found_in_order_and_other_links_left() {
        let html = "<link rel=\"icon\" href=\"/i\">\
            <link rel=\"stylesheet\" href=\"/b.css\"/><linkage rel=\"stylesheet\" href=\"/x\">\
            <link rel=\"stylesheet\" href=\"/a.css\">";
        assert_eq!(style_sheets(html), ["/b.css", "/a.css"]);
    }

    #[test]
    fn a_version_replaces_the_former_one() {
        let html = "<meta charset=\"utf-8\"><meta name=\"version\" content=\"\">";
        let one = set_version(html, "1").expect("the page has a place for it");
        let two = set_version(&one, "2").expect("the page has a place for it");
        assert_eq!(two, "<meta charset=\"utf-8\"><meta name=\"version\" content=\"2\">");
        assert!(set_version("<meta charset=\"utf-8\">", "1").is_err());
    }
}
