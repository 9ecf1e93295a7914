/// Whose turn it is in round robin.
///
/// Each member has a place in an endless row. Of those that are ready, the member with the first place is next, and moves
/// behind this place. Members that were ready all the time are therefore never more than one turn apart, whatever the
/// others do. A member that was away comes back at the place where the row is, so that it doesn't catch up on missed turns.
#[derive(Debug)]
pub(super) struct Rotation {
    places: Vec<u64>,
    /// The place of the last turn.
    floor: u64,
}

impl Rotation {
    pub(super) fn new(members: usize) -> Self {
        Self {
            places: vec![0; members],
            floor: 0,
        }
    }

    /// The position of the member whose turn it is, of those that are ready. A member that doesn't take its turn is
    /// passed over as long as another takes its own. `None` if none is ready.
    pub(super) fn next(
        &mut self,
        is_ready: impl Fn(usize) -> bool,
        mut takes_turn: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        // The members that were passed over, in the order of their turns, with their places.
        let mut passed_over: Vec<(usize, u64)> = Vec::new();
        loop {
            let waiting = self.places.iter().enumerate().filter(|(position, _)| {
                let is_passed_over = passed_over.iter().any(|(passed, _)| passed == position);
                is_ready(*position) && !is_passed_over
            });
            let next = waiting
                .map(|(position, &place)| (position, place.max(self.floor)))
                .min_by_key(|&(_, place)| place);
            match next {
                Some((position, place)) if takes_turn(position) => {
                    for (passed, place) in passed_over {
                        self.move_behind(passed, place);
                    }
                    self.move_behind(position, place);
                    self.floor = place;
                    return Some(position);
                }
                Some(passed) => passed_over.push(passed),
                None => {
                    // The others keep their turns, or the same one would always be the first.
                    let (position, place) = passed_over.first().copied()?;
                    self.move_behind(position, place);
                    self.floor = place;
                    return Some(position);
                }
            }
        }
    }

    fn move_behind(&mut self, position: usize, place: u64) {
        if let Some(kept) = self.places.get_mut(position) {
            *kept = place.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_take_turns_in_their_order() {
        let mut rotation = Rotation::new(3);
        let turns: Vec<_> = (0..6)
            .filter_map(|_| rotation.next(|_| true, |_| true))
            .collect();
        assert_eq!(turns, [0, 1, 2, 0, 1, 2]);
        assert_eq!(rotation.next(|_| false, |_| true), None);
    }

    #[test]
    fn one_that_was_away_does_not_catch_up() {
        let mut rotation = Rotation::new(2);
        for _ in 0..10 {
            assert_eq!(rotation.next(|position| position == 0, |_| true), Some(0));
        }
        let turns: Vec<_> = (0..4)
            .filter_map(|_| rotation.next(|_| true, |_| true))
            .collect();
        assert_eq!(turns, [1, 0, 1, 0]);
    }

    #[test]
    fn those_that_take_no_turn_are_used_in_turn_if_there_is_no_other() {
        let mut rotation = Rotation::new(2);
        let turns: Vec<_> = (0..4)
            .filter_map(|_| rotation.next(|_| true, |_| false))
            .collect();
        assert_eq!(turns, [0, 1, 0, 1]);
    }
}
