//! Links between the files of this package, in its Markdown.

use crate::source::{Offence, Source, root};
use std::path::Path;

/// Every relative link of a Markdown file leads to a file or directory that is there.
pub fn links_resolve(source: &Source) -> Vec<Offence> {
    if !source.is("md") {
        return Vec::new();
    }
    let directory = root().join(Path::new(&source.path).parent().unwrap_or(Path::new("")));
    let mut fenced = false;
    let mut offences = Vec::new();
    for (number, line) in source.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for target in relative_targets(line) {
            if !directory.join(&target).exists() {
                offences.push(Offence::new(
                    number,
                    format!("the link to `{target}` leads nowhere; mend it or remove it"),
                ));
            }
        }
    }
    offences
}

/// The targets of `[text](target)` in a line that are paths, without their anchors.
pub fn relative_targets(line: &str) -> Vec<String> {
    let outside_code = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
    let targets = outside_code.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    targets
        .filter(|target| !target.contains(':') && !target.starts_with('#'))
        .map(|target| target.split('#').next().unwrap_or(target).to_string())
        .collect()
}
