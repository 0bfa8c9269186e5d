//! Random statements: of those whose effect every server computes alike, and of those that come to
//! something else on each.

/// A random statement. `roll` draws below a number; with `safe`, what it depends on is logged with
/// it.
pub fn statement(roll: &mut dyn FnMut(u64) -> u64, safe: bool) -> String {
    let (a, b, k) = (roll(40), roll(30) + 1, roll(9) + 1);
    let filter = match roll(7) {
        0 => format!("age > {a}"),
        1 => format!("id = {b}"),
        2 => format!("id > {k} AND id <= {b}"),
        3 => format!("NOT age < {a} OR id = {b}"),
        4 => format!("age + id <> {a} AND (id < {b} OR name = 'n{k}')"),
        5 => format!("email = 'user{k}@example.com' OR age = {a}"),
        _ => "age >= 0".to_string(),
    };
    if !safe {
        return match roll(9) {
            0 => format!("UPDATE users SET token = UUID() WHERE {filter}"),
            1 => format!("UPDATE users SET updated_at = SYSDATE() WHERE {filter}"),
            2 => format!("UPDATE users SET name = CONCAT(USER(), '-', id) WHERE {filter}"),
            3 => "UPDATE users SET age = RAND()".to_string(),
            4 => format!("DELETE FROM users LIMIT {k}"),
            5 => format!("UPDATE users SET age = age + {k} LIMIT {k}"),
            6 => format!("UPDATE users SET age = {a} ORDER BY age DESC LIMIT {k}"),
            7 => format!("INSERT INTO users (token, age) VALUES (UUID(), {a})"),
            _ => format!("UPDATE users SET age = SYSDATE() * {k} WHERE {filter}"),
        };
    }
    match roll(16) {
        0 => format!("INSERT INTO users (name, age) VALUES ('n{k}', {a})"),
        1 => format!("INSERT INTO users (age, name) VALUES (RAND(), 'r'), ({b}, 'it''s {k}')"),
        2 => "INSERT INTO users (age, updated_at) VALUES (LAST_INSERT_ID(), NOW())".to_string(),
        3 => format!("INSERT INTO users (id, age) VALUES ({}, {k})", a + 60),
        4 => format!("UPDATE users SET age = age + {k} WHERE {filter}"),
        5 => format!("UPDATE users SET updated_at = NOW(), age = age - 1 WHERE {filter}"),
        6 => format!("UPDATE users SET age = RAND() WHERE id = {b}"),
        7 => format!("UPDATE users SET name = CONCAT('u', id, '-', age) WHERE {filter}"),
        8 => format!("UPDATE users SET age = id * {k} - {a} ORDER BY id DESC LIMIT {b}"),
        9 => format!("UPDATE users SET age = RAND() - {k} ORDER BY id DESC LIMIT {k}"),
        10 => format!("DELETE FROM users WHERE id = {b}"),
        11 => format!("DELETE FROM users WHERE age = {a}"),
        12 => format!("DELETE FROM users ORDER BY id LIMIT {}", k % 3),
        13 => {
            format!("UPDATE users SET age = CONNECTION_ID() + UNIX_TIMESTAMP() WHERE {filter}")
        }
        14 => format!("UPDATE users SET age = @@server_id * age * {k} WHERE {filter}"),
        _ => format!("UPDATE users SET name = email, email = CONCAT(name, {a}) WHERE {filter}"),
    }
}
