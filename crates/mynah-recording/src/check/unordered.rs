use std::collections::HashMap;

use crate::Cell;

/// Brings rows that both have to the same places, and then those that only one has.
pub(super) fn align(one: &mut Vec<Vec<Cell>>, other: &mut Vec<Vec<Cell>>) {
    let mut left: HashMap<Vec<Cell>, usize> = HashMap::new();
    for row in &*other {
        *left.entry(row.clone()).or_default() += 1;
    }
    let (mut common, mut alone) = (Vec::new(), Vec::new());
    for row in one.drain(..) {
        match left.get_mut(&row).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                common.push(row);
            }
            None => alone.push(row),
        }
    }
    // What is left was counted from the first on, so the last ones of equal rows are those that are alone.
    let mut of_other = Vec::new();
    for row in other.drain(..).rev() {
        if let Some(count) = left.get_mut(&row).filter(|count| **count > 0) {
            *count -= 1;
            of_other.push(row);
        }
    }
    of_other.reverse();
    *other = common.iter().cloned().chain(of_other).collect();
    *one = common.into_iter().chain(alone).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_both_have_come_first_each_as_often_as_both_have_it() {
        let rows = |texts: &[&str]| -> Vec<Vec<Cell>> {
            let row = |text: &&str| vec![Cell::Text((*text).to_owned())];
            texts.iter().map(row).collect()
        };
        let mut one = rows(&["a", "b", "b", "c"]);
        let mut other = rows(&["c", "d", "b", "a", "a"]);
        align(&mut one, &mut other);
        assert_eq!(one, rows(&["a", "b", "c", "b"]));
        assert_eq!(other, rows(&["a", "b", "c", "d", "a"]));
    }
}
