use super::parse::{Name, TemplateError};
use crate::value::Value;

/// The values that templates in answers can name.
#[derive(Clone, Debug)]
pub struct TemplateValues<'a> {
    params: &'a [Value],
    statement: &'a str,
    now: &'a str,
    seed: u128,
    counter: u64,
}

impl<'a> TemplateValues<'a> {
    /// Values for one answer: the statement's values (those that `{{params.0}}` and so on stand for) and text, the
    /// time in SQL's form, a random number for UUIDs, and how often the expectation has matched, including this time.
    #[must_use]
    pub const fn new(
        params: &'a [Value],
        statement: &'a str,
        now: &'a str,
        seed: u128,
        counter: u64,
    ) -> Self {
        Self {
            params,
            statement,
            now,
            seed,
            counter,
        }
    }

    pub(super) fn value(&mut self, name: Name) -> Result<Value, TemplateError> {
        Ok(match name {
            Name::Param(index) => {
                let missing = TemplateError::NoParam {
                    index,
                    params: self.params.len(),
                };
                self.params.get(index).cloned().ok_or(missing)?
            }
            Name::Statement => Value::from(self.statement),
            Name::Now => Value::from(self.now),
            Name::Uuid => Value::Text(self.uuid()),
            Name::Counter => Value::from(self.counter),
        })
    }

    /// A UUID of version 4.
    fn uuid(&mut self) -> String {
        // One seed gives as many UUIDs as an answer needs: with an odd step, the counter visits all numbers before it repeats one.
        self.seed = self.seed.wrapping_add(STEP);
        let mut bits = self.seed;
        for shift in [67, 59, 71] {
            bits = (bits ^ (bits >> shift)).wrapping_mul(STEP);
        }
        bits ^= bits >> 64;
        let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
        let hex = format!("{bits:032x}");
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        [
            part(0, 8),
            part(8, 12),
            part(12, 16),
            part(16, 20),
            part(20, 32),
        ]
        .join("-")
    }
}

/// From the generator PCG.
const STEP: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;
