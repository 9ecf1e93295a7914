//! How much memory a session of the X Protocol keeps of the messages of its client.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod x_support;

use allocation_counter::measure;
use bytes::BytesMut;
use mynah_session::x::server::Options;
use mynah_x::ClientMessage;
use mynah_x::compress::{Algorithm, Compressor};
use mynah_x::crud::{Collection, Delete};
use mynah_x::datatypes::{Object, Scalar};
use mynah_x::expr::{Expr, ExprType};
use mynah_x::prepare::{OneOfMessage, OneOfMessageType, Prepare};
use mynah_x::sql::StmtExecute;
use x_support::{Talk, options, text};

/// How many bytes a session keeps once it has answered these messages, which come in one compressed message.
fn kept(algorithm: Algorithm, messages: impl Fn(&mut BytesMut)) -> i64 {
    let mut talk = Talk::new(Options {
        max_allowed_packet: 16 << 20,
        ..options()
    });
    let wanted: Object = [("algorithm", text(algorithm.name()))]
        .into_iter()
        .collect();
    talk.set([("compression", wanted.into())]);
    talk.log_in();
    let mut compressor = Compressor::new(algorithm, algorithm.levels().1).unwrap();
    let mut compressed = |messages: &dyn Fn(&mut BytesMut)| {
        let mut frames = BytesMut::new();
        messages(&mut frames);
        compressor.client_message(&frames).unwrap()
    };
    // The first one allocates what a session keeps in any case.
    talk.say(compressed(&|frames| statement(1, frames)));
    talk.asked.clear();
    let again = compressed(&messages);
    let kept = measure(|| {
        talk.say(again);
        assert!(!talk.asked.is_empty());
        talk.asked = Vec::new();
    });
    assert!(kept.bytes_total >= LONG as u64, "nothing was inflated");
    kept.bytes_current
}

fn statement(len: usize, frames: &mut BytesMut) {
    let statement = StmtExecute {
        stmt: vec![b'x'; len].into(),
        ..StmtExecute::default()
    };
    ClientMessage::from(statement).put(frames);
}

#[test]
fn an_inflated_statement_is_not_kept() {
    for algorithm in Algorithm::ALL {
        let kept = kept(algorithm, |frames| statement(LONG, frames));
        assert!(kept < 4096, "{}: {kept} bytes", algorithm.name());
    }
}

#[test]
fn a_short_message_that_is_prepared_does_not_keep_what_came_with_it() {
    let prepare = |frames: &mut BytesMut| {
        let delete = Delete {
            collection: Collection {
                name: "birds".to_owned(),
                ..Collection::default()
            },
            criteria: Some(Expr {
                r#type: ExprType::Literal.into(),
                literal: Some(Box::new(Scalar::octets("mynah"))),
                ..Expr::default()
            }),
            ..Delete::default()
        };
        let prepare = Prepare {
            stmt_id: 1,
            stmt: OneOfMessage {
                r#type: OneOfMessageType::Delete.into(),
                delete: Some(Box::new(delete)),
                ..OneOfMessage::default()
            },
        };
        ClientMessage::from(prepare).put(frames);
        statement(LONG, frames);
    };
    for algorithm in Algorithm::ALL {
        let kept = kept(algorithm, prepare);
        assert!(kept < 4096, "{}: {kept} bytes", algorithm.name());
    }
}

const LONG: usize = 4 << 20;
