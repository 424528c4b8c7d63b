//! The frame around every page: head, navigation, the way to the other language.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use yagura_model::Lang;

use super::site::{Here, Section};
use super::words::own_name;
use crate::markup::Markup;

/// Everything that the report's page looks like, and what these pages add.
pub(super) const STYLE: &str = concat!(
    include_str!("../../assets/base.css"),
    include_str!("../../assets/parts.css"),
    include_str!("../../assets/docs.css")
);
const FILTER: &str = include_str!("../../assets/filter.js");
/// The tower.
const BRAND: &str = "<svg viewBox=\"0 0 32 32\" aria-hidden=\"true\"><path d=\"M3 11 16 3l13 8-2 1.6V14H5v-1.4zM8 \
                     15.5h16l-1 4.5H9zM10.5 21.5 8 30m13.5-8.5L24 30M9.7 24.5h12.6M9 27.5 22 21.5M23 27.5 10 \
                     21.5\"/></svg><b>Yagura</b>";

/// What a page is, apart from its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame<'f> {
    /// For the browser's tab.
    pub(super) title: &'f str,
    /// The list that it belongs to.
    pub(super) section: Option<Section>,
    /// Whether it is a list with a filter.
    pub(super) filter: bool,
}

/// The whole page around its text.
pub(super) fn page(here: &Here<'_>, frame: Frame<'_>, body: &Markup) -> String {
    let words = here.words;
    let mut out = head(here.lang, frame.title, &format!("{}style.css", here.root()), frame.filter);
    if let Some(twin) = here.twin() {
        out.raw("<link rel=\"alternate\" hreflang=\"").text(twin.as_str()).raw("\" href=\"");
        out.text(&here.twin_href(twin)).raw("\">\n");
    }
    out.raw("</head>\n<body class=\"docs\">\n<a class=\"skip\" href=\"#text\">").text(words.skip);
    out.raw("</a>\n<header class=\"bar\">\n<a class=\"brand\" href=\"").text(here.base());
    out.raw("index.html\">").raw(BRAND).raw("</a>\n<nav aria-label=\"").text(words.pages).raw("\">\n");
    for section in Section::ALL {
        out.raw("<a href=\"").text(&here.list(section)).raw("\"");
        if frame.section == Some(section) {
            out.raw(" aria-current=\"true\"");
        }
        out.raw(">").text(section.title(words)).raw("</a>\n");
    }
    out.raw("</nav>\n");
    if let Some(twin) = here.twin() {
        out.raw("<div class=\"switches\"><a class=\"tongue\" lang=\"").text(twin.as_str());
        out.raw("\" hreflang=\"").text(twin.as_str()).raw("\" href=\"").text(&here.twin_href(twin));
        out.raw("\">").text(own_name(twin)).raw("</a></div>\n");
    }
    out.raw("</header>\n<main id=\"text\">\n").add(body).raw("</main>\n<footer>Yagura ");
    out.text(here.site.docs.version).raw("</footer>\n");
    if frame.filter {
        out.raw("<script>").raw(FILTER).raw("</script>\n");
    }
    out.raw("</body>\n</html>\n");
    out.into_text()
}

/// The page that leads to the languages.
pub(super) fn bare(lang: Lang, title: &str, body: &Markup) -> String {
    let mut out = head(lang, title, "style.css", false);
    out.raw("</head>\n<body class=\"docs\">\n<header class=\"bar\">\n<span class=\"brand\">").raw(BRAND);
    out.raw("</span>\n</header>\n<main id=\"text\">\n").add(body).raw("</main>\n</body>\n</html>\n");
    out.into_text()
}

fn head(lang: Lang, title: &str, style: &str, filter: bool) -> Markup {
    let mut out = Markup::default();
    out.raw("<!doctype html>\n<html lang=\"")
        .text(lang.as_str())
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Where styles come from is not said: from a disk, browsers do not agree on what the page's own place is.
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"script-src ");
    if filter {
        out.raw("&#39;sha256-").text(&STANDARD.encode(Sha256::digest(FILTER.as_bytes()))).raw("&#39;");
    } else {
        out.raw("&#39;none&#39;");
    }
    out.raw("; img-src &#39;none&#39;; font-src &#39;none&#39;; connect-src &#39;none&#39;; media-src &#39;none&#39;; ");
    out.raw("object-src &#39;none&#39;; frame-src &#39;none&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;\">\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.raw("<title>").text(title).raw(" - Yagura</title>\n<link rel=\"stylesheet\" href=\"").text(style);
    out.raw("\">\n");
    out
}

/// The way to the list that a page belongs to.
pub(super) fn crumbs(here: &Here<'_>, section: Section) -> Markup {
    let mut out = Markup::default();
    out.raw("<p class=\"crumbs\">").to(&here.list(section)).text(section.title(here.words)).raw("</a></p>\n");
    out
}

/// The box that narrows a list; without script it stays hidden.
pub(super) fn filter(here: &Here<'_>, hint: &str) -> Markup {
    let mut out = Markup::default();
    out.raw("<p class=\"tools narrow\" hidden><label for=\"filter\">").text(here.words.filter);
    out.raw("</label><input type=\"search\" id=\"filter\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"");
    out.text(hint).raw("\"><output id=\"shown\" for=\"filter\" aria-label=\"");
    out.text(here.words.shown).raw("\"></output></p>\n");
    out
}
