//! House rules, checked: what a reviewer should never have to say.
//!
//! One test per rule. Each message names the file, the line, the rule and the remedy. The rules are
//! functions of one file's text (`rules`, `order`), so `samples` can show that each of them fires.

#![cfg(not(target_arch = "wasm32"))]

mod links;
mod order;
mod prose;
mod rules;
mod samples;
mod source;

use source::{Offence, Source, sources};

/// Runs a rule over all files and fails with everything it found.
fn hold(rule: impl Fn(&Source) -> Vec<Offence>) {
    let offences: Vec<String> = sources()
        .iter()
        .flat_map(|source| rule(source).into_iter().map(|offence| offence.at(source)))
        .collect();
    assert!(offences.is_empty(), "\n{}\n", offences.join("\n"));
}

#[test]
fn a_module_imports_only_from_modules_above_it() {
    let listed = order::listed_modules(&source::read("src/lib.rs"));
    hold(|source| order::imports_point_upward(source, &listed));
}

#[test]
fn below_the_scene_there_are_no_floating_point_numbers() {
    let listed = order::listed_modules(&source::read("src/lib.rs"));
    hold(|source| order::floats_stay_in_the_scene(source, &listed));
}

#[test]
fn every_rust_file_opens_by_saying_what_it_is() {
    hold(rules::opens_with_its_doc);
}

#[test]
fn no_line_is_wider_than_a_hundred_columns() {
    hold(rules::fits_the_page);
}

#[test]
fn no_rust_file_is_longer_than_one_concept() {
    hold(rules::is_one_concept);
}

#[test]
fn nothing_is_left_half_done() {
    hold(rules::is_finished);
}

#[test]
fn no_test_sleeps() {
    hold(rules::tests_do_not_sleep);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    hold(rules::knows_no_machine);
}

#[test]
fn text_is_plain_unix_text() {
    hold(rules::is_plain_text);
}

#[test]
fn the_page_speaks_without_emoji() {
    hold(rules::has_no_emoji);
}

#[test]
fn what_visitors_read_stands_in_one_place() {
    let classes = prose::classes(sources().iter());
    hold(|source| prose::prose_stands_in_words(source, &classes));
}

#[test]
fn every_relative_link_leads_somewhere() {
    hold(links::links_resolve);
}
