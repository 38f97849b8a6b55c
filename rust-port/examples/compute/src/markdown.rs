//! Markdown to HTML that can be put into a page, whoever wrote the Markdown.

use pulldown_cmark::{Event, Options, Parser, Tag, html};

/// Markdown (CommonMark with tables, footnotes, strikethrough and task lists) as HTML.
///
/// Safe for text of strangers: HTML in it is shown as text, and links lead only to http, https, mailto, or within
/// the site.
#[cfg_attr(feature = "port", portreeve::function(idempotent))]
pub fn markdown_to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, Parser::new_ext(markdown, options).map(harmless));
    page
}

fn harmless(event: Event) -> Event {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) if !allowed(&dest_url) => Event::Start(Tag::Link {
            link_type,
            dest_url: "".into(),
            title,
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) if !allowed(&dest_url) => Event::Start(Tag::Image {
            link_type,
            dest_url: "".into(),
            title,
            id,
        }),
        other => other,
    }
}

/// Whether an address has no scheme (it leads within the site) or a harmless one. Browsers drop tabs, line ends and
/// leading control characters before they look for the scheme (WHATWG URL, "basic URL parser"), so they count as
/// a reason to refuse.
fn allowed(address: &str) -> bool {
    if address.chars().any(|character| character.is_control())
        || address.starts_with(char::is_whitespace)
    {
        return false;
    }
    match address.split_once([':', '/', '?', '#']) {
        Some((scheme, _)) if address[scheme.len()..].starts_with(':') => {
            ["http", "https", "mailto"]
                .iter()
                .any(|known| scheme.eq_ignore_ascii_case(known))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders() {
        assert_eq!(markdown_to_html("# A *b*"), "<h1>A <em>b</em></h1>\n");
        assert!(markdown_to_html("|a|\n|-|\n|b|").contains("<table>"));
        assert!(markdown_to_html("[x](/a?b=c:d#e)").contains(r#"href="/a?b=c:d#e""#));
        assert!(
            markdown_to_html("<https://a.example/?q=1>")
                .contains(r#"href="https://a.example/?q=1""#)
        );
    }

    #[test]
    fn nothing_of_a_stranger_runs() {
        let shown =
            markdown_to_html("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b");
        assert!(
            !shown.contains("<script") && !shown.contains("<img"),
            "{shown}"
        );
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "&#1;javascript:x",
        ] {
            let shown = markdown_to_html(&format!("[a](<{address}>) ![b](<{address}>)"));
            assert!(
                shown.contains(r#"href="""#) && shown.contains(r#"src="""#),
                "{address}: {shown}"
            );
        }
    }
}
