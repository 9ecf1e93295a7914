//! Checks a message before it is decoded, so that no memory is allocated for a bad one. Protobuf's decoder
//! leaves these checks to its users.

use prost::encoding::decode_varint;

use crate::MessageErrorKind;

/// The required fields of a message, and those of its fields that are messages.
#[derive(Debug)]
pub struct Shape {
    pub(crate) required: &'static [u32],
    pub(crate) parts: &'static [(u32, &'static Self)],
}

/// Checks a payload: it consists of valid fields, required fields are there, and nested messages
/// aren't too many or too deep.
pub(crate) fn check(payload: &[u8], shape: &Shape) -> Result<(), MessageErrorKind> {
    let mut parts = 0;
    let mut walk = Walk {
        whole: payload.len(),
        parts: &mut parts,
    };
    walk.message(payload, 0, shape, 0)
}

/// Walks over a message and its nested messages, and counts their strings and messages.
struct Walk<'a> {
    whole: usize,
    parts: &'a mut usize,
}

impl Walk<'_> {
    /// `after` is the number of bytes in the payload after `message`.
    fn message(
        &mut self,
        message: &[u8],
        after: usize,
        shape: &Shape,
        depth: usize,
    ) -> Result<(), MessageErrorKind> {
        if depth > MAX_DEPTH {
            return Err(MessageErrorKind::TooDeep { limit: MAX_DEPTH });
        }
        let mut rest = message;
        // One bit per entry of `shape.required`: no message has more than a few.
        let mut seen = 0_u32;
        while !rest.is_empty() {
            // The offset is counted from the start of the whole payload, at any depth.
            let at = self.whole - after - rest.len();
            let malformed = || MessageErrorKind::Malformed { offset: at };
            let tag = decode_varint(&mut rest).map_err(|_| malformed())?;
            let number = u32::try_from(tag >> 3).map_err(|_| malformed())?;
            if let Some(index) = shape.required.iter().position(|field| *field == number) {
                seen |= 1 << index;
            }
            match tag & 7 {
                VARINT => drop(decode_varint(&mut rest).map_err(|_| malformed())?),
                FIXED64 => rest = rest.get(8..).ok_or_else(malformed)?,
                FIXED32 => rest = rest.get(4..).ok_or_else(malformed)?,
                LENGTH_DELIMITED => {
                    let len = decode_varint(&mut rest).map_err(|_| malformed())?;
                    let len = usize::try_from(len).map_err(|_| malformed())?;
                    let (value, behind) = rest.split_at_checked(len).ok_or_else(malformed)?;
                    rest = behind;
                    // Strings count, too: in memory each takes much more than its two bytes here.
                    *self.parts += 1;
                    if *self.parts > MAX_PARTS {
                        return Err(MessageErrorKind::TooMany { limit: MAX_PARTS });
                    }
                    if let Some((_, part)) = shape.parts.iter().find(|part| part.0 == number) {
                        self.message(value, after + behind.len(), part, depth + 1)?;
                    }
                }
                // Groups, which protobuf has given up, and invalid wire types.
                _ => return Err(malformed()),
            }
        }
        for (index, number) in shape.required.iter().enumerate() {
            if seen & (1 << index) == 0 {
                return Err(MessageErrorKind::Missing {
                    number: *number,
                    offset: self.whole - after,
                });
            }
        }
        Ok(())
    }
}

/// The wire type of the value after a tag.
pub(crate) const VARINT: u64 = 0;
pub(crate) const FIXED64: u64 = 1;
pub(crate) const LENGTH_DELIMITED: u64 = 2;
pub(crate) const FIXED32: u64 = 5;

/// How deep messages may be nested: as deep as MySQL's own server reads them.
pub(crate) const MAX_DEPTH: usize = 100;

/// How many nested messages and strings a payload may have, all counted together, at whatever depth.
/// Two bytes of a payload can make a nested message of about a hundred bytes in memory.
const MAX_PARTS: usize = 1_000_000;

/// The shapes of all messages and their parts.
pub(crate) mod shapes {
    use super::Shape;

    const fn shape(required: &'static [u32], parts: &'static [(u32, &'static Shape)]) -> Shape {
        Shape { required, parts }
    }

    pub(crate) static EMPTY: Shape = shape(&[], &[]);
    pub(crate) static FIRST_REQUIRED: Shape = shape(&[1], &[]);

    static SCALAR: Shape = shape(&[1], &[(5, &FIRST_REQUIRED), (9, &FIRST_REQUIRED)]);
    static ANY: Shape = shape(&[1], &[(2, &SCALAR), (3, &OBJECT), (4, &ARRAY)]);
    static OBJECT: Shape = shape(&[], &[(1, &OBJECT_FIELD)]);
    static OBJECT_FIELD: Shape = shape(&[1, 2], &[(2, &ANY)]);
    static ARRAY: Shape = shape(&[], &[(1, &ANY)]);

    static CAPABILITY: Shape = shape(&[1, 2], &[(2, &ANY)]);
    pub(crate) static CAPABILITIES: Shape = shape(&[], &[(1, &CAPABILITY)]);
    pub(crate) static CAPABILITIES_SET: Shape = shape(&[1], &[(1, &CAPABILITIES)]);
    pub(crate) static COMPRESSION: Shape = shape(&[4], &[]);

    pub(crate) static STMT_EXECUTE: Shape = shape(&[1], &[(2, &ANY)]);

    static CONDITION: Shape = shape(&[1], &[]);
    pub(crate) static EXPECT_OPEN: Shape = shape(&[], &[(2, &CONDITION)]);

    static EXPR: Shape = shape(
        &[1],
        &[
            (2, &COLUMN_IDENTIFIER),
            (4, &SCALAR),
            (5, &FUNCTION_CALL),
            (6, &OPERATOR),
            (8, &EXPR_OBJECT),
            (9, &EXPR_ARRAY),
        ],
    );
    static DOCUMENT_PATH_ITEM: Shape = shape(&[1], &[]);
    static COLUMN_IDENTIFIER: Shape = shape(&[], &[(1, &DOCUMENT_PATH_ITEM)]);
    static FUNCTION_CALL: Shape = shape(&[1], &[(1, &FIRST_REQUIRED), (2, &EXPR)]);
    static OPERATOR: Shape = shape(&[1], &[(2, &EXPR)]);
    static EXPR_OBJECT: Shape = shape(&[], &[(1, &EXPR_OBJECT_FIELD)]);
    static EXPR_OBJECT_FIELD: Shape = shape(&[1, 2], &[(2, &EXPR)]);
    static EXPR_ARRAY: Shape = shape(&[], &[(1, &EXPR)]);

    static COLUMN: Shape = shape(&[], &[(3, &DOCUMENT_PATH_ITEM)]);
    static PROJECTION: Shape = shape(&[1], &[(1, &EXPR)]);
    static LIMIT_EXPR: Shape = shape(&[1], &[(1, &EXPR), (2, &EXPR)]);
    static ORDER: Shape = shape(&[1], &[(1, &EXPR)]);
    static UPDATE_OPERATION: Shape = shape(&[1, 2], &[(1, &COLUMN_IDENTIFIER), (3, &EXPR)]);
    static TYPED_ROW: Shape = shape(&[], &[(1, &EXPR)]);
    static COLLECTION: Shape = shape(&[1], &[]);
    static LIMIT: Shape = shape(&[1], &[]);

    pub(crate) static FIND: Shape = shape(
        &[2],
        &[
            (2, &COLLECTION),
            (4, &PROJECTION),
            (5, &EXPR),
            (6, &LIMIT),
            (7, &ORDER),
            (8, &EXPR),
            (9, &EXPR),
            (11, &SCALAR),
            (14, &LIMIT_EXPR),
        ],
    );
    pub(crate) static INSERT: Shape = shape(
        &[1],
        &[
            (1, &COLLECTION),
            (3, &COLUMN),
            (4, &TYPED_ROW),
            (5, &SCALAR),
        ],
    );
    pub(crate) static UPDATE: Shape = shape(
        &[2],
        &[
            (2, &COLLECTION),
            (4, &EXPR),
            (5, &LIMIT),
            (6, &ORDER),
            (7, &UPDATE_OPERATION),
            (8, &SCALAR),
            (9, &LIMIT_EXPR),
        ],
    );
    pub(crate) static DELETE: Shape = shape(
        &[1],
        &[
            (1, &COLLECTION),
            (3, &EXPR),
            (4, &LIMIT),
            (5, &ORDER),
            (6, &SCALAR),
            (7, &LIMIT_EXPR),
        ],
    );
    pub(crate) static CREATE_VIEW: Shape = shape(&[1, 7], &[(1, &COLLECTION), (7, &FIND)]);
    pub(crate) static MODIFY_VIEW: Shape = shape(&[1], &[(1, &COLLECTION), (7, &FIND)]);
    pub(crate) static DROP_VIEW: Shape = shape(&[1], &[(1, &COLLECTION)]);

    static PREPARED: Shape = shape(
        &[1],
        &[
            (2, &FIND),
            (3, &INSERT),
            (4, &UPDATE),
            (5, &DELETE),
            (6, &STMT_EXECUTE),
        ],
    );
    pub(crate) static PREPARE: Shape = shape(&[1, 2], &[(2, &PREPARED)]);
    pub(crate) static EXECUTE: Shape = shape(&[1], &[(2, &ANY)]);
    static OPENED: Shape = shape(&[1], &[(2, &EXECUTE)]);
    pub(crate) static CURSOR_OPEN: Shape = shape(&[1, 4], &[(4, &OPENED)]);

    pub(crate) static ERROR: Shape = shape(&[2, 3, 4], &[]);
    pub(crate) static WARNING: Shape = shape(&[2, 3], &[]);
    pub(crate) static SESSION_VARIABLE_CHANGED: Shape = shape(&[1], &[(2, &SCALAR)]);
    pub(crate) static SESSION_STATE_CHANGED: Shape = shape(&[1], &[(2, &SCALAR)]);
}
