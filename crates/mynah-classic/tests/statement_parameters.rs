//! The parameters of executions are read as they were written, by their own types or those of an
//! earlier execution.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod parameters;

use bytes::Bytes;
use mynah_classic::command::{
    BulkContext, BulkFlags, BulkParameters, BulkValue, ComQuery, ComStmtBulkExecute,
    ComStmtExecute, CursorFlags, Parameter, ParameterFlags, ParameterType, ParameterTypes,
    ParameterValue, Parameters, ParametersContext,
};
use mynah_classic::{Capabilities, ColumnType};
use mynah_testkit::check;
use mynah_wire::{DecodeError, DecodeErrorKind, Message};
use parameters::{parameter, value};
use proptest::collection::vec;
use proptest::prelude::*;

/// A statement of `num_params` parameters, executed without attributes.
fn plain(num_params: usize) -> ParametersContext {
    ParametersContext {
        shared: Capabilities::PROTOCOL_41,
        flags: CursorFlags::empty(),
        num_params: u16::try_from(num_params).unwrap(),
    }
}

/// A statement of `num_params` parameters, executed with attributes.
fn attributed(num_params: usize) -> ParametersContext {
    ParametersContext {
        shared: Capabilities::PROTOCOL_41 | Capabilities::QUERY_ATTRIBUTES,
        flags: CursorFlags::PARAMETER_COUNT_AVAILABLE,
        num_params: u16::try_from(num_params).unwrap(),
    }
}

fn unnamed(mut parameter: Parameter) -> Parameter {
    parameter.parameter_type.name = Bytes::new();
    parameter
}

fn bulk_value(column_type: ColumnType) -> BoxedStrategy<BulkValue> {
    prop_oneof![
        4 => value(column_type).prop_map(BulkValue::Value),
        1 => Just(BulkValue::Null),
        1 => Just(BulkValue::Default),
        1 => Just(BulkValue::Ignore),
    ]
    .boxed()
}

prop_compose! {
    fn rows()(columns in vec((any::<u8>(), any::<u8>()), 1..5), num_rows in 0usize..4)(
        values in vec(
            columns.iter().map(|(code, _)| bulk_value(ColumnType(*code))).collect::<Vec<_>>(),
            num_rows,
        ),
        columns in Just(columns),
    ) -> (Vec<ParameterType>, Vec<BulkValue>) {
        let types = columns.iter().map(|(code, flags)| ParameterType {
            column_type: ColumnType(*code),
            flags: ParameterFlags::from_bits_retain(*flags),
            name: Bytes::new(),
        });
        (types.collect(), values.concat())
    }
}

proptest! {
    #[test]
    fn parameters_are_read_as_they_were_written(all in vec(parameter(), 0..20)) {
        let parameters = Parameters::new(&all);
        let read: Result<Vec<_>, _> = parameters.iter().collect();
        prop_assert_eq!(read.unwrap(), all.clone());
        let wire = parameters.to_payload(attributed(3)).unwrap();
        check(&wire, attributed(3), &parameters);

        let all: Vec<_> = all.into_iter().map(unnamed).collect();
        let parameters = Parameters::new(&all);
        let wire = parameters.to_payload(plain(all.len())).unwrap();
        check(&wire, plain(all.len()), &parameters);
    }

    #[test]
    fn types_of_an_earlier_execution_hold(
        all in vec(parameter().prop_map(unnamed), 1..20),
        sent in vec(any::<bool>(), 20),
    ) {
        let types = ParameterTypes::new(all.iter().map(|parameter| &parameter.parameter_type));
        let all: Vec<_> = all.into_iter().zip(&sent).map(|(mut parameter, sent)| {
            if *sent {
                parameter.value = ParameterValue::LongData;
            }
            parameter
        }).collect();
        let is_long_data = |index| sent[usize::try_from(index).unwrap()];
        let parameters = Parameters::new(&all).without_types();
        let read: Result<Vec<_>, _> = parameters.iter_with(Some(&types), is_long_data).collect();
        prop_assert_eq!(read.unwrap(), all.clone());
        let wire = parameters.to_payload(plain(all.len())).unwrap();
        check(&wire, plain(all.len()), &parameters);
    }

    #[test]
    fn rows_are_read_as_they_were_written((types, values) in rows()) {
        let num_params = types.len();
        let types = ParameterTypes::new(&types);
        let parameters = BulkParameters::new(Some(types.clone()), &values);
        let command = ComStmtBulkExecute::new(1, BulkFlags::empty(), &parameters).unwrap();
        check(&command.to_payload(()).unwrap(), (), &command);
        let again = command.read_parameters(u16::try_from(num_params).unwrap()).unwrap();
        prop_assert_eq!(&again, &parameters);

        let untyped = BulkParameters::new(None, &values);
        for rows in [again.iter(None).collect::<Vec<_>>(), untyped.iter(Some(&types)).collect()] {
            let read: Result<Vec<_>, _> = rows.into_iter().collect();
            let (read_types, read): (Vec<_>, Vec<_>) = read.unwrap().into_iter().unzip();
            prop_assert_eq!(&read, &values);
            for row in read_types.chunks(num_params) {
                prop_assert!(types.iter().eq(row.iter().cloned()));
            }
        }
        let cx = BulkContext { flags: BulkFlags::empty(), num_params: num_params as u64 };
        check(&untyped.to_payload(cx).unwrap(), cx, &untyped);
    }
}

fn number(name: &'static str, value: ParameterValue) -> Parameter {
    Parameter {
        parameter_type: ParameterType {
            column_type: ColumnType::TINY,
            flags: ParameterFlags::UNSIGNED,
            name: name.into(),
        },
        value,
    }
}

fn seven() -> ParameterValue {
    ParameterValue::Value(Bytes::from_static(b"\x07"))
}

#[test]
fn an_execution_is_read_and_written() {
    let parameters = Parameters::new(&[number("", seven()), number("", ParameterValue::Null)]);
    let command = ComStmtExecute::new(
        0x0102,
        CursorFlags::READ_ONLY,
        &parameters,
        Capabilities::PROTOCOL_41,
        2,
    )
    .unwrap();
    let wire = b"\x17\x02\x01\0\0\x01\x01\0\0\0\x02\x01\x01\x80\x01\x80\x07";
    check(wire, (), &command);
    let read = command.read_parameters(Capabilities::PROTOCOL_41, 2);
    assert_eq!(read, Ok(parameters.clone()));
    assert_eq!((parameters.len(), parameters.values().len()), (2, 1));
    assert!(!parameters.is_null(0) && parameters.is_null(1) && !parameters.is_null(2));
}

#[test]
fn parameters_have_a_place_by_capability_flag_and_statement() {
    let one = Parameters::new(&[number("n", seven())]);
    check(b"\x01\0\x01\x01\x80\x01n\x07", attributed(0), &one);
    check(b"\0", attributed(0), &Parameters::default());
    check(b"", plain(0), &Parameters::default());
    let uncounted = ParametersContext {
        flags: CursorFlags::empty(),
        ..attributed(0)
    };
    check(b"", uncounted, &Parameters::default());
    // If the statement has parameters, they are counted even without the flag.
    let uncounted = ParametersContext {
        flags: CursorFlags::empty(),
        ..attributed(1)
    };
    check(b"\x01\0\x01\x01\x80\x01n\x07", uncounted, &one);
}

#[test]
fn a_query_keeps_its_attributes_apart() {
    let query = ComQuery {
        attributes: Parameters::new(&[number("n", seven())]),
        query: "do 1".into(),
    };
    let shared = Capabilities::QUERY_ATTRIBUTES;
    check(b"\x03\x01\x01\0\x01\x01\x80\x01n\x07do 1", shared, &query);
    check(b"\x03\0\x01do 1", shared, &ComQuery::new("do 1"));
    check(b"\x03do 1", Capabilities::empty(), &ComQuery::new("do 1"));
}

#[test]
fn invalid_parameters_have_an_error_each() {
    let read = |wire: &'static [u8], cx| {
        let error = Parameters::from_payload(&Bytes::from_static(wire), cx).unwrap_err();
        error.to_string()
    };
    assert_eq!(
        read(b"\0\x02", plain(1)),
        "new_params_bind_flag at byte 1: unexpected value 0x02"
    );
    assert_eq!(
        read(b"\0\x01\x01", plain(1)),
        "parameter_type at byte 2: needs 2 bytes, 1 left"
    );
    let huge = b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\0";
    assert!(read(huge, attributed(0)).starts_with("null_bitmap at byte 9: needs "));
    let shared = Capabilities::QUERY_ATTRIBUTES;
    for (wire, error) in [
        (
            &b"\x03\0\x02"[..],
            "parameter_set_count at byte 2: unexpected value 0x02",
        ),
        (
            b"\x03\x01\x01\0\0",
            "new_params_bind_flag at byte 4: unexpected value 0x00",
        ),
        (
            b"\x03\x01\x01\0\x01\x03\0\0do",
            "parameter_value at byte 8: needs 4 bytes, 2 left",
        ),
    ] {
        let found = ComQuery::from_payload(&Bytes::from_static(wire), shared).unwrap_err();
        assert_eq!(found.to_string(), error);
    }
}

#[test]
fn parameters_without_types_are_an_error_where_none_are_known() {
    let kind =
        |read: Vec<Result<Parameter, DecodeError>>| read.last().unwrap().clone().unwrap_err().kind;
    let two = Parameters::new(&[number("", seven()), number("", seven())]).without_types();
    let truncated = DecodeErrorKind::Truncated { needed: 2, left: 0 };
    assert_eq!(kind(two.iter().collect()), truncated);
    let one = [ParameterType {
        column_type: ColumnType::TINY,
        flags: ParameterFlags::empty(),
        name: Bytes::new(),
    }];
    let read: Vec<_> = two
        .iter_with(Some(&ParameterTypes::new(&one)), |_| false)
        .collect();
    assert_eq!((read.len(), kind(read)), (2, truncated));
    let short = Parameters::from_payload(&Bytes::from_static(b"\0\x01\x01\0\x07\x08"), plain(1));
    let read: Vec<_> = short.unwrap().iter().collect();
    assert_eq!(kind(read), DecodeErrorKind::Trailing { left: 1 });
}

#[test]
fn invalid_rows_end_with_an_error() {
    let types = [ParameterType {
        column_type: ColumnType::TINY,
        flags: ParameterFlags::empty(),
        name: Bytes::new(),
    }];
    let types = ParameterTypes::new(&types);
    let cx = BulkContext {
        flags: BulkFlags::empty(),
        num_params: 1,
    };
    for (wire, types, error) in [
        (
            &b"\x01\x07"[..],
            Some(&types),
            "parameter_indicator at byte 1: unexpected value 0x07",
        ),
        (
            b"\x01\0",
            Some(&types),
            "parameter_value at byte 2: needs 1 bytes, 0 left",
        ),
        (
            b"\x01",
            None,
            "parameter_type at byte 0: needs 2 bytes, 0 left",
        ),
    ] {
        let rows = BulkParameters::from_payload(&Bytes::from_static(wire), cx).unwrap();
        let last = rows.iter(types).last().unwrap();
        assert_eq!(last.unwrap_err().to_string(), error);
    }
}

#[test]
fn parameters_that_cannot_be_written_are_refused() {
    let one = Parameters::new(&[number("", seven())]);
    let refused = |parameters: &Parameters, cx| parameters.to_payload(cx).unwrap_err().field;
    assert_eq!(refused(&one, plain(0)), "parameter_count");
    assert_eq!(refused(&one, plain(2)), "parameter_count");
    assert_eq!(refused(&Parameters::default(), plain(1)), "parameter_count");
    let named = Parameters::new(&[number("n", seven())]);
    assert_eq!(refused(&named, plain(1)), "parameter_name");

    let shared = Capabilities::QUERY_ATTRIBUTES;
    let mut query = ComQuery {
        attributes: one.clone().without_types(),
        query: Bytes::new(),
    };
    let refused = |query: &ComQuery, shared| query.to_payload(shared).unwrap_err().field;
    assert_eq!(refused(&query, shared), "parameter_values");
    query.attributes = Parameters::new(&[number("", ParameterValue::LongData)]);
    assert_eq!(refused(&query, shared), "parameter_values");
    query.attributes = one;
    assert_eq!(refused(&query, Capabilities::empty()), "parameter_count");

    let rows = BulkParameters::new(None, &[]);
    let typed = BulkContext {
        flags: BulkFlags::SEND_TYPES_TO_SERVER,
        num_params: 1,
    };
    assert_eq!(rows.to_payload(typed).unwrap_err().field, "parameter_type");
}
