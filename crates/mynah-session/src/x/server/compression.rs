//! The compression that a client asks for.

use mynah_x::compress::{Algorithm, CompressError, Compressor, Decompressor};
use mynah_x::datatypes::{Any, AnyValue, ScalarValue};
use mynah_x::plugin_error;

use super::failures::refused_capability;
use crate::Failure;

/// What a client has set with the capability `compression`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) algorithm: Algorithm,
    level: i32,
    /// Whether messages of several types may be in one.
    pub(super) combine_mixed: bool,
    /// How many messages may be in one.
    pub(super) max_combine: usize,
}

impl Wanted {
    pub(super) fn read(value: &Any) -> Result<Self, Failure> {
        let refused = || refused_capability(NAME);
        let Some(AnyValue::Object(options)) = value.value() else {
            return Err(refused());
        };
        let (mut algorithm, mut level) = (None, None);
        let (mut combine_mixed, mut max_combine) = (true, usize::MAX);
        for option in &options.fld {
            let value = option.value.scalar_value().ok_or_else(refused)?;
            match option.key.to_ascii_lowercase().as_str() {
                "algorithm" => {
                    let ScalarValue::String(name) = value else {
                        return Err(refused());
                    };
                    let known = Algorithm::from_name(&name.value);
                    let built = known.filter(|algorithm| algorithm.is_built());
                    algorithm = Some(built.ok_or_else(|| {
                        Failure::general(
                            plugin_error::ER_X_CAPABILITY_COMPRESSION_INVALID_ALGORITHM,
                            "Invalid or unsupported value for 'compression.algorithm'",
                        )
                    })?);
                }
                "server_combine_mixed_messages" => {
                    combine_mixed = value.integer().ok_or_else(refused)? != 0;
                }
                "server_max_combine_messages" => {
                    let most = value.integer().ok_or_else(refused)?;
                    // Zero and less are no limit.
                    max_combine = usize::try_from(most)
                        .ok()
                        .filter(|most| *most > 0)
                        .unwrap_or(usize::MAX);
                }
                "level" => level = Some(value.integer().ok_or_else(refused)?),
                _ => {
                    return Err(Failure::general(
                        plugin_error::ER_X_CAPABILITY_COMPRESSION_INVALID_OPTION,
                        format!("Invalid or unsupported option 'compression.{}'", option.key),
                    ));
                }
            }
        }
        let algorithm = algorithm.ok_or_else(|| {
            Failure::general(
                plugin_error::ER_X_CAPABILITY_COMPRESSION_MISSING_REQUIRED_FIELDS,
                "The algorithm is required for 'compression'",
            )
        })?;
        let (levels, default) = algorithm.levels();
        let level = level.map_or(default, |level| {
            let level = i32::try_from(level).unwrap_or(if level < 0 { i32::MIN } else { i32::MAX });
            level.clamp(*levels.start(), *levels.end())
        });
        Ok(Self {
            algorithm,
            level,
            combine_mixed,
            max_combine,
        })
    }

    pub(super) fn compressor(self) -> Result<Compressor, CompressError> {
        Compressor::new(self.algorithm, self.level)
    }

    pub(super) fn decompressor(self) -> Option<Decompressor> {
        Decompressor::new(self.algorithm).ok()
    }
}

pub(super) const NAME: &str = "compression";
