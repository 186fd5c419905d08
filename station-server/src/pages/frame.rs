//! What the pages of the administrator and of devices have around them.

use maud::{Markup, html};
use screens::{Icon, PageHead, icon, page, t};

use super::look::Look;

/// A page's frame.
pub(super) struct Frame<'a> {
    pub(super) station: &'a str,
    pub(super) look: Look,
    pub(super) title: &'a str,
    pub(super) here: &'a str,
    pub(super) class: &'a str,
    pub(super) js: &'a [String],
}

impl Frame<'_> {
    pub(super) fn around(&self, content: &Markup) -> Markup {
        let css = [super::asset("login.css")];
        let head = PageHead {
            css: &css,
            js: self.js,
            theme: self.look.theme,
            body_class: self.class,
            ..PageHead::new(self.look.language, self.title)
        };
        page(
            &head,
            html! {
                header class="lg-top" {
                    (icon(Icon::Desk)) span { (self.station) }
                    a href="/" { (icon(Icon::Back)) (t!(self.look.texts(), "chief-home")) }
                }
                main id="app" class="lg-main" {
                    h1 { (self.title) }
                    (content)
                    (self.look.switches(self.here))
                }
            },
        )
    }
}
