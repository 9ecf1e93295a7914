use std::str::FromStr;

/// Which statements get built-in answers where a script has no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreludeKind {
    /// No statement gets a built-in answer.
    None,
    /// Statements that are about the session, such as those that drivers send on connect: `SET NAMES`,
    /// `SELECT @@version`, `USE`, `START TRANSACTION`, `COMMIT`, `KILL` and the like.
    #[default]
    Default,
    /// The statements of [`Default`](Self::Default), and those by which tools list schemas and tables. Only the
    /// schemas and tables of the system exist.
    Tools,
}

/// The error for a text that isn't the name of a [`PreludeKind`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no prelude is called {name:?}")]
pub struct UnknownPrelude {
    /// The text that isn't the name of a [`PreludeKind`].
    pub name: String,
}

impl FromStr for PreludeKind {
    type Err = UnknownPrelude;

    /// Of `none`, `default` or `tools`.
    fn from_str(name: &str) -> Result<Self, UnknownPrelude> {
        match name {
            "none" => Ok(Self::None),
            "default" => Ok(Self::Default),
            "tools" => Ok(Self::Tools),
            _ => Err(UnknownPrelude {
                name: name.to_owned(),
            }),
        }
    }
}
