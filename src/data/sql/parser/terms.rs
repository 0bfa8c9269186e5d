//! Expressions: what a value is made of, and of which kind it is, by the precedence of SQL.

use std::rc::Rc;

use super::{Parser, Read, Spot};
use crate::data::sql::lexer::Token;
use crate::data::sql::statement::{Arithmetic, Column, Comparison, Expr, Function, Kind};

/// Values, names and operators that one statement may have.
const TERMS_MAX: u16 = 256;
/// Parentheses and NOTs inside one another.
const DEPTH_MAX: u16 = 24;

type Typed = (Expr, Kind);

impl Parser<'_> {
    pub(super) fn must_be(&mut self, at: usize, wanted: Kind, found: Kind) -> Read<()> {
        if wanted == found {
            return Some(());
        }
        self.refuse(at, &format!("expected {}, found {}", wanted.text(), found.text()))
    }

    pub(super) fn value_for(&mut self, column: Column) -> Read<Expr> {
        let at = self.start;
        let (expr, kind) = self.either()?;
        if kind != column.kind() {
            let (name, wanted, found) = (column.name(), column.kind().text(), kind.text());
            return self.refuse(at, &format!("{name} holds {wanted}, and this is {found}"));
        }
        Some(expr)
    }

    pub(super) fn either(&mut self) -> Read<Typed> {
        let at = self.start;
        let mut left = self.both()?;
        while self.take_word("OR")? {
            left = self.truths(at, left, Parser::both, Expr::Either)?;
        }
        Some(left)
    }

    fn both(&mut self) -> Read<Typed> {
        let at = self.start;
        let mut left = self.not()?;
        while self.take_word("AND")? {
            left = self.truths(at, left, Parser::not, Expr::Both)?;
        }
        Some(left)
    }

    fn truths(
        &mut self,
        at: usize,
        (left, kind): Typed,
        read: fn(&mut Self) -> Read<Typed>,
        make: fn(Box<[Expr; 2]>) -> Expr,
    ) -> Read<Typed> {
        self.must_be(at, Kind::Truth, kind)?;
        let at = self.start;
        let (right, kind) = read(self)?;
        self.must_be(at, Kind::Truth, kind)?;
        self.count_term()?;
        Some((make(Box::new([left, right])), Kind::Truth))
    }

    fn not(&mut self) -> Read<Typed> {
        if !self.take_word("NOT")? {
            return self.comparison();
        }
        self.deeper(|parser| {
            let at = parser.start;
            let (inner, kind) = parser.not()?;
            parser.must_be(at, Kind::Truth, kind)?;
            Some((Expr::Not(Box::new(inner)), Kind::Truth))
        })
    }

    fn comparison(&mut self) -> Read<Typed> {
        let left_at = self.start;
        let (left, kind) = self.sum()?;
        let comparison = match self.present_sign() {
            "=" => Comparison::Equal,
            "<>" | "!=" => Comparison::Differs,
            "<" => Comparison::Below,
            "<=" => Comparison::AtMost,
            ">" => Comparison::Above,
            ">=" => Comparison::AtLeast,
            _ => return Some((left, kind)),
        };
        if kind == Kind::Truth {
            return self.refuse(left_at, "a condition cannot be compared");
        }
        self.advance()?;
        let at = self.start;
        let (right, other) = self.sum()?;
        self.must_be(at, kind, other)?;
        self.count_term()?;
        Some((Expr::Compare(comparison, Box::new([left, right])), Kind::Truth))
    }

    fn sum(&mut self) -> Read<Typed> {
        let at = self.start;
        let mut left = self.product()?;
        loop {
            let arithmetic = match self.present_sign() {
                "+" => Arithmetic::Add,
                "-" => Arithmetic::Subtract,
                _ => return Some(left),
            };
            left = self.numbers(at, left, Parser::product, arithmetic)?;
        }
    }

    fn product(&mut self) -> Read<Typed> {
        let at = self.start;
        let mut left = self.atom()?;
        while self.present_sign() == "*" {
            left = self.numbers(at, left, Parser::atom, Arithmetic::Multiply)?;
        }
        Some(left)
    }

    fn numbers(
        &mut self,
        at: usize,
        (left, kind): Typed,
        read: fn(&mut Self) -> Read<Typed>,
        arithmetic: Arithmetic,
    ) -> Read<Typed> {
        self.must_be(at, Kind::Number, kind)?;
        self.advance()?;
        let at = self.start;
        let (right, kind) = read(self)?;
        self.must_be(at, Kind::Number, kind)?;
        self.count_term()?;
        Some((Expr::Arithmetic(arithmetic, Box::new([left, right])), Kind::Number))
    }

    fn count_term(&mut self) -> Read<()> {
        self.terms += 1;
        if self.terms > TERMS_MAX {
            let message = format!("the statement has more than {TERMS_MAX} terms");
            return self.refuse(self.start, &message);
        }
        Some(())
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Read<Typed>) -> Read<Typed> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let message = format!("more than {DEPTH_MAX} parentheses or NOTs inside one another");
            return self.refuse(self.start, &message);
        }
        let inner = read(self)?;
        self.depth -= 1;
        Some(inner)
    }

    fn atom(&mut self) -> Read<Typed> {
        self.count_term()?;
        if self.take_sign("(")? {
            return self.deeper(|parser| {
                let inner = parser.either()?;
                parser.sign(")")?;
                Some(inner)
            });
        }
        if self.take_sign("-")? {
            let at = self.start;
            let (inner, kind) = self.deeper(Parser::atom)?;
            self.must_be(at, Kind::Number, kind)?;
            return Some(match inner {
                Expr::Number(number) => (Expr::Number(-number), Kind::Number),
                inner => {
                    let pair = Box::new([Expr::Number(0), inner]);
                    (Expr::Arithmetic(Arithmetic::Subtract, pair), Kind::Number)
                }
            });
        }
        let atom = match &self.token {
            Token::Number(number) => (Expr::Number(*number), Kind::Number),
            Token::Text(text) => (Expr::Text(Rc::from(text.as_str())), Kind::Text),
            Token::Word(_) => return self.named(),
            Token::Sign(_) | Token::End => return self.expected("a value"),
        };
        self.advance()?;
        Some(atom)
    }

    /// A column or a function.
    fn named(&mut self) -> Read<Typed> {
        let at = self.start;
        if let Some(column) = self.known_column() {
            if self.spot == Spot::Values {
                let message = format!("a new row has no {} yet", column.name());
                return self.refuse(at, &message);
            }
            self.advance()?;
            return Some((Expr::Column(column), column.kind()));
        }
        if self.is_word("CONCAT") {
            self.advance()?;
            return self.concat();
        }
        let known = Function::ALL.into_iter().find(|function| self.is_word(function.name()));
        let Some(function) = known else {
            return self.expected(
                "a column (id, name, email, age, token, updated_at) or a function (NOW, \
                 UNIX_TIMESTAMP, RAND, UUID, SYSDATE, LAST_INSERT_ID, USER, CONNECTION_ID, \
                 @@server_id, CONCAT)",
            );
        };
        if self.spot == Spot::Where && matches!(function, Function::Rand | Function::Uuid) {
            let message = format!("{} stands only where a value is set", function.name());
            return self.refuse(at, &message);
        }
        self.advance()?;
        if function != Function::ServerId {
            self.sign("(")?;
            self.sign(")")?;
        }
        let call = self.calls;
        self.calls += 1;
        Some((Expr::Call(function, call), function.kind()))
    }

    fn concat(&mut self) -> Read<Typed> {
        self.sign("(")?;
        let mut parts = Vec::new();
        loop {
            let at = self.start;
            let (part, kind) = self.deeper(Parser::sum)?;
            if kind == Kind::Truth {
                return self.refuse(at, "expected a text or a number, found a condition");
            }
            parts.push(part);
            if !self.take_sign(",")? {
                break;
            }
        }
        self.sign(")")?;
        Some((Expr::Join(parts), Kind::Text))
    }
}
