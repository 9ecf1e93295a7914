use mynah_classic::ColumnType;

use super::super::shape::Shape;

/// The column that a value of any of these may be in.
pub(in super::super) fn merged(shapes: &[Shape]) -> Shape {
    let is_known = |shape: &&Shape| shape.column_type != ColumnType::NULL;
    let known: Vec<_> = shapes.iter().filter(is_known).copied().collect();
    let Some(widest) = known.iter().max_by_key(|shape| shape.length).copied() else {
        return Shape::NULL;
    };
    let shape = if let Some(text) = known.iter().find(|shape| shape.is_text()) {
        let widths = known.iter().map(|shape| shape.characters());
        Shape {
            length: widths.max().unwrap_or(0),
            ..*text
        }
    } else if known.iter().all(|shape| shape.is_integer()) {
        let digits = known.iter().map(|shape| shape.digits).max().unwrap_or(0);
        Shape {
            flags: widest.flags,
            ..Shape::integer(digits)
        }
    } else {
        widest
    };
    shape.null_as(shapes)
}
