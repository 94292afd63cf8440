//! docs/protocol.md: the specification of the wire, which stands in the code that speaks it.

use crate::root::root;
use std::fs;

const SOURCE: &str = "crates/core/src/wire.rs";
const RENDERED: &str = "docs/protocol.md";

/// Writes docs/protocol.md anew.
pub(crate) fn render() -> anyhow::Result<()> {
    fs::write(root().join(RENDERED), rendered()?)?;
    Ok(())
}

/// The module's own documentation, without what makes it a comment.
fn rendered() -> anyhow::Result<String> {
    let source = fs::read_to_string(root().join(SOURCE))?;
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    Ok(lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_what_the_code_says() {
        let document = fs::read_to_string(root().join(RENDERED)).unwrap_or_default();
        let expected = rendered().unwrap_or_default();
        assert!(document == expected && !document.is_empty(), "run `cargo xtask protocol`");
    }
}
