use boa_engine::object::shape::Shape;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsObject};

use super::key::js;
use crate::document::{Key, Keys};

/// Keys that objects don't have, by the objects' shapes. Objects that were made in the same way share a
/// shape. An entry has few of the keys that it may have, and to look each up in an
/// object and its prototype takes a good part of the time for a statement.
///
/// It holds only where scripts can't change `Object.prototype`.
#[derive(Debug)]
pub(super) struct Absent {
    prototype: JsObject,
    /// With the shapes themselves, so that no other can have the address of one.
    known: Vec<(Shape, Keys)>,
    oldest: usize,
}

impl Absent {
    /// For a context whose built-in objects are frozen.
    pub(super) fn new(context: &Context) -> Self {
        Self {
            prototype: context.intrinsics().constructors().object().prototype(),
            known: Vec::with_capacity(MOST_SHAPES),
            oldest: 0,
        }
    }

    /// The keys that an object is known not to have.
    pub(super) fn keys(&self, object: &JsObject) -> Keys {
        let address = object.borrow().shape().to_addr_usize();
        let mut known = self.known.iter();
        let known = known.find(|(shape, _)| shape.to_addr_usize() == address);
        known.map(|(_, absent)| *absent).unwrap_or_default()
    }

    /// Notes that an object doesn't have a key, if that holds for all of its shape.
    pub(super) fn learn(&mut self, object: &JsObject, key: Key) {
        if !lacks(object, key, &self.prototype) {
            return;
        }
        let object = object.borrow();
        let shape = object.shape();
        if !shape.is_shared() {
            return;
        }
        let address = shape.to_addr_usize();
        let mut known = self.known.iter_mut();
        if let Some((_, absent)) = known.find(|(shape, _)| shape.to_addr_usize() == address) {
            absent.insert(key);
            return;
        }
        let mut absent = Keys::default();
        absent.insert(key);
        if self.known.len() < MOST_SHAPES {
            self.known.push((shape.clone(), absent));
        } else if let Some(oldest) = self.known.get_mut(self.oldest) {
            *oldest = (shape.clone(), absent);
            self.oldest = (self.oldest + 1) % MOST_SHAPES;
        }
    }
}

/// Whether an ordinary object has no such key now: neither itself nor by its prototype, which is
/// `Object.prototype`. To look is quicker than to get, and runs no code of the script.
pub(super) fn lacks(object: &JsObject, key: Key, prototype: &JsObject) -> bool {
    let name = PropertyKey::from(js(key));
    let object = object.borrow();
    !object.properties().contains_key(&name)
        && object.shape().prototype().as_ref() == Some(prototype)
        && !prototype.borrow().properties().contains_key(&name)
}

/// A script has a few kinds of answers.
const MOST_SHAPES: usize = 24;
