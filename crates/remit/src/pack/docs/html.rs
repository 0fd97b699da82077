//! HTML of a rule's page: Markdown as CommonMark reads it, with nothing in it that a page could run or load.

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// A text as it stands in HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

/// The HTML of Markdown. `block` says what stands for a fenced block, by where it begins in the text; `None` is the block itself.
pub(crate) fn of_markdown(markdown: &str, block: impl Fn(usize) -> Option<String>) -> String {
    let mut replaced = None;
    let mut events = Vec::new();
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => {
                replaced = block(range.start);
                if replaced.is_none() {
                    events.push(event);
                }
            }
            Event::End(TagEnd::CodeBlock) => match replaced.take() {
                Some(html) => events.push(Event::Html(CowStr::from(html))),
                None => events.push(event),
            },
            Event::Text(_) if replaced.is_some() => {}
            // What a page writes as HTML is shown, not obeyed.
            Event::Html(text) if text.trim_start().starts_with("<!--") => {}
            Event::Html(text) | Event::InlineHtml(text) => events.push(Event::Text(text)),
            Event::Start(Tag::Link { dest_url, title, id, .. }) => {
                let dest_url = if leads_somewhere(&dest_url) { dest_url } else { CowStr::from("#") };
                events.push(Event::Start(Tag::Link { link_type: LinkType::Inline, dest_url, title, id }));
            }
            // A picture would be loaded from elsewhere: its words stand for it.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::Heading { level, .. }) => {
                events.push(Event::Start(Tag::Heading { level, id: None, classes: Vec::new(), attrs: Vec::new() }));
            }
            other => events.push(other),
        }
    }
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    html
}

fn leads_somewhere(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://") || url.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_page_is_obeyed() {
        let html = of_markdown(
            "# A\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](https://a.example/p.png) <b onclick=x>\n\n<!-- a note -->\n",
            |_| None,
        );
        for word in ["<script", "javascript:", "<img", "<b ", "a note"] {
            assert!(!html.contains(word), "{word}: {html}");
        }
        assert!(html.contains("&lt;script&gt;") && html.contains("y"), "{html}");
    }

    #[test]
    fn a_block_may_be_replaced() {
        let html = of_markdown("a\n\n```remit\nb\n```\n\n```text\nc\n```\n", |at| (at == 3).then(|| "<figure></figure>".to_owned()));
        assert!(html.contains("<figure></figure>") && !html.contains('b') && html.contains("<code class=\"language-text\">c"), "{html}");
    }
}
