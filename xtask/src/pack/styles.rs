//! The page's styles as one sheet: compressed together they are a quarter lighter than one by one,
//! and it is one request in place of six.

use std::{fs, io, path::Path};

/// What stands around the name of a sheet in the page, as Trunk writes it.
const LINK: [&str; 2] = ["<link href=./", " rel=stylesheet>"];

/// Joins the sheets that the page in `directory` links to, in their order, into the first.
pub fn join(directory: &Path) -> io::Result<()> {
    let file = directory.join("index.html");
    let page = fs::read_to_string(&file)?;
    let sheets = linked(&page);
    let [first, others @ ..] = &sheets[..] else {
        return Err(io::Error::other("the page links to no sheet"));
    };
    let (mut joined, mut shorter) = (fs::read_to_string(directory.join(first))?, page.clone());
    for sheet in others {
        let sheet_file = directory.join(sheet);
        joined.push_str(&fs::read_to_string(&sheet_file)?);
        fs::remove_file(sheet_file)?;
        shorter = shorter.replace(&LINK.join(sheet), "");
    }
    fs::write(directory.join(first), joined)?;
    fs::write(file, shorter)
}

/// The names of the sheets.
fn linked(page: &str) -> Vec<&str> {
    let tags = page.split(LINK[0]).skip(1).filter_map(|rest| rest.split_once('>'));
    tags.filter_map(|(tag, _)| tag.strip_suffix(LINK[1].trim_end_matches('>'))).collect()
}

#[cfg(test)]
mod tests {
    use super::linked;

    #[test]
    fn sheets_are_joined_in_the_order_in_which_the_page_names_them() {
        let page = "<link href=icon.svg rel=icon><link href=./b.css rel=stylesheet>\
                    <link href=./a.css rel=stylesheet><link href=./it.js rel=modulepreload>";
        assert_eq!(linked(page), ["b.css", "a.css"]);
    }
}
