use mynah_classic::resultset::{ColumnDefinition41, ColumnNames, NameParts};
use mynah_classic::tables::{Collation, Product};
use mynah_session::sql::{Secrets, is_password_name};

use super::Rules;

/// A column of a result.
#[derive(Clone, Debug)]
pub(in crate::trace) struct Column {
    pub(in crate::trace) definition: ColumnDefinition41,
    /// Whether its cells are hidden.
    pub(in crate::trace) hides: bool,
    /// What its texts are in.
    pub(in crate::trace) character_set: Option<&'static str>,
}

impl Column {
    /// The definition, with stars in the place of a name that is hidden.
    pub(in crate::trace) fn shown(&self, is_secret: bool, rules: Rules<'_>) -> ColumnDefinition41 {
        let mut shown = self.definition.clone();
        if names_of(&self.definition).hides_name(is_secret, rules) {
            let stars = vec![b'*'; self.definition.names.name().len()];
            let names = NameParts {
                name: &stars,
                ..self.definition.names.parts()
            };
            shown.names = ColumnNames::new(&names);
        }
        shown
    }
}

/// What a column is called.
pub(in crate::trace) struct Names<'a> {
    pub(in crate::trace) name: &'a [u8],
    /// Empty where it is an expression.
    pub(in crate::trace) org_name: &'a [u8],
    pub(in crate::trace) schema: &'a [u8],
    pub(in crate::trace) org_table: &'a [u8],
}

impl Names<'_> {
    /// Whether the name must not be shown: that of an expression of a statement about a password is
    /// its text.
    pub(in crate::trace) fn hides_name(&self, is_secret: bool, rules: Rules<'_>) -> bool {
        rules.hides
            // The name of a computed column is its expression, literals included. It has no original name.
            && ((is_secret && self.org_name.is_empty())
                || Secrets::are_in(self.name)
                || rules.match_text(self.name))
    }

    /// Whether the cells must not be.
    pub(in crate::trace) fn hides_cells(&self, is_secret: bool, rules: Rules<'_>) -> bool {
        rules.hides
            && ((is_secret && self.org_name.is_empty())
                || [self.name, self.org_name]
                    .iter()
                    .any(|name| is_password_name(name) || rules.match_text(name))
                || self.is_of_accounts())
    }

    /// Whether this is a column of a table in the schema `mysql` that has passwords inside a longer text.
    fn is_of_accounts(&self) -> bool {
        let is = |name: &[u8], other: &[u8]| name.eq_ignore_ascii_case(other);
        is(self.schema, b"mysql")
            && [
                (&b"user"[..], &b"user_attributes"[..]),
                (b"global_priv", b"priv"),
            ]
            .iter()
            .any(|(table, column)| is(self.org_table, table) && is(self.org_name, column))
    }
}

pub(in crate::trace) fn column_of(
    definition: ColumnDefinition41,
    is_secret: bool,
    rules: Rules<'_>,
    product: Product,
) -> Column {
    let collation = Collation::by_id(product, definition.character_set);
    Column {
        hides: names_of(&definition).hides_cells(is_secret, rules),
        character_set: collation.map(|collation| collation.character_set),
        definition,
    }
}

pub(super) fn names_of(definition: &ColumnDefinition41) -> Names<'_> {
    let names = &definition.names;
    Names {
        name: names.name(),
        org_name: names.org_name(),
        schema: names.schema(),
        org_table: names.org_table(),
    }
}
