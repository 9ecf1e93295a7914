use boa_engine::{Context, JsResult, JsString, JsValue};

use super::shared;

/// A line from a format and values, as `printf` and `console.log` make it: `%s` a string,
/// `%d` and `%f` a number, `%i` a whole one, `%j` JSON, `%%` a per cent sign. What the format
/// doesn't take follows it.
pub(super) fn format(args: &[JsValue], context: &mut Context) -> JsResult<String> {
    let mut values = args.iter();
    let mut line = String::new();
    if let Some(template) = args.first().and_then(JsValue::as_string) {
        values.next();
        fill(&mut line, &template, &mut values, context)?;
    }
    for value in values {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&shown(value, context)?);
    }
    Ok(line)
}

fn fill<'a>(
    line: &mut String,
    template: &JsString,
    values: &mut impl Iterator<Item = &'a JsValue>,
    context: &mut Context,
) -> JsResult<()> {
    let template = template.to_std_string_lossy();
    let mut rest = template.as_str();
    while let Some((before, after)) = rest.split_once('%') {
        line.push_str(before);
        let directive = after.chars().next();
        rest = after;
        let taken = match directive {
            Some('%') => Some("%".to_owned()),
            Some(kind @ ('s' | 'd' | 'f' | 'i' | 'j')) => match values.next() {
                Some(value) => Some(filled(kind, value, context)?),
                None => None,
            },
            _ => None,
        };
        match taken {
            Some(text) => {
                line.push_str(&text);
                rest = after.get(1..).unwrap_or_default();
            }
            None => line.push('%'),
        }
    }
    line.push_str(rest);
    Ok(())
}

fn filled(directive: char, value: &JsValue, context: &mut Context) -> JsResult<String> {
    // A conversion of a BigInt or a symbol to a number throws a TypeError. Node.js prints these as here.
    if let Some(integer) = value.as_bigint() {
        match directive {
            'd' | 'i' => return Ok(format!("{integer}n")),
            'f' => return string(&integer.to_f64().into(), context),
            _ => {}
        }
    }
    let value = match directive {
        'j' => return json(value, context),
        'd' | 'f' | 'i' if value.is_symbol() => f64::NAN.into(),
        'd' | 'f' => value.to_number(context)?.into(),
        'i' => value.to_number(context)?.trunc().into(),
        _ => value.clone(),
    };
    string(&value, context)
}

/// A value behind the format: a string as it is, an object as JSON.
fn shown(value: &JsValue, context: &mut Context) -> JsResult<String> {
    match value.as_object() {
        Some(object) if !object.is_callable() => json(value, context),
        _ => string(value, context),
    }
}

fn json(value: &JsValue, context: &mut Context) -> JsResult<String> {
    match shared::stringify(value, context) {
        Ok(Some(json)) => Ok(json),
        _ => string(value, context),
    }
}

fn string(value: &JsValue, context: &mut Context) -> JsResult<String> {
    match value.as_symbol() {
        Some(symbol) => Ok(symbol.to_string()),
        None => Ok(value.to_string(context)?.to_std_string_lossy()),
    }
}
