//! Checks of every recorded fixture.

use std::{error::Error, fs};

use mynah_testkit::{Direction, fixtures};

type Outcome = Result<(), Box<dyn Error>>;

#[test]
fn every_fixture_is_written_as_it_was_read() -> Outcome {
    let all = fixtures("classic")?;
    assert!(!all.is_empty());
    for (file, fixture) in all {
        assert_eq!(
            fixture.to_string(),
            fs::read_to_string(&file)?,
            "{}",
            file.display()
        );
    }
    Ok(())
}

#[test]
fn every_fixture_says_where_it_comes_from() -> Outcome {
    for (file, fixture) in fixtures("classic")? {
        for name in ["server", "client", "asked", "account"] {
            assert!(
                fixture.comment(name).is_some(),
                "{}: no {name}",
                file.display()
            );
        }
    }
    Ok(())
}

#[test]
fn fixtures_of_the_x_protocol_are_written_as_read_and_begin_with_a_notice() -> Outcome {
    let all = fixtures("x")?;
    assert!(!all.is_empty());
    for (file, fixture) in all {
        let name = file.display();
        assert_eq!(fixture.to_string(), fs::read_to_string(&file)?, "{name}");
        for comment in ["server", "client", "asked", "account"] {
            assert!(fixture.comment(comment).is_some(), "{name}: no {comment}");
        }
        // The client may send messages before it has received the notice.
        let mut lines = fixture.lines.iter();
        let first = lines.find(|line| line.direction == Direction::Server);
        assert_eq!(first.ok_or("no frame")?.sequence_id, 11, "{name}");
    }
    Ok(())
}

#[test]
fn every_fixture_begins_with_a_greeting_or_an_error() -> Outcome {
    for (file, fixture) in fixtures("classic")? {
        let first = fixture.packets().next().ok_or("no packet")?;
        assert_eq!(
            (first.direction, first.sequence_id),
            (Direction::Server, 0),
            "{}",
            file.display()
        );
        assert!(
            matches!(first.payload.first(), Some(0x0a | 0xff)),
            "{}",
            file.display()
        );
    }
    Ok(())
}

#[test]
fn fixtures_are_small_enough_for_a_reader() -> Outcome {
    let mut all = 0;
    for (file, _) in fixtures("classic")? {
        let len = fs::metadata(&file)?.len();
        assert!(len <= 150_000, "{}: {len} bytes", file.display());
        all += len;
    }
    assert!(all <= 3_000_000, "{all} bytes");
    Ok(())
}
