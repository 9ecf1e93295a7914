use std::fmt::Debug;

use bytes::Bytes;

use super::FieldWriter;

/// What has fields to show: a message, a part of one, a value.
pub(in crate::trace) trait Field {
    fn write_to(&self, to: &mut dyn FieldWriter);

    /// Whether the value is absent, so that its field is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// A number of a documented list.
pub(super) trait Listed {
    fn write_as<E: TryFrom<i32> + Debug>(&self, to: &mut dyn FieldWriter);

    fn is_absent(&self) -> bool {
        false
    }
}

/// Writes structs with the names of their fields; `as` names the list of constants that a number is of.
/// A field that isn't named here doesn't compile.
macro_rules! fields {
    ($($type:ty { $($field:ident $(as $list:ty)?),* $(,)? })*) => {$(
        impl $crate::trace::fields::Field for $type {
            fn write_to(&self, to: &mut dyn $crate::trace::fields::FieldWriter) {
                let Self { $($field),* } = self;
                to.begin_object();
                $($crate::trace::fields::fields!(@field to $field $($list)?);)*
                to.end_object();
            }
        }
    )*};
    (@field $to:ident $field:ident) => {
        $crate::trace::fields::field($to, stringify!($field), $field)
    };
    (@field $to:ident $field:ident $list:ty) => {
        if !$crate::trace::fields::Listed::is_absent($field) {
            $crate::trace::fields::key($to, stringify!($field));
            $crate::trace::fields::Listed::write_as::<$list>($field, $to);
        }
    };
}
pub(super) use fields;

pub(super) fn field(to: &mut dyn FieldWriter, key_of: &str, field: &dyn Field) {
    if !field.is_absent() {
        key(to, key_of);
        field.write_to(to);
    }
}

pub(super) fn key(to: &mut dyn FieldWriter, key: &str) {
    to.key(key.trim_start_matches("r#").as_bytes());
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl Field for $type {
            fn write_to(&self, to: &mut dyn FieldWriter) {
                to.number(self);
            }
        }
    )*};
}

numbers! { bool u8 u16 u32 u64 i32 i64 }

macro_rules! floats {
    ($($type:ty)*) => {$(
        impl Field for $type {
            fn write_to(&self, to: &mut dyn FieldWriter) {
                if self.is_finite() {
                    to.number(self);
                } else {
                    to.name(self);
                }
            }
        }
    )*};
}

floats! { f32 f64 }

impl Field for [u8] {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.bytes(self);
    }
}

impl Field for &[u8] {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.bytes(self);
    }
}

impl Field for Bytes {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.bytes(self);
    }
}

impl Field for String {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        to.bytes(self.as_bytes());
    }
}

impl<T: Field> Field for Option<T> {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        match self {
            Some(field) => field.write_to(to),
            None => to.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Field + ?Sized> Field for Box<T> {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        (**self).write_to(to);
    }

    fn is_absent(&self) -> bool {
        (**self).is_absent()
    }
}

impl<T: Field> Field for Vec<T> {
    fn write_to(&self, to: &mut dyn FieldWriter) {
        list(to, self);
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

pub(super) fn list<'a, T: Field + 'a>(
    to: &mut dyn FieldWriter,
    items: impl IntoIterator<Item = &'a T>,
) {
    to.begin_list();
    for item in items {
        to.item();
        item.write_to(to);
    }
    to.end_list();
}

impl Listed for i32 {
    fn write_as<E: TryFrom<Self> + Debug>(&self, to: &mut dyn FieldWriter) {
        match E::try_from(*self) {
            Ok(value) => to.name(&documented(&value)),
            Err(_) => to.number(self),
        }
    }
}

impl Listed for u32 {
    fn write_as<E: TryFrom<i32> + Debug>(&self, to: &mut dyn FieldWriter) {
        match i32::try_from(*self) {
            Ok(number) => number.write_as::<E>(to),
            Err(_) => to.number(self),
        }
    }
}

impl<T: Listed> Listed for Option<T> {
    fn write_as<E: TryFrom<i32> + Debug>(&self, to: &mut dyn FieldWriter) {
        match self {
            Some(number) => number.write_as::<E>(to),
            None => to.null(),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// A name as the documentation has it: `V_STRING`, which is `VString` in Rust.
pub(in crate::trace) fn documented(value: &impl Debug) -> String {
    let mut name = String::new();
    for char in format!("{value:?}").chars() {
        if char.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(char.to_ascii_uppercase());
    }
    name
}
