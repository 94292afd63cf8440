//! Markdown in, tree out, as data: each case is a text and a short spelling of its tree.

use super::*;

fn show_inlines(inlines: &[Inline]) -> String {
    inlines.iter().map(show_inline).collect()
}

fn show_inline(inline: &Inline) -> String {
    match inline {
        Inline::Text(text) => text.clone(),
        Inline::Code(text) => format!("`{text}`"),
        Inline::Break => "⏎".into(),
        Inline::Tag(tag) => format!("<tag {tag}>"),
        Inline::Emphasis(inner) => format!("<em {}>", show_inlines(inner)),
        Inline::Strong(inner) => format!("<strong {}>", show_inlines(inner)),
        Inline::Struck(inner) => format!("<s {}>", show_inlines(inner)),
        Inline::Link { href, inlines } => format!("<a {href} {}>", show_inlines(inlines)),
        Inline::Photo { id, alt } => format!("<photo {id} {alt}>"),
    }
}

fn show(blocks: &[Block]) -> String {
    blocks.iter().map(show_block).collect::<Vec<_>>().join(" ")
}

fn show_block(block: &Block) -> String {
    let cells = |cells: &Vec<Cell>| {
        cells.iter().map(|cell| show_inlines(cell)).collect::<Vec<_>>().join("|")
    };
    match block {
        Block::Paragraph(inlines) => format!("p[{}]", show_inlines(inlines)),
        Block::Plain(inlines) => show_inlines(inlines),
        Block::Heading(level, inlines) => format!("h{level}[{}]", show_inlines(inlines)),
        Block::Quote(blocks) => format!("quote[{}]", show(blocks)),
        Block::List { start, items } => {
            let name = start.map_or("ul".into(), |start| format!("ol{start}"));
            format!("{name}[{}]", items.iter().map(show_item).collect::<Vec<_>>().join(" / "))
        }
        Block::Code(text) => format!("code[{text}]"),
        Block::Table { head, rows } => {
            let rows: Vec<_> = rows.iter().map(cells).collect();
            format!("table[{} // {}]", cells(head), rows.join(" / "))
        }
        Block::Rule => "rule".into(),
    }
}

fn show_item(item: &Item) -> String {
    let mark = item.task.map_or("", |task| if task.done { "☑ " } else { "☐ " });
    [mark, &show(&item.blocks)].concat()
}

fn check(cases: &[(&str, &str)]) {
    let tags: Vec<String> = ["fire", "fireworks", "Café", "火"].map(String::from).into();
    for (body, tree) in cases {
        assert_eq!(&show(&read(body, &tags)), tree, "{body:?}");
    }
}

#[test]
fn blocks() {
    check(&[
        ("", ""),
        ("one\n\ntwo", "p[one] p[two]"),
        ("# Title\n\ntext", "h1[Title] p[text]"),
        ("###### six\n####### seven", "h6[six] p[####### seven]"),
        ("Title\n---", "h2[Title]"),
        ("> a\n> b", "quote[p[a⏎b]]"),
        ("> a\n>> b", "quote[p[a] quote[p[b]]]"),
        ("---", "rule"),
        ("```rust\nlet a;\n\nb\n```", "code[let a;\n\nb]"),
        ("    indented <b>", "code[indented <b>]"),
        ("a | b\n--|--\n1 | *2*\n3 |", "table[a|b // 1|<em 2> / 3|]"),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("- a\n- b", "ul[a / b]"),
        ("- a\n\n- b", "ul[p[a] / p[b]]"),
        ("3. a\n4. b", "ol3[a / b]"),
        ("- a\n  - b\n- c", "ul[a ul[b] / c]"),
        ("- [ ] milk\n- [x] bread", "ul[☐ milk / ☑ bread]"),
        ("- a\n\n  second\n\n  > quoted", "ul[p[a] p[second] quote[p[quoted]]]"),
        ("- # heading", "ul[h1[heading]]"),
    ]);
}

#[test]
fn lines_keep_their_breaks_and_marks() {
    check(&[
        ("one\ntwo  \nthree\\\nfour", "p[one⏎two⏎three⏎four]"),
        ("*a* **b** ~~c~~ `d`", "p[<em a> <strong b> <s c> `d`]"),
        ("***a***", "p[<em <strong a>>]"),
        ("a\\*b &amp; &#x706b;", "p[a*b & 火]"),
        ("snake_case_name 2*3*4", "p[snake_case_name 2<em 3>4]"),
        ("line\r\nother", "p[line⏎other]"),
    ]);
}

#[test]
fn tags_are_those_the_engine_found() {
    check(&[
        ("saw #fire.", "p[saw <tag fire>.]"),
        ("#Fire", "p[<tag Fire>]"),
        ("#fireworks #fire", "p[<tag fireworks> <tag fire>]"),
        ("#CAFÉ (#火)", "p[<tag CAFÉ> (<tag 火>)]"),
        ("#other a#fire \\#fire", "p[#other a#fire <tag fire>]"),
        ("# fire", "h1[fire]"),
        ("`#fire` and *#fire*", "p[`#fire` and <em <tag fire>>]"),
        ("[a #fire](https://x.org)", "p[<a https://x.org a #fire>]"),
    ]);
}

#[test]
fn links_lead_to_the_web_and_to_mailboxes() {
    check(&[
        ("[a *b*](https://x.org \"title\")", "p[<a https://x.org a <em b>>]"),
        ("<https://x.org>", "p[<a https://x.org https://x.org>]"),
        ("<me@x.org>", "p[<a mailto:me@x.org me@x.org>]"),
        ("[a][1]\n\n[1]: HTTP://x.org", "p[<a HTTP://x.org a>]"),
        (
            "see https://x.org/a_b_c, (http://y.org).",
            concat!(
                "p[see <a https://x.org/a_b_c https://x.org/a_b_c>, ",
                "(<a http://y.org http://y.org>).]"
            ),
        ),
        ("https://x.org/a_(b)", "p[<a https://x.org/a_(b) https://x.org/a_(b)>]"),
        ("xhttps://x.org https://", "p[xhttps://x.org https://]"),
        ("![the sea](https://x.org/s.png)", "p[<a https://x.org/s.png Image: the sea>]"),
        ("![](https://x.org/s.png)", "p[<a https://x.org/s.png Image: https://x.org/s.png>]"),
        ("[![a](https://i.org)](https://x.org)", "p[<a https://x.org Image: a (https://i.org)>]"),
        ("[a](notes.md) [b](/x) [c](#d)", "p[a (notes.md) b (/x) c (#d)]"),
        ("[](https://x.org)", "p[<a https://x.org >]"),
    ]);
}

#[test]
fn photos_of_the_entry_are_shown_in_it() {
    check(&[
        ("![the sea](attachment:0192f3)", "p[<photo 0192f3 the sea>]"),
        ("![](attachment:0192f3)", "p[<photo 0192f3 >]"),
        ("a ![*b* c](attachment:0192f3) d", "p[a <photo 0192f3 b c> d]"),
        ("![x](attachment:)", "p[Image: x (attachment:)]"),
    ]);
}

#[test]
fn nothing_that_runs_gets_through() {
    check(&[
        ("<script>alert(1)</script>", "p[<script>alert(1)</script>]"),
        ("a <img src=x onerror=alert(1)> b", "p[a <img src=x onerror=alert(1)> b]"),
        ("<div>\n*a*\n</div>", "p[<div>⏎*a*⏎</div>]"),
        ("<!-- a -->", "p[<!-- a -->]"),
        ("[a](javascript:alert(1))", "p[a (javascript:alert(1))]"),
        ("[a](JaVaScRiPt:alert(1))", "p[a (JaVaScRiPt:alert(1))]"),
        ("[a](java&#10;script:alert)", "p[a (java\nscript:alert)]"),
        ("[a](&#1;javascript:alert(1))", "p[a (\u{1}javascript:alert(1))]"),
        ("[a](data:text/html,x)", "p[a (data:text/html,x)]"),
        ("[a](vbscript:x)", "p[a (vbscript:x)]"),
        ("[a](//evil.org)", "p[a (//evil.org)]"),
        ("<javascript:alert(1)>", "p[javascript:alert(1)]"),
        ("![x](javascript:alert(1))", "p[Image: x (javascript:alert(1))]"),
        ("[a](https:evil)", "p[a (https:evil)]"),
    ]);
}

fn depth(blocks: &[Block]) -> usize {
    let inner = blocks.iter().map(|block| match block {
        Block::Quote(blocks) => depth(blocks),
        Block::List { items, .. } => {
            1 + items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0)
        }
        Block::Paragraph(inlines) | Block::Plain(inlines) => inline_depth(inlines),
        _ => 0,
    });
    1 + inner.max().unwrap_or(0)
}

fn inline_depth(inlines: &[Inline]) -> usize {
    let inner = inlines.iter().map(|inline| match inline {
        Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Struck(inner) => {
            inline_depth(inner)
        }
        _ => 0,
    });
    1 + inner.max().unwrap_or(0)
}

#[test]
fn no_text_nests_deeper_than_the_stack_can_bear() {
    let many = 10_000;
    let bombs = [
        [">".repeat(many), "end".into()].concat(),
        ["> ".repeat(many), "end".into()].concat(),
        ["[".repeat(many), "end".into()].concat(),
        ["![".repeat(many), "end".into(), "](https://x)".repeat(many)].concat(),
        ["- ".repeat(many), "end".into()].concat(),
        ["*a ".repeat(many), "end".into(), "*".repeat(many)].concat(),
        ["*a **a ".repeat(many), "end".into(), " a** a*".repeat(many)].concat(),
        ["<div>".repeat(many), "end".into()].concat(),
        ["a](".repeat(many), "end".into()].concat(),
        (0..200).map(|n| [" ".repeat(2 * n), "- end\n".into()].concat()).collect(),
    ];
    for bomb in &bombs {
        let tree = read(bomb, &[]);
        assert!(depth(&tree) <= 2 * DEPTH_MAX, "{:.20} is {} deep", bomb, depth(&tree));
        assert!(show(&tree).contains("end"), "{bomb:.20} lost its text");
    }
}

#[test]
fn two_megabytes_are_read() {
    let bodies = ["A line of a long day. ".repeat(100_000), "#fire *a*\n\n".repeat(200_000)];
    for body in bodies {
        assert!(!read(&body, &["fire".into()]).is_empty());
    }
}

fn tasks(blocks: &[Block]) -> Vec<(Task, String)> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Quote(blocks) => found.extend(tasks(blocks)),
            Block::List { items, .. } => {
                for item in items {
                    found.extend(item.task.map(|task| (task, name(item))));
                    found.extend(tasks(&item.blocks));
                }
            }
            _ => {}
        }
    }
    found
}

/// Every check box is found where it stands, in whatever it stands, and ticked there alone.
#[test]
fn check_boxes_are_ticked_where_they_are() {
    let body = "éa\n\n- [ ] one *two*\n  - [x] in\n\n    more\n- no\n\n\
        > 1. [X] quoted [l](https://x.org)\n\n\
                - [ ] gap\n\n- [ ] gap two\n\n`- [ ] code`\n";
    let found = tasks(&read(body, &[]));
    let names: Vec<_> = found.iter().map(|(task, name)| (task.done, name.as_str())).collect();
    let expected =
        [(false, "one two"), (true, "in"), (true, "quoted l"), (false, "gap"), (false, "gap two")];
    assert_eq!(names, expected);
    for (i, (task, _)) in found.iter().enumerate() {
        let other = ticked(body, task.at, !task.done).expect("there is a box");
        let now: Vec<bool> = tasks(&read(&other, &[])).iter().map(|(task, _)| task.done).collect();
        let mut expected: Vec<bool> = found.iter().map(|(task, _)| task.done).collect();
        expected[i] = !expected[i];
        assert_eq!(now, expected, "{other:?}");
        assert_eq!(other.len(), body.len());
    }
    for at in [0, 1, 2, body.len(), body.len() + 9] {
        assert_eq!(ticked(body, at, true), None, "{at}");
    }
}
