//! The positions of a script's values in its text.

mod json;
mod position;

use std::path::Path;
use std::sync::Arc;

pub(crate) use json::json;
pub(crate) use position::Lines;
pub use position::TextPosition;

/// A value of a text: its position, and what it contains as far as the text itself says so. A value that is
/// made at run time contains nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) position: TextPosition,
    pub(crate) content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Object(Vec<Member>),
    /// An array, up to the first element after which indexes aren't known (a spread); `None` is a hole.
    Array(Vec<Option<Outline>>),
    Other,
}

/// A key of an object, and its value. Of equal keys the last one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) position: TextPosition,
    pub(crate) value: Outline,
}

/// What [`Outline::find`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The position of the value, or of the innermost value around it that is known.
    pub(crate) value: TextPosition,
    /// The position of the value's key, if it has one and it is known; else as above.
    pub(crate) key: TextPosition,
}

impl Outline {
    pub(crate) fn other(position: TextPosition) -> Self {
        Self {
            position,
            content: Content::Other,
        }
    }

    /// The same, no more than so many levels deep.
    pub(crate) fn to_levels(&self, levels: usize) -> Self {
        let content = match (&self.content, levels.checked_sub(1)) {
            (Content::Object(members), Some(levels)) => {
                let members = members.iter().map(|member| Member {
                    key: member.key.clone(),
                    position: member.position,
                    value: member.value.to_levels(levels),
                });
                Content::Object(members.collect())
            }
            (Content::Array(elements), Some(levels)) => {
                let elements = elements.iter();
                let elements = elements.map(|element| Some(element.as_ref()?.to_levels(levels)));
                Content::Array(elements.collect())
            }
            _ => Content::Other,
        };
        Self {
            position: self.position,
            content,
        }
    }

    /// Finds a value by its path: `stmts[3].result.columns[0]`.
    pub(crate) fn find(&self, path: &str) -> Found {
        let (mut at, mut rest) = (self, path);
        let mut key = self.position;
        loop {
            let step = match &at.content {
                Content::Object(members) => member(members, rest)
                    .map(|(member, rest)| (&member.value, member.position, rest)),
                Content::Array(elements) => {
                    element(elements, rest).map(|(element, rest)| (element, element.position, rest))
                }
                Content::Other => None,
            };
            let Some((value, position, behind)) = step else {
                return Found {
                    value: at.position,
                    key: if rest.is_empty() { key } else { at.position },
                };
            };
            (at, key, rest) = (value, position, behind);
        }
    }
}

/// The member that a path begins with, and the rest of the path.
fn member<'o, 'p>(members: &'o [Member], path: &'p str) -> Option<(&'o Member, &'p str)> {
    let path = path.strip_prefix('.').unwrap_or(path);
    let matching = members.iter().filter_map(|member| {
        let rest = path.strip_prefix(member.key.as_str())?;
        (rest.is_empty() || rest.starts_with(['.', '['])).then_some((member, rest))
    });
    // A key may contain a dot: the longest one, and of equal ones the last.
    matching.max_by_key(|(member, _)| member.key.len())
}

fn element<'o, 'p>(
    elements: &'o [Option<Outline>],
    path: &'p str,
) -> Option<(&'o Outline, &'p str)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    let index: usize = index.parse().ok()?;
    Some((elements.get(index)?.as_ref()?, rest))
}

/// Where the entries of a script are in its file.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The file's name, without its folder.
    pub(crate) file: Arc<str>,
    /// Absent if the text can't be read.
    outline: Option<Outline>,
}

impl Places {
    pub(crate) fn new(path: &Path, outline: Option<Outline>) -> Self {
        let name = path.file_name().unwrap_or(path.as_os_str());
        Self {
            file: name.to_string_lossy().into(),
            outline,
        }
    }

    /// The position of a value, or of the innermost value around it that is known.
    pub(crate) fn find(&self, path: &str) -> Option<Found> {
        Some(self.outline.as_ref()?.find(path))
    }

    /// The position of an element of the section `expectations`.
    pub(crate) fn expectation(&self, index: usize) -> Option<TextPosition> {
        let section = self.find("expectations")?.value;
        let in_array = self.find(&format!("expectations[{index}]"))?.value;
        if in_array != section {
            return Some(in_array);
        }
        let path = format!("expectations.expectations[{index}]");
        Some(self.find(&path)?.value)
    }

    /// What messages call the value at this path: `entry 3 of stmts, shop.js line 12`.
    pub(crate) fn describe(&self, name: &str, path: &str) -> String {
        match self.find(path) {
            Some(found) => format!("{name}, {} line {}", self.file, found.value.line),
            None => format!("{name}, {}", self.file),
        }
    }
}

/// How deep an outline has to go for the entries of all sections.
pub(crate) const ENTRIES: usize = 3;
/// As deep as texts may be nested.
pub(crate) const ALL: usize = 200;
