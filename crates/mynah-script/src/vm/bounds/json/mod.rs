//! `JSON.stringify`, for values that nest as deep as the native stack takes, and no deeper.

mod output;
mod settings;

use boa_engine::object::builtins::JsProxy;
use boa_engine::property::PropertyKey;
use boa_engine::{
    Context, Finalize, JsArgs, JsBigInt, JsNativeError, JsObject, JsResult, JsString, JsValue,
    NativeFunction, Trace, js_string,
};

use super::level::Level;
use super::{make, name, replace, spend};
use output::Output;
use settings::Settings;

/// Functions that are called for what only the engine knows, as they were before the script.
#[derive(Clone, Trace, Finalize)]
pub(super) struct Originals {
    /// `Array.isArray`.
    is_array: JsObject,
    /// `Object.keys`.
    keys: JsObject,
    /// `JSON.isRawJSON`.
    is_raw: JsObject,
}

/// Puts the function into `JSON`.
pub(super) fn install(json: &JsObject, context: &mut Context) -> JsResult<()> {
    let constructors = context.intrinsics().constructors();
    let array = constructors.array().constructor();
    let object = constructors.object().constructor();
    let originals = Originals {
        is_array: function(&array, js_string!("isArray"), context)?,
        keys: function(&object, js_string!("keys"), context)?,
        is_raw: function(json, js_string!("isRawJSON"), context)?,
    };
    let stringify = NativeFunction::from_copy_closure_with_captures(stringify, originals);
    replace(json, name!("stringify"), 3, stringify, context);
    Ok(())
}

fn function(home: &JsObject, name: JsString, context: &mut Context) -> JsResult<JsObject> {
    home.get(name, context)?.to_object(context)
}

/// `JSON.stringify(value[, replacer[, space]])`.
fn stringify(
    _: &JsValue,
    args: &[JsValue],
    originals: &Originals,
    context: &mut Context,
) -> JsResult<JsValue> {
    let value = args.get_or_undefined(0);
    let settings = Settings::new(args, originals, context)?;
    let holder = match settings.replacer {
        Some(_) => {
            let holder = JsObject::with_object_proto(context.intrinsics());
            holder.create_data_property_or_throw(js_string!(), value.clone(), context)?;
            Some(holder)
        }
        None => None,
    };
    let mut text = Text {
        settings,
        originals,
        output: Output::default(),
        open: Vec::new(),
        work: 0,
    };
    let key = PropertyKey::from(js_string!());
    let written = text.value(value.clone(), &key, holder.as_ref(), context)?;
    make(text.output.len(), context)?;
    Ok(match written {
        true => text.output.finish().into(),
        false => JsValue::undefined(),
    })
}

/// A text that is made of a value.
struct Text<'a> {
    settings: Settings,
    originals: &'a Originals,
    output: Output,
    /// What the value that is written lies in.
    open: Vec<JsObject>,
    work: u64,
}

impl Text<'_> {
    /// Writes a value that `holder` has under `key`; whether there is JSON for it.
    fn value(
        &mut self,
        value: JsValue,
        key: &PropertyKey,
        holder: Option<&JsObject>,
        context: &mut Context,
    ) -> JsResult<bool> {
        self.work += 1;
        if self.work == VALUES_AT_ONCE {
            self.work = 0;
            spend(VALUES_AT_ONCE, context)?;
            super::check_length(self.output.len())?;
        }
        let value = self.replaced(value, key, holder, context)?;
        if let Some(text) = value.as_string() {
            super::check_length(self.output.len().saturating_add(text.len()))?;
            self.output.quoted(&text);
        } else if let Some(number) = value.as_i32() {
            self.output.ascii(&number.to_string());
        } else if let Some(number) = value.as_number() {
            match number.is_finite() {
                true => self.output.text(&value.to_string(context)?),
                false => self.output.ascii("null"),
            }
        } else if value.is_null() {
            self.output.ascii("null");
        } else if let Some(boolean) = value.as_boolean() {
            self.output.ascii(if boolean { "true" } else { "false" });
        } else if value.is_bigint() {
            let message = "cannot serialize bigint to JSON";
            return Err(JsNativeError::typ().with_message(message).into());
        } else if let Some(object) = value.as_object() {
            return self.object(object, context);
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    /// What is written in the place of a value.
    fn replaced(
        &mut self,
        value: JsValue,
        key: &PropertyKey,
        holder: Option<&JsObject>,
        context: &mut Context,
    ) -> JsResult<JsValue> {
        let mut value = value;
        if value.is_object() || value.is_bigint() {
            let object = value.to_object(context)?;
            if let Some(to_json) = object.get(js_string!("toJSON"), context)?.as_callable() {
                value = to_json.call(&value, &[name(key).into()], context)?;
            }
        }
        if let (Some(replacer), Some(holder)) = (&self.settings.replacer, holder) {
            let args = [name(key).into(), value];
            value = replacer.call(&holder.clone().into(), &args, context)?;
        }
        let Some(object) = value.as_object() else {
            return Ok(value);
        };
        Ok(if object.is::<f64>() {
            value.to_number(context)?.into()
        } else if object.is::<JsString>() {
            value.to_string(context)?.into()
        } else if let Some(boolean) = object.downcast_ref::<bool>() {
            (*boolean).into()
        } else if let Some(number) = object.downcast_ref::<JsBigInt>() {
            number.clone().into()
        } else {
            value
        })
    }

    fn object(&mut self, object: JsObject, context: &mut Context) -> JsResult<bool> {
        if object.is_callable() {
            return Ok(false);
        }
        let value = JsValue::from(object.clone());
        if object.prototype().is_none() && self.originals.is_raw(&value, context)? {
            let raw = object.get(js_string!("rawJSON"), context)?;
            self.output.text(&raw.to_string(context)?);
            return Ok(true);
        }
        let is_array = self.originals.is_array(&object, context)?;
        if self.open.contains(&object) {
            let message = "cyclic object value";
            return Err(JsNativeError::typ().with_message(message).into());
        }
        let _level = Level::enter()?;
        self.open.push(object.clone());
        match is_array {
            true => self.array(&object, context)?,
            false => self.members(&object, context)?,
        }
        self.open.pop();
        Ok(true)
    }

    fn array(&mut self, array: &JsObject, context: &mut Context) -> JsResult<()> {
        let length = array.get(js_string!("length"), context)?;
        let length = length.to_length(context)?;
        self.output.ascii("[");
        for index in 0..length {
            if index > 0 {
                self.output.ascii(",");
            }
            self.new_line(self.open.len());
            let element = array.get(index, context)?;
            let key = PropertyKey::from(index);
            if !self.value(element, &key, Some(array), context)? {
                self.output.ascii("null");
            }
        }
        if length > 0 {
            self.new_line(self.open.len() - 1);
        }
        self.output.ascii("]");
        Ok(())
    }

    fn members(&mut self, object: &JsObject, context: &mut Context) -> JsResult<()> {
        let keys = match &self.settings.keys {
            Some(keys) => keys.clone(),
            None => self.originals.keys(object, context)?,
        };
        self.output.ascii("{");
        let mut some = false;
        for key in keys {
            let before = self.output.len();
            if some {
                self.output.ascii(",");
            }
            self.new_line(self.open.len());
            self.output.quoted(&name(&key));
            self.output.ascii(":");
            if !self.settings.gap.is_empty() {
                self.output.ascii(" ");
            }
            let member = object.get(key.clone(), context)?;
            match self.value(member, &key, Some(object), context)? {
                true => some = true,
                false => self.output.truncate(before),
            }
        }
        if some {
            self.new_line(self.open.len() - 1);
        }
        self.output.ascii("}");
        Ok(())
    }

    fn new_line(&mut self, depth: usize) {
        if !self.settings.gap.is_empty() {
            self.output.ascii("\n");
            for _ in 0..depth {
                self.output.text(&self.settings.gap);
            }
        }
    }
}

impl Originals {
    fn is_array(&self, object: &JsObject, context: &mut Context) -> JsResult<bool> {
        if JsProxy::from_object(object.clone()).is_err() {
            return Ok(object.is_array());
        }
        let args = [object.clone().into()];
        let says = self.is_array.call(&JsValue::undefined(), &args, context)?;
        Ok(says.to_boolean())
    }

    fn is_raw(&self, value: &JsValue, context: &mut Context) -> JsResult<bool> {
        let args = std::slice::from_ref(value);
        let says = self.is_raw.call(&JsValue::undefined(), args, context)?;
        Ok(says.to_boolean())
    }

    /// The names of an object's own properties that can be enumerated.
    fn keys(&self, object: &JsObject, context: &mut Context) -> JsResult<Vec<PropertyKey>> {
        if object.is_ordinary() {
            let mut keys = object.own_property_keys(context)?;
            let object = object.borrow();
            keys.retain(|key| {
                let property = object.properties().get(key);
                !matches!(key, PropertyKey::Symbol(_))
                    && property.is_some_and(|property| property.enumerable() == Some(true))
            });
            return Ok(keys);
        }
        let args = [object.clone().into()];
        let keys = self.keys.call(&JsValue::undefined(), &args, context)?;
        let keys = keys.to_object(context)?;
        let length = keys.get(js_string!("length"), context)?;
        let length = length.to_length(context)?;
        let keys = (0..length).map(|index| keys.get(index, context)?.to_property_key(context));
        keys.collect()
    }
}

/// The name of a property as a text.
fn name(key: &PropertyKey) -> JsString {
    match key {
        PropertyKey::String(name) => name.clone(),
        PropertyKey::Index(index) => JsString::from(index.get().to_string()),
        PropertyKey::Symbol(_) => js_string!(),
    }
}

/// How many values are written before the clock is charged for them.
const VALUES_AT_ONCE: u64 = 256;
