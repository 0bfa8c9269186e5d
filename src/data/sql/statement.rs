//! What a statement says, and how safe it is to log as text.

use std::rc::Rc;

/// A column of the one table, users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The primary key, given by the server where an insert names none.
    Id,
    /// A text.
    Name,
    /// A text.
    Email,
    /// A number.
    Age,
    /// A text.
    Token,
    /// A number, meant for times.
    UpdatedAt,
}

/// What an expression comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// True or false.
    Truth,
}

impl Kind {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Kind::Number => "a number",
            Kind::Text => "a text",
            Kind::Truth => "a condition",
        }
    }
}

impl Column {
    /// Every column, in the table's order.
    pub const ALL: [Column; 6] =
        [Column::Id, Column::Name, Column::Email, Column::Age, Column::Token, Column::UpdatedAt];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Column::Id => "id",
            Column::Name => "name",
            Column::Email => "email",
            Column::Age => "age",
            Column::Token => "token",
            Column::UpdatedAt => "updated_at",
        }
    }

    /// What it holds.
    pub fn kind(self) -> Kind {
        match self {
            Column::Id | Column::Age | Column::UpdatedAt => Kind::Number,
            Column::Name | Column::Email | Column::Token => Kind::Text,
        }
    }
}

/// A function without arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// The time at which the statement began, in microseconds of its server's clock.
    Now,
    /// The same in whole seconds.
    UnixTimestamp,
    /// A number from 0 to 999,999. Simplification: MySQL's is a fraction of 1.
    Rand,
    /// A text that nobody else has.
    Uuid,
    /// The time at which the server gets to it.
    Sysdate,
    /// The first id that the connection's latest insert was given.
    LastInsertId,
    /// Who is connected.
    User,
    /// The connection's number.
    ConnectionId,
    /// The number of the server where the statement was first carried out.
    ServerId,
}

impl Function {
    /// Every function.
    pub const ALL: [Function; 9] = [
        Function::Now,
        Function::UnixTimestamp,
        Function::Rand,
        Function::Uuid,
        Function::Sysdate,
        Function::LastInsertId,
        Function::User,
        Function::ConnectionId,
        Function::ServerId,
    ];

    /// Its name in a statement.
    pub fn name(self) -> &'static str {
        match self {
            Function::Now => "NOW",
            Function::UnixTimestamp => "UNIX_TIMESTAMP",
            Function::Rand => "RAND",
            Function::Uuid => "UUID",
            Function::Sysdate => "SYSDATE",
            Function::LastInsertId => "LAST_INSERT_ID",
            Function::User => "USER",
            Function::ConnectionId => "CONNECTION_ID",
            Function::ServerId => "@@server_id",
        }
    }

    /// What it comes to.
    pub fn kind(self) -> Kind {
        match self {
            Function::Uuid | Function::User => Kind::Text,
            Function::Now
            | Function::UnixTimestamp
            | Function::Rand
            | Function::Sysdate
            | Function::LastInsertId
            | Function::ConnectionId
            | Function::ServerId => Kind::Number,
        }
    }

    /// How safe it is in a log of statements, as observed on MariaDB 10.11 for twenty functions.
    fn safety(self) -> Safety {
        match self {
            Function::Now
            | Function::UnixTimestamp
            | Function::Rand
            | Function::LastInsertId
            | Function::ConnectionId => Safety::Captured,
            Function::ServerId => Safety::Flagged,
            Function::Uuid | Function::Sysdate | Function::User => Safety::Diverges,
        }
    }
}

/// How safe a statement is in a log of statements; the later, the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// What it depends on is logged with it.
    Captured,
    /// Servers flag it (warning 1592), though the replicas come to the same.
    Flagged,
    /// It depends on the order in which a server happens to meet the rows.
    ByOrder,
    /// It comes to something else on every server.
    Diverges,
}

/// A sum of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>` or `!=`
    Differs,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// What is computed for a row. The parser sees to it that kinds fit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A number.
    Number(i64),
    /// A text.
    Text(Rc<str>),
    /// What the row holds.
    Column(Column),
    /// A function; the how-manieth call of the statement, from 0.
    Call(Function, u16),
    /// `CONCAT`.
    Join(Vec<Expr>),
    /// Two numbers.
    Arithmetic(Arithmetic, Box<[Expr; 2]>),
    /// Two values of one kind.
    Compare(Comparison, Box<[Expr; 2]>),
    /// `AND`.
    Both(Box<[Expr; 2]>),
    /// `OR`.
    Either(Box<[Expr; 2]>),
    /// `NOT`.
    Not(Box<Expr>),
}

impl Expr {
    /// Lets `see` see this and everything inside it.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        see(self);
        match self {
            Expr::Number(_) | Expr::Text(_) | Expr::Column(_) | Expr::Call(..) => {}
            Expr::Join(parts) => parts.iter().for_each(|part| part.visit(see)),
            Expr::Arithmetic(_, pair)
            | Expr::Compare(_, pair)
            | Expr::Both(pair)
            | Expr::Either(pair) => pair.iter().for_each(|part| part.visit(see)),
            Expr::Not(inner) => inner.visit(see),
        }
    }
}

/// Which rows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Which {
    /// Those for which this is true; None: all.
    pub filter: Option<Expr>,
    /// By this column, downwards if true; None: as the server meets them.
    pub order: Option<(Column, bool)>,
    /// The first so many; None: all.
    pub limit: Option<u32>,
}

impl Which {
    /// Whether at most one row can be meant, whatever the table holds.
    pub fn one_row(&self) -> bool {
        fn pins_id(expr: &Expr) -> bool {
            match expr {
                Expr::Both(pair) => pair.iter().any(pins_id),
                Expr::Compare(Comparison::Equal, pair) => matches!(
                    &**pair,
                    [Expr::Column(Column::Id), Expr::Number(_)]
                        | [Expr::Number(_), Expr::Column(Column::Id)]
                ),
                Expr::Number(_)
                | Expr::Text(_)
                | Expr::Column(_)
                | Expr::Call(..)
                | Expr::Join(_)
                | Expr::Arithmetic(..)
                | Expr::Compare(..)
                | Expr::Either(_)
                | Expr::Not(_) => false,
            }
        }
        self.filter.as_ref().is_some_and(pins_id)
    }

    /// Whether the order of the rows is certain.
    fn in_order(&self) -> bool {
        self.order.is_some_and(|(column, _)| column == Column::Id)
    }
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Statement {
    /// New rows.
    Insert {
        /// The columns given.
        columns: Vec<Column>,
        /// What each row gives for them.
        rows: Vec<Vec<Expr>>,
    },
    /// Rows change. Every expression sees the row as it was, as the standard has it.
    Update {
        /// Which columns, and to what.
        sets: Vec<(Column, Expr)>,
        /// Which rows.
        which: Which,
    },
    /// Rows go.
    Delete(Which),
    /// All rows go, and ids begin anew.
    Truncate,
    /// The table goes.
    Drop,
    /// A read: a column of the first such row, or with None how many there are.
    Select(Option<Column>, Which),
}

impl Statement {
    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        matches!(self, Statement::Select(..))
    }

    /// Whether it changes the table as such, which is logged as text in every format.
    pub fn defines(&self) -> bool {
        matches!(self, Statement::Truncate | Statement::Drop)
    }

    /// Lets `see` see every expression in it.
    pub fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        match self {
            Statement::Insert { rows, .. } => {
                rows.iter().flatten().for_each(|expr| expr.visit(see));
            }
            Statement::Update { sets, which } => {
                sets.iter().for_each(|(_, expr)| expr.visit(see));
                which.filter.iter().for_each(|expr| expr.visit(see));
            }
            Statement::Delete(which) | Statement::Select(_, which) => {
                which.filter.iter().for_each(|expr| expr.visit(see));
            }
            Statement::Truncate | Statement::Drop => {}
        }
    }

    /// Whether it calls a function.
    pub fn calls(&self, function: Function) -> bool {
        let mut found = false;
        self.visit(&mut |expr| found |= matches!(expr, Expr::Call(f, _) if *f == function));
        found
    }

    /// Which rows it changes; None if it changes none that are there, or all at once.
    pub fn which(&self) -> Option<&Which> {
        match self {
            Statement::Update { which, .. } | Statement::Delete(which) => Some(which),
            Statement::Select(..)
            | Statement::Insert { .. }
            | Statement::Truncate
            | Statement::Drop => None,
        }
    }

    /// How safe it is to log as text: the least safe thing in it decides.
    pub fn safety(&self) -> Safety {
        let mut safety = Safety::Captured;
        self.visit(&mut |expr| {
            if let Expr::Call(function, _) = expr {
                safety = safety.max(function.safety());
            }
        });
        // The seed makes the numbers the same; which row gets which depends on the order.
        let by_order = |which: &Which| {
            let draws = self.calls(Function::Rand) && !which.in_order();
            !which.one_row() && (draws || which.limit.is_some() && !which.in_order())
        };
        if self.which().is_some_and(by_order) {
            safety = safety.max(Safety::ByOrder);
        }
        safety
    }
}
