//! What a number or a name of a run must be: that very one, or within bounds.

use crate::base::Span;
use crate::form::{Form, FromForm, Misfit, misplaced};

/// A value or bounds for one. Lengths of time may be written with their unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// Just this.
    pub is: Option<Form>,
    /// At least so much.
    pub at_least: Option<u64>,
    /// At most so much.
    pub at_most: Option<u64>,
}

impl Bound {
    /// Once or more often.
    pub fn some() -> Bound {
        Bound { at_least: Some(1), ..Bound::default() }
    }

    /// Whether a value keeps to it. Values are compared as they are written; a number may also be
    /// given as a length of time.
    pub fn admits(&self, found: &Form) -> bool {
        let number = if let Form::Whole(number) = found { Some(*number) } else { None };
        let same = |is: &Form| is == found || written(is) == written(found);
        let long = |is: &Form| number.is_some() && self::number(is).ok() == number;
        let is = self.is.as_ref().is_none_or(|is| same(is) || long(is));
        let within = |least: u64, most: u64| number.is_some_and(|n| least <= n && n <= most);
        let bounded = self.at_least.is_some() || self.at_most.is_some();
        is && (!bounded || within(self.at_least.unwrap_or(0), self.at_most.unwrap_or(u64::MAX)))
    }
}

impl Bound {
    /// In words, for whoever wrote it.
    pub fn text(&self) -> String {
        match (&self.is, self.at_least, self.at_most) {
            (Some(is), _, _) => written(is),
            (None, least, most) => {
                format!(
                    "{}..{}",
                    least.unwrap_or(0),
                    most.map_or(String::new(), |most| most.to_string())
                )
            }
        }
    }
}

/// A value as a person writes it, without quotes.
pub(super) fn written(form: &Form) -> String {
    match form {
        Form::Nothing => "nothing".to_string(),
        Form::Text(text) => text.clone(),
        other => other.to_string(),
    }
}

impl FromForm for Bound {
    fn from_form(form: &Form) -> Result<Bound, Misfit> {
        let Form::Table(entries) = form else {
            return Ok(Bound { is: Some(form.clone()), ..Bound::default() });
        };
        let mut bound = Bound::default();
        for entry in entries {
            let place = match entry.name.as_str() {
                "at_least" => &mut bound.at_least,
                "at_most" => &mut bound.at_most,
                _ => return Err(Misfit::unknown(entry, "bound", &["at_least", "at_most"])),
            };
            *place = Some(number(&entry.form).map_err(|misfit| misfit.within(entry))?);
        }
        if entries.is_empty() {
            return Err(Misfit::new("bounds nothing: expected at_least or at_most".to_string()));
        }
        Ok(bound)
    }
}

/// A whole number, or a length of time in microseconds.
fn number(form: &Form) -> Result<u64, Misfit> {
    match form {
        Form::Whole(number) => Ok(*number),
        Form::Text(text) => text.parse().map(|span: Span| span.0).map_err(Misfit::new),
        Form::Nothing
        | Form::Bool(_)
        | Form::Negative(_)
        | Form::Decimal(_)
        | Form::List(_)
        | Form::Table(_) => Err(misplaced(form, "a whole number, or a time such as \"80ms\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_a_value_or_an_interval() {
        let times = Bound::some();
        assert!(times.admits(&Form::Whole(1)) && !times.admits(&Form::Whole(0)));
        let is = Bound { is: Some(Form::from("n1")), ..Bound::default() };
        assert!(is.admits(&Form::from("n1")) && !is.admits(&Form::from("n2")));
        let long = Bound { is: Some(Form::from("80ms")), ..Bound::default() };
        assert!(long.admits(&Form::Whole(80_000)) && !long.admits(&Form::Whole(80)));
        let most = Bound { at_most: Some(2), ..Bound::default() };
        assert!(most.admits(&Form::Whole(2)) && !most.admits(&Form::Whole(3)));
        assert!(!most.admits(&Form::Nothing), "what is not there is not small");
    }
}
