//! Reads a statement, and says the column of the first thing that does not fit.

mod terms;

use super::lexer::{Token, column_of, next};
use super::statement::{Column, Expr, Kind, Statement, Which};

/// Reads a statement.
pub fn parse(text: &str) -> Result<Statement, String> {
    let mut parser = Parser {
        text,
        start: 0,
        end: 0,
        token: Token::End,
        spot: Spot::Where,
        terms: 0,
        depth: 0,
        calls: 0,
        problem: String::new(),
    };
    parser.whole().ok_or(parser.problem)
}

/// Where an expression stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spot {
    Values,
    Set,
    Where,
}

struct Parser<'a> {
    text: &'a str,
    /// Where the present token begins, and where it ends.
    start: usize,
    end: usize,
    token: Token<'a>,
    spot: Spot,
    terms: u16,
    depth: u16,
    calls: u16,
    /// The first thing that does not fit.
    problem: String,
}

/// What was read; None once there is a problem.
type Read<T> = Option<T>;

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Read<Statement> {
        self.advance()?;
        let statement = self.statement()?;
        self.take_sign(";")?;
        if self.token == Token::End { Some(statement) } else { self.expected("the end") }
    }

    fn advance(&mut self) -> Read<()> {
        match next(self.text, self.end) {
            Ok(token) => (self.start, self.end, self.token) = token,
            Err(message) => {
                self.problem = message;
                return None;
            }
        }
        Some(())
    }

    /// A refusal of what stands at a byte.
    fn refuse<T>(&mut self, at: usize, message: &str) -> Read<T> {
        self.problem = format!("column {}: {message}", column_of(self.text, at));
        None
    }

    /// A refusal of the present token.
    fn expected<T>(&mut self, what: &str) -> Read<T> {
        self.refuse(self.start, &format!("expected {what}, found {}", self.token))
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.token, Token::Word(found) if found.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> Read<bool> {
        let found = self.is_word(word);
        if found {
            self.advance()?;
        }
        Some(found)
    }

    fn word(&mut self, word: &str) -> Read<()> {
        if self.take_word(word)? { Some(()) } else { self.expected(word) }
    }

    /// The present token if it is a sign, or nothing.
    fn present_sign(&self) -> &'a str {
        if let Token::Sign(sign) = self.token { sign } else { "" }
    }

    fn take_sign(&mut self, sign: &str) -> Read<bool> {
        let found = self.present_sign() == sign;
        if found {
            self.advance()?;
        }
        Some(found)
    }

    fn sign(&mut self, sign: &str) -> Read<()> {
        if self.take_sign(sign)? { Some(()) } else { self.expected(sign) }
    }

    fn statement(&mut self) -> Read<Statement> {
        if self.take_word("INSERT")? {
            self.word("INTO")?;
            self.insert()
        } else if self.take_word("UPDATE")? {
            self.update()
        } else if self.take_word("DELETE")? {
            self.word("FROM")?;
            self.table()?;
            Some(Statement::Delete(self.which()?))
        } else if self.take_word("TRUNCATE")? {
            self.take_word("TABLE")?;
            self.table()?;
            Some(Statement::Truncate)
        } else if self.take_word("DROP")? {
            self.word("TABLE")?;
            self.table()?;
            Some(Statement::Drop)
        } else if self.take_word("SELECT")? {
            self.select()
        } else {
            self.expected("INSERT, UPDATE, DELETE, SELECT, TRUNCATE or DROP")
        }
    }

    fn table(&mut self) -> Read<()> {
        if self.take_word("users")? { Some(()) } else { self.expected("users, the only table") }
    }

    fn known_column(&self) -> Option<Column> {
        Column::ALL.into_iter().find(|column| self.is_word(column.name()))
    }

    fn column(&mut self) -> Read<Column> {
        let Some(column) = self.known_column() else {
            return self.expected("a column of users (id, name, email, age, token, updated_at)");
        };
        self.advance()?;
        Some(column)
    }

    /// A column that none of these is.
    fn new_column(&mut self, taken: impl Fn(Column) -> bool) -> Read<Column> {
        let at = self.start;
        let column = self.column()?;
        if taken(column) {
            return self.refuse(at, &format!("{} is named twice", column.name()));
        }
        Some(column)
    }

    fn insert(&mut self) -> Read<Statement> {
        self.table()?;
        self.sign("(")?;
        let mut columns: Vec<Column> = Vec::new();
        loop {
            let column = self.new_column(|column| columns.contains(&column))?;
            columns.push(column);
            if !self.take_sign(",")? {
                break;
            }
        }
        self.sign(")")?;
        self.word("VALUES")?;
        self.spot = Spot::Values;
        let mut rows = Vec::new();
        loop {
            self.sign("(")?;
            let mut row = Vec::new();
            for (nth, column) in columns.iter().enumerate() {
                if nth > 0 {
                    self.sign(",")?;
                }
                row.push(self.value_for(*column)?);
            }
            self.sign(")")?;
            rows.push(row);
            if !self.take_sign(",")? {
                return Some(Statement::Insert { columns, rows });
            }
        }
    }

    fn update(&mut self) -> Read<Statement> {
        self.table()?;
        self.word("SET")?;
        self.spot = Spot::Set;
        let mut sets: Vec<(Column, Expr)> = Vec::new();
        loop {
            if self.known_column() == Some(Column::Id) {
                return self.refuse(self.start, "id is the primary key and cannot be changed");
            }
            let column =
                self.new_column(|column| sets.iter().any(|(other, _)| *other == column))?;
            self.sign("=")?;
            sets.push((column, self.value_for(column)?));
            if !self.take_sign(",")? {
                break;
            }
        }
        Some(Statement::Update { sets, which: self.which()? })
    }

    fn select(&mut self) -> Read<Statement> {
        let column = if self.take_word("COUNT")? {
            self.sign("(")?;
            self.sign("*")?;
            self.sign(")")?;
            None
        } else {
            Some(self.column()?)
        };
        self.word("FROM")?;
        self.table()?;
        Some(Statement::Select(column, self.which()?))
    }

    fn which(&mut self) -> Read<Which> {
        let mut which = Which::default();
        if self.take_word("WHERE")? {
            self.spot = Spot::Where;
            let at = self.start;
            let (filter, kind) = self.either()?;
            self.must_be(at, Kind::Truth, kind)?;
            which.filter = Some(filter);
        }
        if self.take_word("ORDER")? {
            self.word("BY")?;
            let column = self.column()?;
            let down = self.take_word("DESC")?;
            if !down {
                self.take_word("ASC")?;
            }
            which.order = Some((column, down));
        }
        if self.take_word("LIMIT")? {
            let number = if let Token::Number(number) = self.token { number } else { -1 };
            let Ok(limit) = u32::try_from(number) else {
                return self.expected("a number of rows");
            };
            which.limit = Some(limit);
            self.advance()?;
        }
        Some(which)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_column_what_was_expected_and_what_was_found() {
        let cases = [
            ("UPDATE users WHERE id = 1", "column 14: expected SET, found WHERE"),
            ("UPDATE people SET age = 1", "column 8: expected users, the only table, found people"),
            (
                "UPDATE users SET agee = 1",
                "column 18: expected a column of users (id, name, email, age, token, updated_at), \
                 found agee",
            ),
            ("UPDATE users SET age = 'x'", "column 24: age holds a number, and this is a text"),
            ("UPDATE users SET id = 1", "column 18: id is the primary key and cannot be changed"),
            ("UPDATE users SET age = 1, age = 2", "column 27: age is named twice"),
            (
                "UPDATE users SET age = 1 WHERE age",
                "column 32: expected a condition, found a number",
            ),
            ("UPDATE users SET age = (1", "column 26: expected ), found the end"),
            (
                "DELETE FROM users WHERE name = 'é",
                "column 32: the text that begins here has no end: expected '",
            ),
            ("DELETE FROM users WHERE 'é' = 3", "column 31: expected a text, found a number"),
            ("DELETE FROM users LIMIT -1", "column 25: expected a number of rows, found -"),
            (
                "DELETE FROM users WHERE RAND() > 3",
                "column 25: RAND stands only where a value is set",
            ),
            ("INSERT INTO users (age) VALUES (age)", "column 33: a new row has no age yet"),
            ("INSERT INTO users (age) VALUES (1, 2)", "column 34: expected ), found ,"),
            (
                "CREATE TABLE users",
                "column 1: expected INSERT, UPDATE, DELETE, SELECT, TRUNCATE or DROP, found CREATE",
            ),
            ("TRUNCATE users x", "column 16: expected the end, found x"),
            (
                "",
                "column 1: expected INSERT, UPDATE, DELETE, SELECT, TRUNCATE or DROP, found the \
                 end",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).expect_err(text), expected, "{text}");
        }
        let many = |count: usize| format!("UPDATE users SET age = 1{}", "+1".repeat(count));
        assert!(parse(&many(100)).is_ok());
        assert!(parse(&many(200)).expect_err("too many").ends_with("more than 256 terms"));
        let deep =
            |count: usize| format!("DELETE FROM users WHERE {} id = 1", "NOT ".repeat(count));
        assert!(parse(&deep(24)).is_ok() && parse(&deep(25)).is_err());
    }

    #[test]
    fn statements_are_as_safe_as_the_least_safe_thing_in_them() {
        use crate::data::sql::Safety::{ByOrder, Captured, Diverges, Flagged};
        let cases = [
            ("UPDATE users SET updated_at = NOW(), age = age + 1 WHERE age > 18", Captured),
            ("INSERT INTO users (age, name) VALUES (RAND(), 'a'), (RAND(), 'b')", Captured),
            ("INSERT INTO users (age) VALUES (LAST_INSERT_ID() + CONNECTION_ID())", Captured),
            ("UPDATE users SET age = RAND() WHERE id = 3", Captured),
            ("update users set age = rand() order by id", Captured),
            ("UPDATE users SET age = RAND()", ByOrder),
            ("DELETE FROM users LIMIT 1", ByOrder),
            ("DELETE FROM users ORDER BY age LIMIT 1", ByOrder),
            ("DELETE FROM users ORDER BY id DESC LIMIT 1", Captured),
            ("DELETE FROM users WHERE age > 3 AND id = 4 LIMIT 1", Captured),
            ("UPDATE users SET age = @@server_id", Flagged),
            ("UPDATE users SET token = CONCAT('x', UUID()) WHERE id = 1", Diverges),
            ("UPDATE users SET updated_at = SYSDATE() LIMIT 3", Diverges),
            ("DELETE FROM users WHERE name = USER()", Diverges),
            ("DROP TABLE users;", Captured),
        ];
        for (text, safety) in cases {
            assert_eq!(parse(text).map(|statement| statement.safety()), Ok(safety), "{text}");
        }
    }
}
