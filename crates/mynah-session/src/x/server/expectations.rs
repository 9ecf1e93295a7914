//! Expectations (`Mysqlx.Expect`): blocks of messages that fail as soon as a condition doesn't hold.

use mynah_x::expect::{Condition, ConditionKey, ConditionOperation, CtxOperation, Open};
use mynah_x::plugin_error;

use crate::Failure;

/// The blocks that a client has opened, the last one inside the others.
#[derive(Debug, Default)]
pub(super) struct Expectations(Vec<Block>);

#[derive(Clone, Debug, Default)]
struct Block {
    no_error: bool,
    failed: Option<Failure>,
}

impl Expectations {
    /// Why the next message isn't carried out, if it isn't.
    pub(super) fn failed(&self) -> Option<&Failure> {
        self.0.last()?.failed.as_ref()
    }

    /// Notes that a message has failed.
    pub(super) fn fail(&mut self) {
        // Only `no_error` depends on what the messages of a block come to; the other conditions are checked
        // when it is opened.
        if let Some(block) = self.0.last_mut()
            && block.no_error
            && block.failed.is_none()
        {
            block.failed = Some(Failure::general(
                plugin_error::ER_X_EXPECT_NO_ERROR_FAILED,
                "Expectation failed: no_error",
            ));
        }
    }

    /// Opens a block. One whose condition doesn't hold is open, too.
    pub(super) fn open(&mut self, open: &Open) -> Result<(), Failure> {
        if self.0.len() >= MAX_BLOCKS {
            return Err(Failure::general(
                plugin_error::ER_X_EXPECT_BAD_CONDITION,
                "Too many expectation blocks",
            ));
        }
        // A block inside another has its conditions, unless it asks for none.
        let copies = open.op != Some(CtxOperation::ExpectCtxEmpty.into());
        let mut block = match self.0.last() {
            Some(outer) if copies => outer.clone(),
            _ => Block::default(),
        };
        let mut failed = None;
        for condition in &open.cond {
            match block.set(condition)? {
                Ok(()) => {}
                Err(failure) => {
                    block.failed = Some(failure.clone());
                    failed = Some(failure);
                    break;
                }
            }
        }
        // A block inside one that has failed has failed as well.
        let inherited = block.failed.clone();
        self.0.push(block);
        failed.or(inherited).map_or(Ok(()), Err)
    }

    /// Closes the block that was opened last; says why, if a condition didn't hold.
    pub(super) fn close(&mut self) -> Result<(), Failure> {
        match self.0.pop() {
            None => Err(Failure::general(
                plugin_error::ER_X_EXPECT_NOT_OPEN,
                "Expect block currently not open",
            )),
            Some(Block { failed: None, .. }) => Ok(()),
            Some(Block {
                failed: Some(failure),
                ..
            }) => {
                // The failure of a block is an error in the block around it.
                self.fail();
                Err(failure)
            }
        }
    }
}

impl Block {
    /// Sets a condition. The inner result says whether it holds; the outer error, that it isn't valid.
    fn set(&mut self, condition: &Condition) -> Result<Result<(), Failure>, Failure> {
        let value = condition.condition_value.as_deref();
        let shown = String::from_utf8_lossy(value.unwrap_or_default());
        let sets = condition.op != Some(ConditionOperation::ExpectOpUnset.into());
        let key = i32::try_from(condition.condition_key).ok();
        let key = key.and_then(|key| ConditionKey::try_from(key).ok());
        match key {
            Some(ConditionKey::ExpectNoError) => {
                self.no_error = match value {
                    None | Some(b"" | b"1") => sets,
                    Some(b"0") => !sets,
                    Some(_) => {
                        let message = format!("Invalid value '{shown}' for expectation no_error");
                        return Err(Failure::general(
                            plugin_error::ER_X_EXPECT_BAD_CONDITION_VALUE,
                            message,
                        ));
                    }
                };
                Ok(Ok(()))
            }
            // The server generates ids for documents, so the condition always holds.
            Some(ConditionKey::ExpectDocidGenerated) => Ok(Ok(())),
            Some(ConditionKey::ExpectFieldExist) if !sets || exists(&shown) => Ok(Ok(())),
            Some(ConditionKey::ExpectFieldExist) => {
                let message = format!("Expectation failed: field_exists = '{shown}'");
                Ok(Err(Failure::general(
                    plugin_error::ER_X_EXPECT_FIELD_EXISTS_FAILED,
                    message,
                )))
            }
            _ => Err(Failure::general(
                plugin_error::ER_X_EXPECT_BAD_CONDITION,
                format!("Unknown condition key: {}", condition.condition_key),
            )),
        }
    }
}

/// Whether a message (`40`) or a field of one (`6.1`) exists in the protocol.
fn exists(path: &str) -> bool {
    let mut numbers = path.split('.').map(str::parse::<u32>);
    // The path is the number of a message and, behind a dot, of a field in it.
    let Some(Ok(message)) = numbers.next() else {
        return false;
    };
    let fields = FIELDS.iter().find(|(number, _)| *number == message);
    match (fields, numbers.next(), numbers.next()) {
        (Some(_), None, _) => true,
        (Some((_, fields)), Some(Ok(field)), None) => fields.contains(&field),
        // What is in a field that is a message again.
        (Some((_, fields)), Some(Ok(field)), Some(Ok(_))) => fields.contains(&field),
        _ => false,
    }
}

/// The messages of clients, with the fields that each has.
const FIELDS: [(u32, &[u32]); 24] = [
    (1, &[]),
    (2, &[1]),
    (3, &[]),
    (4, &[1, 2, 3]),
    (5, &[1]),
    (6, &[1]),
    (7, &[]),
    (12, &[1, 2, 3, 4]),
    (17, &[2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14]),
    (18, &[1, 2, 3, 4, 5, 6]),
    (19, &[2, 3, 4, 5, 6, 7, 8, 9]),
    (20, &[1, 2, 3, 4, 5, 6, 7]),
    (24, &[1, 2]),
    (25, &[]),
    (30, &[1, 2, 3, 4, 5, 6, 7, 8]),
    (31, &[1, 2, 3, 4, 5, 6, 7]),
    (32, &[1, 2]),
    (40, &[1, 2]),
    (41, &[1, 2, 3]),
    (42, &[1]),
    (43, &[1, 4, 5]),
    (44, &[1]),
    (45, &[1, 5]),
    (46, &[1, 2, 3, 4]),
];

/// How deep blocks may be inside each other.
const MAX_BLOCKS: usize = 100;
