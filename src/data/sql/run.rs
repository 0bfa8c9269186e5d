//! Carrying out a statement on one server's table: at its origin, and from a log of statements on
//! every replica, where what is not in the context comes to something else.
//!
//! Whole stretches of rows are computed at once where the result is again a formula of the id, and
//! row by row where it is not.

use super::formula::{arithmetic, compare, solve};
use super::logged::Logged;
use super::statement::{Column, Comparison, Expr, Function, Statement, Which};
use crate::base::{Luck, NodeId, Purpose, scaled, sort};
use crate::data::table::{
    COLUMNS, Cell, ID_MAX, Ids, Rows, STRETCHES_MAX, Stretch, Table, Unfit, Whole, ids, slot,
    stretch,
};
use crate::data::{Gtid, Value};

/// Where a statement is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The server.
    pub node: NodeId,
    /// Its clock, in microseconds.
    pub clock: i64,
    /// The run's luck.
    pub luck: Luck,
}

impl Site {
    /// A draw of this server's own for an entry.
    fn draw(&self, purpose: Purpose, gtid: Gtid, nth: u16) -> u64 {
        let subject = u64::from(self.node.0) << 16 | u64::from(gtid.origin.0);
        self.luck.draw(purpose, subject, u64::from(gtid.seq) << 16 | u64::from(nth))
    }
}

/// Rows in the order in which the server comes to them.
#[derive(Clone, Copy)]
struct Piece {
    ids: Ids,
    /// Whether the last comes first.
    back: bool,
    /// How many rows come before.
    nth: i64,
}

struct Run<'a> {
    table: &'a Table,
    logged: &'a Logged,
    gtid: Gtid,
    site: &'a Site,
}

impl Logged {
    /// What it does to this table on this server, as the entry of this name.
    pub fn carry_out(&self, table: &Table, gtid: Gtid, site: &Site) -> Result<Rows, Unfit> {
        if !table.exists && self.statement != Statement::Drop {
            return Err(Unfit::NoTable);
        }
        let run = Run { table, logged: self, gtid, site };
        let whole = |whole| Ok(Rows { whole: Some(whole), ..Rows::default() });
        match &self.statement {
            Statement::Insert { columns, rows } => run.insert(columns, rows),
            Statement::Update { sets, which } => run.update(sets, which),
            Statement::Delete(which) => {
                let pieces = by_id(run.pieces(which, &[])?);
                Ok(Rows { removed: rows_of(&pieces), ..Rows::default() })
            }
            Statement::Select(..) => Ok(Rows::default()),
            Statement::Truncate => whole(Whole::Emptied),
            Statement::Drop if table.exists => whole(Whole::Dropped),
            Statement::Drop => Err(Unfit::NoTable),
        }
    }

    /// What a read finds: the first row's column, or how many rows there are.
    pub fn select(&self, table: &Table, site: &Site) -> Option<Value> {
        let Statement::Select(column, which) = &self.statement else {
            return None;
        };
        if !table.exists {
            return None;
        }
        let run = Run { table, logged: self, gtid: Gtid { origin: site.node, seq: 0 }, site };
        let pieces = run.pieces(which, &[]).ok()?;
        match column {
            None => Some(Value::Number(pieces.iter().map(|piece| piece.ids.len() as i64).sum())),
            Some(column) => {
                let first = pieces.first()?;
                let id = if first.back { first.ids.last } else { first.ids.first };
                Some(table.cell(*column, id).value(id))
            }
        }
    }

    /// Rows that a server looks at to carry it out.
    pub fn examines(&self, table: &Table) -> u64 {
        match &self.statement {
            Statement::Insert { rows, .. } => rows.len() as u64,
            Statement::Truncate | Statement::Drop => 1,
            Statement::Update { which, .. }
            | Statement::Delete(which)
            | Statement::Select(_, which) => {
                if which.one_row() {
                    1
                } else {
                    table.len()
                }
            }
        }
    }
}

impl Run<'_> {
    fn insert(&self, columns: &[Column], rows: &[Vec<Expr>]) -> Result<Rows, Unfit> {
        let context = &self.logged.context;
        let mut image = Rows::default();
        let mut made: Vec<Piece> = Vec::new();
        for (nth, row) in rows.iter().enumerate() {
            let given = columns.iter().position(|column| *column == Column::Id);
            let nth = nth as i64;
            let id = match given {
                Some(at) => self.alone(&row[at], Ids::one(1), nth)?,
                None => {
                    let ahead = i64::from(context.step) * nth;
                    Value::Number(i64::from(context.insert_id) + ahead)
                }
            };
            let Value::Number(id) = id else { return Err(Unfit::OutOfRange) };
            let id = u32::try_from(id).ok().filter(|id| (1..=ID_MAX).contains(id));
            let id = id.ok_or(Unfit::OutOfRange)?;
            made.push(Piece { ids: Ids::one(id), back: false, nth });
        }
        for Piece { ids: one, nth, .. } in by_id(made) {
            if image.added.last().is_some_and(|last| last.last == one.first) {
                return Err(Unfit::Duplicate(one.first));
            }
            ids::push(&mut image.added, one);
            for (column, expr) in columns.iter().zip(&rows[nth as usize]) {
                if let Some(slot) = slot(*column) {
                    let cell = Cell::of_value(self.alone(expr, one, nth)?);
                    stretch::push(&mut image.columns[slot], Stretch { ids: one, cell });
                }
            }
        }
        Ok(image)
    }

    fn update(&self, sets: &[(Column, Expr)], which: &Which) -> Result<Rows, Unfit> {
        let pieces = by_id(self.pieces(which, sets)?);
        let mut image = Rows { updated: rows_of(&pieces), ..Rows::default() };
        for (column, expr) in sets {
            let stretches = &mut image.columns[slot(*column).unwrap_or(COLUMNS)];
            for piece in &pieces {
                if let Some(cell) = self.cell(expr, *piece)? {
                    stretch::push(stretches, Stretch { ids: piece.ids, cell });
                    continue;
                }
                for (id, nth) in each(*piece)? {
                    let ids = Ids::one(id);
                    let cell = Cell::of_value(self.alone(expr, ids, nth)?);
                    stretch::push(stretches, Stretch { ids, cell });
                }
            }
        }
        Ok(image)
    }

    /// The rows meant, in the order in which this server comes to them. Within a piece every column
    /// that plays a part follows one formula.
    ///
    /// Simplification: a server meets rows by id, but from a place that differs from server to
    /// server and from statement to statement, as PostgreSQL's synchronized scans do; a real order
    /// has more causes.
    fn pieces(&self, which: &Which, sets: &[(Column, Expr)]) -> Result<Vec<Piece>, Unfit> {
        let mut matching: Vec<Ids> = Vec::new();
        for ids in self.segments(which, sets) {
            match &which.filter {
                Some(filter) => matching.extend(self.matching(filter, ids)?),
                None => matching.push(ids),
            }
        }
        let down = matches!(which.order, Some((Column::Id, true)));
        let by_id = matches!(which.order, Some((Column::Id, _)));
        if !by_id && (which.limit.is_some() || self.logged.statement.calls(Function::Rand)) {
            matching = self.as_met(&matching);
        }
        let mut pieces: Vec<Piece> =
            matching.iter().map(|ids| Piece { ids: *ids, back: down, nth: 0 }).collect();
        if down {
            pieces.reverse();
        }
        if let Some((column, down)) = which.order.filter(|_| !by_id) {
            pieces = self.sorted(&pieces, column, down)?;
        }
        let (mut nth, limit) = (0, which.limit.map_or(i64::MAX, i64::from));
        for piece in &mut pieces {
            piece.nth = nth;
            let left = limit - nth;
            if left > 0 && piece.ids.len() as i64 > left {
                let surplus = (piece.ids.len() as i64 - left) as u32;
                if piece.back {
                    piece.ids.first += surplus;
                } else {
                    piece.ids.last -= surplus;
                }
            }
            nth += piece.ids.len() as i64;
        }
        pieces.retain(|piece| piece.nth < limit);
        Ok(pieces)
    }

    /// The rows from the place on where this server happens to begin.
    fn as_met(&self, rows: &[Ids]) -> Vec<Ids> {
        let total: u64 = rows.iter().map(|run| run.len()).sum();
        let mut skip = scaled(self.site.draw(Purpose::Scan, self.gtid, 0), total);
        let (mut first, mut rest) = (Vec::new(), Vec::new());
        for run in rows {
            let before = skip.min(run.len()) as u32;
            skip -= u64::from(before);
            if before > 0 {
                rest.push(Ids { first: run.first, last: run.first + before - 1 });
            }
            if u64::from(before) < run.len() {
                first.push(Ids { first: run.first + before, last: run.last });
            }
        }
        first.extend(rest);
        first
    }

    /// The same pieces by what a column holds; what is equal stays as this server meets it.
    fn sorted(&self, pieces: &[Piece], column: Column, down: bool) -> Result<Vec<Piece>, Unfit> {
        let mut keyed: Vec<(Value, Piece)> = Vec::new();
        for piece in pieces {
            let cell = self.table.cell(column, piece.ids.first);
            if cell.is_constant() {
                keyed.push((cell.value(piece.ids.first), *piece));
            } else {
                let rows = each(*piece)?;
                keyed.extend(
                    rows.map(|(id, _)| (cell.value(id), Piece { ids: Ids::one(id), ..*piece })),
                );
            }
        }
        Ok(by_value(keyed, down))
    }

    /// The table's rows, parted wherever a column that plays a part follows another formula.
    fn segments(&self, which: &Which, sets: &[(Column, Expr)]) -> Vec<Ids> {
        let mut plays = [false; COLUMNS + 1];
        let mut see = |expr: &Expr| {
            if let Expr::Column(column) = expr {
                plays[*column as usize] = true;
            }
        };
        which.filter.iter().for_each(|filter| filter.visit(&mut see));
        sets.iter().for_each(|(_, expr)| expr.visit(&mut see));
        which.order.iter().for_each(|(column, _)| plays[*column as usize] = true);
        self.table.parted(|column| plays[column as usize])
    }

    /// Rows for which a condition is true; within `all`, columns follow one formula.
    fn matching(&self, condition: &Expr, all: Ids) -> Result<Vec<Ids>, Unfit> {
        match condition {
            Expr::Both(pair) => {
                let mut both = Vec::new();
                for ids in self.matching(&pair[0], all)? {
                    both.extend(self.matching(&pair[1], ids)?);
                }
                Ok(both)
            }
            Expr::Either(pair) => {
                let left = self.matching(&pair[0], all)?;
                let mut right = Vec::new();
                for ids in ids::subtract(&[all], &left) {
                    right.extend(self.matching(&pair[1], ids)?);
                }
                Ok(ids::unite(&left, &right))
            }
            Expr::Not(inner) => Ok(ids::subtract(&[all], &self.matching(inner, all)?)),
            Expr::Compare(comparison, pair) => self.comparing(*comparison, pair, all),
            Expr::Number(_)
            | Expr::Text(_)
            | Expr::Column(_)
            | Expr::Call(..)
            | Expr::Join(_)
            | Expr::Arithmetic(..) => {
                debug_assert!(false, "the parser takes conditions only");
                Ok(Vec::new())
            }
        }
    }

    fn comparing(&self, how: Comparison, pair: &[Expr; 2], all: Ids) -> Result<Vec<Ids>, Unfit> {
        let piece = Piece { ids: all, back: false, nth: 0 };
        let (left, right) = (self.cell(&pair[0], piece)?, self.cell(&pair[1], piece)?);
        if let (Some(left), Some(right)) = (&left, &right) {
            if let (Cell::Number { base: a, slope: b }, Cell::Number { base: c, slope: d }) =
                (left, right)
            {
                let base = i128::from(*a) - i128::from(*c);
                return Ok(solve(how, base, i128::from(*b) - i128::from(*d), all));
            }
            if left.is_constant() && right.is_constant() {
                let holds = compare(how, &left.value(all.first), &right.value(all.first));
                return Ok(if holds { vec![all] } else { Vec::new() });
            }
        }
        // A look at each of half a million texts takes a while; most follow a number.
        if let (Some(cell), Some(Cell::Text(text)), Comparison::Equal) = (&left, &right, how)
            && let Some(holder) = cell.holder(text)
        {
            return Ok(holder.and_then(|id| Ids::one(id).common(all)).into_iter().collect());
        }
        let mut matching = Vec::new();
        for id in all.first..=all.last {
            let value = |cell: &Option<Cell>, expr: &Expr| match cell {
                Some(cell) => Ok(cell.value(id)),
                None => self.alone(expr, Ids::one(id), 0),
            };
            if compare(how, &value(&left, &pair[0])?, &value(&right, &pair[1])?) {
                ids::push(&mut matching, Ids::one(id));
            }
        }
        Ok(matching)
    }

    /// What an expression comes to for one row.
    fn alone(&self, expr: &Expr, one: Ids, nth: i64) -> Result<Value, Unfit> {
        let cell = self.cell(expr, Piece { ids: one, back: false, nth })?;
        cell.map(|cell| cell.value(one.first)).ok_or(Unfit::OutOfRange)
    }

    /// What an expression comes to for rows whose columns follow one formula; None if that is no
    /// formula.
    fn cell(&self, expr: &Expr, piece: Piece) -> Result<Option<Cell>, Unfit> {
        let cell = match expr {
            Expr::Number(number) => Cell::number(*number),
            Expr::Text(text) => Cell::Text(text.clone()),
            Expr::Column(column) => self.table.cell(*column, piece.ids.first),
            Expr::Call(function, call) => self.call(*function, *call, piece),
            Expr::Join(parts) => {
                let mut cells = Vec::with_capacity(parts.len());
                for part in parts {
                    let Some(cell) = self.cell(part, piece)? else { return Ok(None) };
                    cells.push(cell);
                }
                let constant = cells.iter().all(Cell::is_constant);
                let joined = Cell::Joined(cells.into());
                if constant { joined.at(piece.ids.first) } else { joined }
            }
            Expr::Arithmetic(how, pair) => {
                let (left, right) = (self.cell(&pair[0], piece)?, self.cell(&pair[1], piece)?);
                let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
                let Some(cell) = arithmetic(*how, &left, &right, piece.ids)? else {
                    return Ok(None);
                };
                cell
            }
            Expr::Compare(..) | Expr::Both(_) | Expr::Either(_) | Expr::Not(_) => {
                debug_assert!(false, "no value is a condition");
                return Ok(None);
            }
        };
        Ok(Some(cell.of_row(piece.ids)))
    }

    fn call(&self, function: Function, call: u16, piece: Piece) -> Cell {
        let context = &self.logged.context;
        let at_origin = self.site.node == self.gtid.origin;
        match function {
            Function::Now => Cell::number(context.timestamp),
            Function::UnixTimestamp => Cell::number(context.timestamp.div_euclid(1_000_000)),
            Function::Rand => {
                let seed = context.seed.wrapping_add(u64::from(call));
                let Ids { first, last } = piece.ids;
                match piece.back {
                    false => Cell::Random { seed, base: piece.nth - i64::from(first), slope: 1 },
                    true => Cell::Random { seed, base: piece.nth + i64::from(last), slope: -1 },
                }
            }
            Function::Uuid => Cell::Uuid(self.site.draw(Purpose::Uuid, self.gtid, call)),
            Function::Sysdate if at_origin => Cell::number(context.timestamp),
            Function::Sysdate => Cell::number(self.site.clock),
            Function::LastInsertId => Cell::number(context.last_insert_id),
            Function::User if at_origin => Cell::Text(context.user.clone()),
            Function::User => Cell::Text("system user".into()),
            Function::ConnectionId => Cell::number(i64::from(context.connection) + 1),
            Function::ServerId => Cell::number(i64::from(self.gtid.origin.0) + 1),
        }
    }
}

/// Rows of a piece by id, each with how many the server comes to before it.
fn each(piece: Piece) -> Result<impl Iterator<Item = (u32, i64)>, Unfit> {
    let Piece { ids: Ids { first, last }, back, nth } = piece;
    if piece.ids.len() > STRETCHES_MAX as u64 {
        return Err(Unfit::TooMany);
    }
    let before = move |id: u32| if back { last - id } else { id - first };
    Ok((first..=last).map(move |id| (id, nth + i64::from(before(id)))))
}

/// Pieces by what was found for each; what is equal stays as it is.
fn by_value(mut keyed: Vec<(Value, Piece)>, down: bool) -> Vec<Piece> {
    sort(&mut keyed, |(a, _), (b, _)| if down { b < a } else { a < b });
    keyed.into_iter().map(|(_, piece)| piece).collect()
}

fn by_id(pieces: Vec<Piece>) -> Vec<Piece> {
    let id = |piece: &Piece| Value::Number(piece.ids.first.into());
    by_value(pieces.into_iter().map(|piece| (id(&piece), piece)).collect(), false)
}

/// The rows of pieces that are in order.
fn rows_of(pieces: &[Piece]) -> Vec<Ids> {
    let mut rows = Vec::new();
    pieces.iter().for_each(|piece| ids::push(&mut rows, piece.ids));
    rows
}
