use super::parts::Part;

/// One step from what is wanted to what was asked, by the indexes of their parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// One part stands in place of another.
    Changed { asked: usize, wanted: usize },
    /// The statement has a part that the expectation hasn't.
    Extra { asked: usize },
    /// The statement lacks a part of the expectation, in front of the part `before`.
    Missing { wanted: usize, before: usize },
}

/// How far a statement is from what is wanted: 0 where they are the same, about 1 for each part that differs.
pub(super) fn distance(asked: &[Part<'_>], wanted: &[Part<'_>]) -> f64 {
    let (_, asked, wanted) = without_ends(asked, wanted);
    table(asked, wanted).last().map_or(0.0, |cell| cell.cost)
}

/// The steps between them, those that change nothing left out.
pub(super) fn steps(asked: &[Part<'_>], wanted: &[Part<'_>]) -> Vec<Step> {
    let (skipped, asked, wanted) = without_ends(asked, wanted);
    let cells = table(asked, wanted);
    let width = wanted.len() + 1;
    let (mut row, mut column) = (asked.len(), wanted.len());
    let mut steps = Vec::new();
    // From the end of the table back to its start, by the way that was the cheapest at each cell.
    while row > 0 || column > 0 {
        let from = cells
            .get(row * width + column)
            .map_or(From::Asked, |cell| cell.from);
        match from {
            From::Both(is_same) => {
                row = row.saturating_sub(1);
                column = column.saturating_sub(1);
                if !is_same {
                    steps.push(Step::Changed {
                        asked: skipped + row,
                        wanted: skipped + column,
                    });
                }
            }
            From::Asked => {
                row = row.saturating_sub(1);
                steps.push(Step::Extra {
                    asked: skipped + row,
                });
            }
            From::Wanted => {
                column = column.saturating_sub(1);
                steps.push(Step::Missing {
                    wanted: skipped + column,
                    before: skipped + row,
                });
            }
        }
    }
    steps.reverse();
    steps
}

#[derive(Clone, Copy)]
struct Cell {
    cost: f64,
    from: From,
}

#[derive(Clone, Copy)]
enum From {
    Both(bool),
    Asked,
    Wanted,
}

/// Drops what both begin and end with: it costs nothing, and most statements differ in little.
fn without_ends<'s, 'p, 'q>(
    asked: &'s [Part<'p>],
    wanted: &'s [Part<'q>],
) -> (usize, &'s [Part<'p>], &'s [Part<'q>]) {
    let is_same = |(asked, wanted): &(&Part<'_>, &Part<'_>)| is_same(asked, wanted);
    let begin = asked.iter().zip(wanted).take_while(is_same).count();
    let (asked, wanted) = (
        asked.get(begin..).unwrap_or_default(),
        wanted.get(begin..).unwrap_or_default(),
    );
    let end = asked
        .iter()
        .rev()
        .zip(wanted.iter().rev())
        .take_while(is_same)
        .count();
    // The table grows with the product of both lengths, so the middle is bounded.
    let middle = |len: usize| (len - end).min(MOST_COMPARED);
    let (asked, wanted) = (
        asked.get(..middle(asked.len())),
        wanted.get(..middle(wanted.len())),
    );
    (begin, asked.unwrap_or_default(), wanted.unwrap_or_default())
}

/// The lowest cost for each pair of parts, row by row.
fn table(asked: &[Part<'_>], wanted: &[Part<'_>]) -> Vec<Cell> {
    let width = wanted.len() + 1;
    let mut cells: Vec<Cell> = Vec::with_capacity(width * (asked.len() + 1));
    for row in 0..=asked.len() {
        for column in 0..=wanted.len() {
            // A cell is the cost to make one part list of the other up to here: from the left, from above, or
            // from both by a change.
            let at = cells.len();
            let cost_at = |back: usize| {
                at.checked_sub(back)
                    .and_then(|at| cells.get(at))
                    .map_or(0.0, |cell| cell.cost)
            };
            let above = (row > 0).then(|| Cell {
                cost: cost_at(width) + 1.0,
                from: From::Asked,
            });
            let left = (column > 0).then(|| Cell {
                cost: cost_at(1) + 1.0,
                from: From::Wanted,
            });
            let pair = row.checked_sub(1).and_then(|row| asked.get(row));
            let pair = pair.zip(column.checked_sub(1).and_then(|column| wanted.get(column)));
            let both = pair.map(|(asked, wanted)| {
                let change = change(asked, wanted);
                Cell {
                    cost: cost_at(width + 1) + change,
                    from: From::Both(change == 0.0),
                }
            });
            let start = Cell {
                cost: 0.0,
                from: From::Asked,
            };
            let ways = [both, above, left].into_iter().flatten();
            cells.push(
                ways.min_by(|a, b| a.cost.total_cmp(&b.cost))
                    .unwrap_or(start),
            );
        }
    }
    cells
}

/// Whether one part matches the other.
fn is_same(asked: &Part<'_>, wanted: &Part<'_>) -> bool {
    match (asked, wanted) {
        (Part::Word(asked), Part::Word(wanted)) => asked == wanted,
        (Part::Value { value: asked, .. }, Part::Value { value: wanted, .. }) => {
            wanted.is_same(asked)
        }
        (Part::Word(_), _) | (_, Part::Word(_)) => false,
        _ => change(asked, wanted) == 0.0,
    }
}

/// The cost of having one part in place of another: 0 if it matches, up to 1.5.
fn change(asked: &Part<'_>, wanted: &Part<'_>) -> f64 {
    match (asked, wanted) {
        (Part::Word(asked), Part::Word(wanted)) if asked == wanted => 0.0,
        (Part::Word(asked), Part::Word(wanted)) if asked.eq_ignore_ascii_case(wanted) => 0.05,
        // `tests/mutants` measures these weights: for at least 95 % of statements with one mistake, the expectation
        // that they were made of has to be the closest.
        (Part::Word(asked), Part::Word(wanted)) => 0.2 + 1.3 * unlikeness(asked, wanted),
        (Part::Value { value: asked, .. }, Part::Value { value: wanted, .. }) => {
            if wanted.is_same(asked) {
                return 0.0;
            }
            0.3 + 0.4 * unlikeness(&asked.to_string(), &wanted.to_string())
        }
        (Part::Value { value, .. }, Part::Any(matcher)) => {
            let is_met = matcher.is_none_or(|matcher| matcher.matches(value));
            if is_met { 0.0 } else { 0.5 }
        }
        (Part::Any(_), Part::Any(_) | Part::Value { .. }) => 0.0,
        _ => 1.2,
    }
}

/// How unlike two texts are: 0 for the same, 1 for nothing in common.
fn unlikeness(one: &str, other: &str) -> f64 {
    let is_long = |text: &str| text.len() > LONGEST_COMPARED;
    if is_long(one) || is_long(other) {
        return 1.0;
    }
    let longer = one.len().max(other.len()).max(1);
    let [changes, longer] =
        [strsim::osa_distance(one, other), longer].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    f64::from(changes) / f64::from(longer)
}

/// Longer parts are alike only if they are the same.
const LONGEST_COMPARED: usize = 64;

/// How many parts are compared with as many others, from the first that differs on.
const MOST_COMPARED: usize = 100;
