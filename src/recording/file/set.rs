//! One field of a scenario replaced by another value, as a sweep does: the same form, the same
//! reader and the same checks as a file's.

use crate::form::{Entry, Fault, Form, FromForm, ToForm, read_toml};
use crate::sim::{Problem, Scenario, validate};

/// The scenario with the field at `path`, such as `workload[0].rate`, replaced by a value as it
/// would stand in a file; quotes around a text may be left out.
pub fn with_field(scenario: &Scenario, path: &str, value: &str) -> Result<Scenario, Problem> {
    let mut form = scenario.to_form();
    replace(&mut form, path, value_of(value))?;
    let read = super::knobs::translate(&mut form).and_then(|()| Scenario::from_form(&form));
    let read = read.map_err(|misfit| {
        let Fault { path, message, .. } = misfit.fault();
        Problem { path, message }
    })?;
    validate(&read)?;
    Ok(read)
}

fn value_of(text: &str) -> Form {
    let read = read_toml(&format!("value = {text}"));
    match read.as_ref().map(Form::entries) {
        Ok([only]) if only.name == "value" => only.form.clone(),
        Ok(_) | Err(_) => Form::from(text),
    }
}

fn replace(form: &mut Form, path: &str, value: Form) -> Result<(), Problem> {
    let bad = |message: String| Problem { path: path.to_string(), message };
    let mut at = form;
    let mut passed = String::new();
    for step in path.split('.') {
        let (name, indexes) = step.split_at(step.find('[').unwrap_or(step.len()));
        if name.is_empty() {
            let message = "a path is names with dots, such as cluster.ack or workload[0].rate";
            return Err(bad(message.to_string()));
        }
        if *at == Form::Nothing {
            *at = Form::Table(Vec::new());
        }
        let Form::Table(fields) = at else {
            return Err(bad(format!("{passed} is not a table here: give it whole")));
        };
        let known = fields.iter().position(|field| field.name == name);
        let place = known.unwrap_or_else(|| {
            fields.push(Entry::new(name, Form::Nothing));
            fields.len() - 1
        });
        at = &mut fields[place].form;
        let dot = if passed.is_empty() { "" } else { "." };
        passed = format!("{passed}{dot}{name}");
        for index in indexes.split_terminator(']') {
            let number = index.strip_prefix('[').and_then(|index| index.parse::<usize>().ok());
            let number = number.ok_or_else(|| bad(format!("`{step}`: expected a number in []")))?;
            let items = if let Form::List(items) = at { items.as_mut_slice() } else { &mut [] };
            let len = items.len();
            at = match items.get_mut(number) {
                Some(item) => &mut item.form,
                None => {
                    let message =
                        format!("there is no {passed}[{number}]: the scenario has {len}, from [0]");
                    return Err(bad(message));
                }
            };
            passed = format!("{passed}[{number}]");
        }
    }
    *at = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::read_scenario;

    const FILE: &str = "[[client]]\nid = \"a\"\n[[workload]]\nclient = \"a\"\nrate = \"5/s\"\n";

    fn set(path: &str, value: &str) -> Result<Scenario, (String, String)> {
        let scenario = read_scenario(FILE).expect("it is a good file");
        with_field(&scenario, path, value).map_err(|problem| (problem.path, problem.message))
    }

    #[test]
    fn a_field_set_is_the_field_written_in_the_file() {
        for (path, value, file) in [
            ("cluster.ack", "async", "[cluster]\nack = \"async\"\n"),
            (
                "cluster.ack",
                "{ count = 1, point = \"applied\" }",
                "[cluster]\nack = { count = 1, point = \"applied\" }\n",
            ),
            ("cluster.retention", "7", "[cluster]\nretention = 7\n"),
            ("network.loss", "0.25", "[network]\nloss = 0.25\n"),
            ("network.latency", "25ms", "[network]\nlatency = \"25ms\"\n"),
            ("until", "\"3s\"", ""),
        ] {
            let text = if path == "until" {
                format!("until = \"3s\"\n{FILE}")
            } else {
                format!("{FILE}{file}")
            };
            assert_eq!(set(path, value), Ok(read_scenario(&text).expect("good")), "{path}");
        }
        assert_eq!(set("workload[0].rate", "9/s").map(|s| s.workload[0].rate.0), Ok(9));
    }

    #[test]
    fn what_cannot_be_set_is_refused_at_its_place() {
        let refused = |path, value| set(path, value).expect_err("it cannot be set");
        assert_eq!(refused("cluster.akc", "async").0, "cluster.akc");
        assert_eq!(refused("cluster.ack", "nearly").0, "cluster.ack");
        assert_eq!(refused("cluster.nodes", "0").0, "cluster.nodes");
        let (path, message) = refused("client[2].read", "any");
        assert_eq!(path, "client[2].read");
        assert_eq!(message, "there is no client[2]: the scenario has 1, from [0]");
        assert!(refused("seed.x", "1").1.contains("not a table"));
        assert!(refused("", "1").1.contains("a path is names"));
        assert!(refused("client[x].id", "1").1.contains("a number in []"));
    }
}
