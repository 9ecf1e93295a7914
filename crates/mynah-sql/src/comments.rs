/// Which version comments (`/*! … */`, `/*M! … */`) count as part of the statement, as on servers that run
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// The version comments that a server of this version runs: those without a version, and those whose version
    /// isn't later. MySQL runs none with an `M`, MariaDB none without it of a version
    /// from 50700 to 99999.
    OfServer {
        /// The server's version as a number, as version comments have it: 90704 is 9.7.4, 110809 is 11.8.9.
        version: u32,
        /// Whether the server is MariaDB, which has version comments of its own (`/*M! … */`).
        is_mariadb: bool,
    },
    /// All version comments, whatever their version.
    All,
    /// No version comment: each counts as a comment, whatever is in it.
    None,
}

impl Default for Comments {
    /// The version comments that MySQL runs, whatever version they name.
    fn default() -> Self {
        Self::OfServer {
            version: 999_999,
            is_mariadb: false,
        }
    }
}

impl Comments {
    /// The ways in which servers of the versions that a statement's version comments name parse the statement: two
    /// values for each version, one for MySQL and one for MariaDB. Only the first eight different versions count. Marks
    /// of version comments inside of quotes and other comments count, too. Empty if no version is named.
    #[must_use]
    pub fn by_versions_in(sql: &[u8]) -> Vec<Self> {
        let mut versions = Vec::new();
        for (at, _) in sql
            .windows(3)
            .enumerate()
            .filter(|(_, w)| w.starts_with(b"/*"))
        {
            let rest = sql.get(at..).unwrap_or_default();
            if let Some((_, _, Some(version))) = version_of(rest)
                && !versions.contains(&version)
                && versions.len() < MOST_VERSIONS
            {
                versions.push(version);
            }
        }
        let of = |version| {
            [false, true].map(|is_mariadb| Self::OfServer {
                version,
                is_mariadb,
            })
        };
        versions.into_iter().flat_map(of).collect()
    }

    /// Whether the comment that begins with these bytes is run, and how long its mark is.
    pub(crate) fn mark(self, text: &[u8]) -> Mark {
        let Some((len, is_mariadbs, version)) = version_of(text) else {
            return Mark::Plain;
        };
        let runs = match self {
            Self::All => true,
            Self::None => false,
            Self::OfServer {
                is_mariadb: false, ..
            } if is_mariadbs => return Mark::Plain,
            Self::OfServer {
                version: own,
                is_mariadb,
            } => version.is_none_or(|version| {
                // Versions of MySQL that MariaDB never had.
                let foreign = is_mariadb && !is_mariadbs && (50_700..=99_999).contains(&version);
                version <= own && !foreign
            }),
        };
        if runs { Mark::Run(len) } else { Mark::NotRun }
    }
}

/// How long the mark of a comment is that may be run, whether MariaDB alone runs it, and from which
/// version on.
fn version_of(text: &[u8]) -> Option<(usize, bool, Option<u32>)> {
    let (len, is_mariadbs) = match text {
        [b'/', b'*', b'!', ..] => (3, false),
        [b'/', b'*', b'M', b'!', ..] => (4, true),
        _ => return None,
    };
    let rest = text.get(len..).unwrap_or_default();
    let digits = rest.iter().take(6).take_while(|byte| byte.is_ascii_digit());
    let version = match digits.clone().count() {
        0..5 => None,
        _ => Some(
            digits
                .clone()
                .fold(0, |v, digit| v * 10 + u32::from(digit - b'0')),
        ),
    };
    let len = len + version.map_or(0, |_| digits.count());
    Some((len, is_mariadbs, version))
}

/// How many versions are distinguished.
const MOST_VERSIONS: usize = 8;

/// What begins at `/*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A comment.
    Plain,
    /// A comment that would be run elsewhere; there may be comments in it.
    NotRun,
    /// Text that is run, behind a mark of this length.
    Run(usize),
}
