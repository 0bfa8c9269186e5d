//! Lists of what iterators give. `collect` is compiled to look for a first item and then for the
//! others, so that whatever an iterator does stands in the page twice.

/// A list of these items.
pub fn gathered<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut list = Vec::new();
    items.for_each(|item| list.push(item));
    list
}
