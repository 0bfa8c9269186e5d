//! One style sheet in place of many: what they have in common is then packed once, and the browser
//! asks once.

use flate2::Crc;
use std::{fs, io, path::Path};

const BEFORE: &str = "<link href=./";
const AFTER: &str = ".css rel=stylesheet>";

/// Joins the style sheets that a page in `directory` links to, in their order, where the first one
/// was. The page as it is then.
pub fn join(directory: &Path, html: &str) -> io::Result<String> {
    let (mut joined, mut sheets) = (String::new(), String::new());
    let mut place = None;
    let mut rest = html;
    while let Some((before, name, after)) = link(rest) {
        joined.push_str(before);
        place.get_or_insert(joined.len());
        let file = directory.join(format!("{name}.css"));
        sheets.push_str(&fs::read_to_string(&file)?);
        fs::remove_file(file)?;
        rest = after;
    }
    joined.push_str(rest);
    if let Some(place) = place {
        let mut crc = Crc::new();
        crc.update(sheets.as_bytes());
        let name = format!("styles-{:08x}", crc.sum());
        fs::write(directory.join(format!("{name}.css")), sheets)?;
        joined.insert_str(place, &format!("{BEFORE}{name}{AFTER}"));
    }
    Ok(joined)
}

/// What stands before the first link to a style sheet, that sheet's name, and what stands behind.
fn link(html: &str) -> Option<(&str, &str, &str)> {
    let end = html.find(AFTER)?;
    let start = html[..end].rfind(BEFORE)?;
    Some((&html[..start], &html[start + BEFORE.len()..end], &html[end + AFTER.len()..]))
}

#[cfg(test)]
mod tests {
    use super::join;
    use std::fs;
    use xtask::place;

    #[test]
    fn sheets_are_joined_in_their_order_and_the_page_links_to_all_of_them() {
        let directory = place::scratch("styles-test");
        fs::create_dir_all(&directory).expect("a directory of our own");
        for (name, text) in [("a", "a{}"), ("b", "b{}")] {
            fs::write(directory.join(format!("{name}.css")), text).expect("a file of our own");
        }
        let html = "<link href=i.svg rel=icon><link href=./a.css rel=stylesheet> \
                    <link href=./b.css rel=stylesheet><p>";
        let joined = join(&directory, html).expect("both are there");
        let sheet = joined.split_once("./").expect("a link").1.split_once(' ').expect("its end").0;
        assert_eq!(fs::read_to_string(directory.join(sheet)).expect("the sheet"), "a{}b{}");
        assert!(joined.ends_with("rel=stylesheet> <p>") && joined.matches(".css").count() == 1);
        assert!(!directory.join("a.css").exists());
        fs::remove_dir_all(directory).expect("our own directory");
    }
}
