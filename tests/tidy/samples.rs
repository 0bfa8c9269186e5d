//! A rule that never fires proves nothing: here each meets a text that breaks it.

use crate::{links, order, prose, rules, source::Offence, source::Source};

fn file(path: &str, text: &str) -> Source {
    Source { path: path.to_string(), text: text.to_string() }
}

fn lines(offences: &[Offence]) -> Vec<usize> {
    offences.iter().map(|offence| offence.line).collect()
}

fn listed() -> Vec<String> {
    let docs = "//! Title\n//!\n//! ```text\n//! base  time\n//! node  one server\n\
                //! scene  x\n//! ```\n";
    order::listed_modules(&file("src/lib.rs", docs))
}

#[test]
fn the_module_list_is_the_first_word_of_each_line() {
    assert_eq!(listed(), ["base", "node", "scene"]);
}

#[test]
fn an_import_from_below_is_found_in_every_spelling() {
    let text = "//! x\nuse crate::node::Node;\nuse crate::base::{node, Time};\n\
                use crate::{\n    base::{a, scene},\n    scene::Shape,\n};\n\
                // crate::scene is prose\nlet s = \"crate::scene\";\nfn f() -> crate::other::X {}\n\
                use crate::Thing;\nuse super::super::scene;\n";
    let found = order::imports_point_upward(&file("src/node/ship.rs", text), &listed());
    assert_eq!(lines(&found), [6, 10, 12], "{found:?}");
    let of_the_page = order::imports_point_upward(&file("src/app/view.rs", text), &listed());
    assert!(of_the_page.is_empty(), "the binary may import what it likes");
}

#[test]
fn a_float_is_found_below_the_scene_only() {
    let text = "//! f64 in prose\nlet x = 1_f64;\nfn f(a: f64) {}\n";
    assert_eq!(lines(&order::floats_stay_in_the_scene(&file("src/node.rs", text), &listed())), [3]);
    assert!(order::floats_stay_in_the_scene(&file("src/scene/x.rs", text), &listed()).is_empty());
}

#[test]
fn every_rule_about_a_file_fires() {
    let long = format!("//! x\n{}", "\n".repeat(700));
    let wide = format!("//! x\n// {}\n", "w".repeat(120));
    let half = "//! todo! in prose\nfn f() { todo!() }\n#[ignore]\nfn g() {}\n";
    assert_eq!(lines(&rules::opens_with_its_doc(&file("src/a.rs", "use x;\n"))), [1]);
    assert_eq!(rules::is_one_concept(&file("src/a.rs", &long)).len(), 1);
    assert_eq!(lines(&rules::fits_the_page(&file("src/a.rs", &wide))), [2]);
    assert_eq!(lines(&rules::is_finished(&file("src/a.rs", half))), [2, 3]);
    let sleepy = file("tests/a.rs", "//! x\nthread::sleep(second);\n");
    assert_eq!(lines(&rules::tests_do_not_sleep(&sleepy)), [2]);
    let untidy = file("src/a.rs", "//! x\n\tindented\ntrailing \r\nend ");
    assert_eq!(lines(&rules::is_plain_text(&untidy)), [2, 3, 4, 4]);
    assert_eq!(lines(&rules::has_no_emoji(&file("static/a.css", "/* \u{1F680} */"))), [1]);
    assert!(rules::has_no_emoji(&file("src/a.rs", "lost \u{2715} -> gone")).is_empty());
}

#[test]
fn a_machine_path_or_a_registry_is_found_and_a_relative_path_is_not() {
    let path = concat!("/", "tmp");
    let host = concat!("https://crates", ".io/x");
    let text = format!("see `{path}/x`\n{host}\na{path}\n{path}late\n../{}\n", "work/x");
    assert_eq!(lines(&rules::knows_no_machine(&file("README.md", &text))), [1, 2]);
}

#[test]
fn only_relative_links_outside_of_code_are_followed() {
    let line = "[a](src/lib.rs#x) [b](https://example.com) [c](#here) `[d](no)` ![e](static/e.png)";
    assert_eq!(links::relative_targets(line), ["src/lib.rs", "static/e.png"]);
    let lost = file("README.md", "[x](no/such/file.md)\n```\n[y](in/code.md)\n```\n");
    assert_eq!(lines(&links::links_resolve(&lost)), [1]);
}

#[test]
fn prose_is_told_from_classes_formats_and_programmers_messages() {
    let classes = prose::classes([file("static/x.css", ".quiet { }\n.old.wide:hover { }")].iter());
    let text = "//! x\nlet a = \"Lost writes\";\nlet b = \"old writes\";\nlet c = \"quiet wide\";\n\
                let d = \"Close\";\nlet e = \"n1\";\nlet f = x.expect(\"it is there\");\n\
                let g = format!(\"{n} gone\");\nlet h = el.text(\"old\");\n// \"in a comment\"\n\
                if key == \"Enter\" {}\nassert!(x, \"it holds\");\nlet i = \"{px} ms\";\n\
                #[cfg(test)]\nmod tests { \"in a test\" }\n";
    let found = prose::prose_stands_in_words(&file("src/app/x.rs", text), &classes);
    assert_eq!(lines(&found), [2, 3, 5, 8, 9]);
    assert!(prose::prose_stands_in_words(&file("src/words/en/x.rs", text), &classes).is_empty());
}
