#![doc = include_str!("../README.md")]

/// A file of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageFile {
    /// The value of the header `Content-Type`.
    pub content_type: &'static str,
    /// The file's content.
    pub text: &'static str,
}

/// The file of `mynah-proxy`'s page at this path of a request: `/` for the page itself, and what is below `/page/`; `None`
/// for other paths.
#[must_use]
pub fn proxy_file(path: &str) -> Option<PageFile> {
    let name = match path {
        "/" => "proxy/index.html",
        path => path.strip_prefix("/page/")?,
    };
    let (name, text) = FILES.iter().find(|(known, _)| *known == name)?;
    Some(PageFile {
        content_type: content_type(name),
        text,
    })
}

/// The headers of each answer with a file: the browser takes scripts and styles from the program alone, doesn't guess
/// types, tells other sites nothing, and doesn't show the page inside another one.
pub const HEADERS: [(&str, &str); 5] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
         trusted-types 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cache-control", "no-cache"),
];

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

macro_rules! files {
    ($($name:literal,)*) => {
        [$(($name, include_str!(concat!("../web/", $name))),)*]
    };
}

/// All files below `web`, each with its name there.
static FILES: [(&str, &str); 27] = files![
    "proxy/app.js",
    "proxy/captures.js",
    "proxy/connections_store.js",
    "proxy/connections_view.js",
    "proxy/detail_view.js",
    "proxy/digests_view.js",
    "proxy/events.js",
    "proxy/export.js",
    "proxy/fields.js",
    "proxy/filter_box.js",
    "proxy/index.html",
    "proxy/latencies.js",
    "proxy/packets.js",
    "proxy/proxy.css",
    "proxy/sequence_view.js",
    "proxy/session.js",
    "proxy/statements_store.js",
    "proxy/statements_view.js",
    "shared/api.js",
    "shared/dom.js",
    "shared/filter.js",
    "shared/format.js",
    "shared/icon.svg",
    "shared/sql.js",
    "shared/stream.js",
    "shared/style.css",
    "shared/table.js",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_file_below_web_is_part_of_the_program() {
        let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
        let mut names = Vec::new();
        for folder in ["proxy", "shared"] {
            for entry in std::fs::read_dir(web.join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                names.push(format!("{folder}/{name}"));
            }
        }
        names.sort_unstable();
        let known: Vec<_> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(known, names);
        for name in known {
            assert_ne!(content_type(name), "application/octet-stream", "{name}");
        }
    }

    #[test]
    fn files_name_only_files_that_are_there() {
        for (name, text) in &FILES {
            // Of an import: relative to the file; of the page: below `/page/`.
            let folder = name.split_once('/').unwrap().0;
            for part in text.split('"') {
                let wanted = match (part.strip_prefix("./"), part.strip_prefix("../")) {
                    (Some(rest), _) if name.ends_with(".js") => format!("/page/{folder}/{rest}"),
                    (_, Some(rest)) if name.ends_with(".js") => format!("/page/{rest}"),
                    _ if part.starts_with("/page/") => part.to_owned(),
                    _ => continue,
                };
                assert!(proxy_file(&wanted).is_some(), "{name}: {wanted}");
            }
            assert!(
                !text.contains("http://") || name.ends_with(".svg"),
                "{name}"
            );
            assert!(!text.contains("https://"), "{name}");
        }
    }

    #[test]
    fn the_page_has_no_script_or_style_in_its_markup() {
        let page = proxy_file("/").unwrap().text;
        assert!(!page.contains(" style=") && !page.contains("<style"));
        assert_eq!(
            page.matches("<script").count(),
            page.matches("<script type=\"module\" src=").count()
        );
        assert!(proxy_file("/page/proxy/../index.html").is_none());
        assert!(proxy_file("/page").is_none());
    }
}
