//! HTML being written.

/// HTML being written: what is [raw](Markup::raw) is a literal of ours, as its type says; everything else is escaped.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Markup(String);

impl Markup {
    /// Tags and attributes.
    pub(crate) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, in an element or between the quotes of an attribute.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&crate::safe::html(text));
        self
    }

    /// A number for people.
    pub(crate) fn number(&mut self, number: usize) -> &mut Self {
        self.text(&crate::table::words::number(number as u64))
    }

    /// A number for machines.
    pub(crate) fn digits(&mut self, number: usize) -> &mut Self {
        self.text(&number.to_string())
    }

    /// A sentence of a rule's author: what stands between backticks is code.
    pub(crate) fn prose(&mut self, text: &str) -> &mut Self {
        let mut rest = text.trim();
        while let Some((before, after)) = rest.split_once('`') {
            let Some((code, behind)) = after.split_once('`') else { break };
            self.text(before).raw("<code>").text(code).raw("</code>");
            rest = behind;
        }
        self.text(rest)
    }

    /// As [`Markup::prose`], a paragraph for each line.
    pub(crate) fn paragraphs(&mut self, text: &str) -> &mut Self {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            self.raw("<p>").prose(line).raw("</p>\n");
        }
        self
    }

    /// A name as the machine spells it.
    pub(crate) fn code(&mut self, text: &str) -> &mut Self {
        self.raw("<code>").text(text).raw("</code>")
    }

    /// A line or more for the command line, or of a condition.
    pub(crate) fn block(&mut self, text: &str) -> &mut Self {
        self.raw("<pre class=\"code\"><code>").text(text.trim_end()).raw("</code></pre>\n")
    }

    /// The beginning of a link.
    pub(crate) fn to(&mut self, href: &str) -> &mut Self {
        self.raw("<a href=\"").text(href).raw("\">")
    }

    /// A link to another site; only `https`, because a rule's file may come from anywhere.
    pub(crate) fn outside(&mut self, url: &str) -> &mut Self {
        if !url.starts_with("https://") {
            return self.text(url);
        }
        self.raw("<a rel=\"noreferrer\" href=\"").text(url).raw("\">").text(url).raw("</a>")
    }

    /// A part of the page with its heading.
    pub(crate) fn section(&mut self, id: &'static str, title: &str, body: &Self) -> &mut Self {
        self.raw("<section id=\"").text(id).raw("\">\n<h2>").text(title).raw("</h2>\n");
        self.add(body).raw("</section>\n")
    }

    /// What was written elsewhere.
    pub(crate) fn add(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(text: &str) -> String {
        let mut out = Markup::default();
        out.prose(text);
        out.into_text()
    }

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(prose("Set `a<b` to `c`."), "Set <code>a&lt;b</code> to <code>c</code>.");
        assert_eq!(prose("one ` alone"), "one ` alone");
    }

    #[test]
    fn a_link_that_runs_a_script_is_text() {
        let mut out = Markup::default();
        out.outside("javascript:alert(1)").outside("https://a.example/\" onclick=\"x");
        let text = out.into_text();
        assert!(text.starts_with("javascript:alert(1)<a rel"), "{text}");
        assert!(text.contains("href=\"https://a.example/&quot; onclick=&quot;x\""), "{text}");
    }
}
