use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::kept::{Kept, serde_of_kept};
use crate::command::{Parameter, ParameterType, ParameterTypes, Parameters};

serde_of_kept!(Parameters);

/// All that [`Parameters`] have. It is the form of parameters without types, and of those with values that can't be
/// read, or with other bytes besides.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParameters {
    count: u64,
    #[serde(with = "mynah_wire::readable::hex")]
    null_bitmap: Bytes,
    types: Option<ParameterTypes>,
    #[serde(with = "mynah_wire::readable::hex")]
    values: Bytes,
}

impl Kept for Parameters {
    type Readable = Vec<Parameter>;
    type Raw = RawParameters;

    fn readable(&self) -> Option<Self::Readable> {
        self.iter().collect::<Result<_, _>>().ok()
    }

    fn raw(&self) -> RawParameters {
        let (count, null_bitmap, types, values) = self.clone().into_parts();
        RawParameters {
            count,
            null_bitmap,
            types,
            values,
        }
    }

    fn from_readable(parameters: &Self::Readable) -> Self {
        Self::new(parameters)
    }

    fn from_raw(raw: RawParameters) -> Result<Self, String> {
        Ok(Self::from_parts(
            raw.count,
            raw.null_bitmap,
            raw.types,
            raw.values,
        ))
    }
}

impl Serialize for ParameterTypes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // Formats that aren't for people want the number of items first, which the iterator doesn't know.
        self.iter().collect::<Vec<_>>().serialize(to)
    }
}

impl<'de> Deserialize<'de> for ParameterTypes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let types = Vec::<ParameterType>::deserialize(from)?;
        Ok(Self::new(&types))
    }
}
