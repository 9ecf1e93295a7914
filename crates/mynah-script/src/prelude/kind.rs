use std::str::FromStr;

/// What is answered where a script says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreludeKind {
    /// Nothing.
    None,
    /// What drivers ask when they connect.
    #[default]
    Default,
    /// Also what tools ask that list schemas and tables, of which there are none.
    Tools,
}

/// A name that no [`PreludeKind`] has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no prelude is called {name:?}")]
pub struct UnknownPrelude {
    /// The name.
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
