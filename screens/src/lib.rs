//! What every page shares: design tokens, icons, texts in ten languages, the page shell
