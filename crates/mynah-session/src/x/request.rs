//! The beginnings of an [`XRequest`], from the parts of messages.

use mynah_x::crud::{Collection, DataModel, UpdateType};

use crate::XRequest;

impl XRequest {
    /// The arguments of a command, as a JSON object.
    pub(super) fn command(arguments: String) -> Self {
        Self {
            arguments: Some(arguments),
            ..Self::default()
        }
    }

    pub(super) fn about(collection: &Collection, data_model: Option<i32>) -> Self {
        Self {
            schema: collection.schema.clone().filter(|name| !name.is_empty()),
            collection: Some(collection.name.clone()),
            is_table: data_model == Some(DataModel::Table.into()),
            ..Self::default()
        }
    }
}

/// The name of an update's operation, as scripts see it; `None` if it isn't known here.
pub(super) const fn operation(update: UpdateType) -> Option<&'static str> {
    Some(match update {
        UpdateType::Set => "set",
        UpdateType::ItemRemove => "item_remove",
        UpdateType::ItemSet => "item_set",
        UpdateType::ItemReplace => "item_replace",
        UpdateType::ItemMerge => "item_merge",
        UpdateType::ArrayInsert => "array_insert",
        UpdateType::ArrayAppend => "array_append",
        UpdateType::MergePatch => "merge_patch",
        _ => return None,
    })
}
