use super::*;

fn greeting(flags: u32) -> Vec<u8> {
    let [a, b, c, d] = flags.to_le_bytes();
    let mut payload = b"\x0a9.7.4\0\x08\0\0\0saltsalt\0".to_vec();
    payload.extend([a, b, 0xff, 2, 0, c, d]);
    packet(0, &payload)
}

fn packet(sequence_id: u8, payload: &[u8]) -> Vec<u8> {
    Line {
        direction: Direction::Client,
        sequence_id,
        uncompressed_len: None,
        payload: Bytes::copy_from_slice(payload),
    }
    .wire()
    .to_vec()
}

fn record(server_flags: u32, client_flags: u32) -> Vec<Line> {
    let mut record = Record::default();
    record.feed(Direction::Server, &greeting(server_flags));
    record.feed(Direction::Client, &packet(1, &client_flags.to_le_bytes()));
    record.feed(Direction::Server, &packet(2, b"\x01\x03"));
    record.feed(Direction::Server, &packet(3, b"\0\0\0\x02\0\0\0"));
    record.feed(Direction::Client, b"\x05\0\0\0\0\0\0\x01\0\0\0\x0e");
    record
        .finish(0)
        .map_or_else(|_| Vec::new(), |recording| recording.lines)
}

#[test]
fn frames_begin_after_the_ok_if_both_sides_asked_for_compression() {
    for flag in [1 << 5, 1 << 26] {
        let lines = record(flag, flag);
        assert_eq!(lines.len(), 5);
        assert!(
            lines[..4]
                .iter()
                .all(|line| line.uncompressed_len.is_none())
        );
        assert_eq!(lines[4].uncompressed_len, Some(0));
        assert_eq!(lines[4].payload[..], *b"\x01\0\0\0\x0e");
    }
}

#[test]
fn a_flag_of_only_one_side_does_not_start_compression() {
    for (server, client) in [(1 << 5, 0), (0, 1 << 26), (1 << 5, 1 << 26)] {
        let lines = record(server, client);
        // Read as packets: one of five bytes, and three bytes of the next.
        assert!(lines.is_empty(), "{lines:?}");
    }
}

#[test]
fn the_traffic_of_a_connection_is_recorded_and_forwarded() {
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let tap = Tap::start(server.local_addr().unwrap()).unwrap();
    let mut client = TcpStream::connect(tap.address()).unwrap();
    let (mut served, _) = server.accept().unwrap();

    served.write_all(&greeting(0)).unwrap();
    let mut arrived = vec![0; greeting(0).len()];
    client.read_exact(&mut arrived).unwrap();
    assert_eq!(arrived, greeting(0));
    client.write_all(&packet(1, b"\0\0\0\0")).unwrap();
    drop((client, served));

    let recordings = tap.finish(Duration::from_secs(10)).unwrap();
    let directions: Vec<_> = recordings[0]
        .lines
        .iter()
        .map(|line| line.direction)
        .collect();
    assert_eq!(
        (recordings.len(), directions),
        (1, vec![Direction::Server, Direction::Client])
    );
}

#[test]
fn a_connection_left_open_is_an_error_at_the_deadline() {
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let tap = Tap::start(server.local_addr().unwrap()).unwrap();
    let _client = TcpStream::connect(tap.address()).unwrap();
    let _served = server.accept().unwrap();
    let error = tap.finish(Duration::ZERO).unwrap_err();
    assert!(
        matches!(error, TapError::StillOpen { open: 1, of: 1, .. }),
        "{error}"
    );
}

#[test]
fn a_connection_of_which_one_direction_has_ended_counts_as_open() {
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let tap = Tap::start(server.local_addr().unwrap()).unwrap();
    let half_closed = || {
        let client = TcpStream::connect(tap.address()).unwrap();
        let (mut served, _) = server.accept().unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(served.read(&mut [0]).unwrap(), 0);
        (client, served)
    };
    let _connections = [half_closed(), half_closed()];
    // Until then, both threads have reported the end of the client's direction.
    let error = tap.finish(Duration::from_millis(200)).unwrap_err();
    assert!(
        matches!(error, TapError::StillOpen { open: 2, of: 2, .. }),
        "{error}"
    );
}

#[test]
fn a_line_of_the_x_protocol_is_a_frame_with_its_type() {
    let mut record = Record {
        is_x: true,
        ..Record::default()
    };
    record.feed(Direction::Server, b"\x05\0\0\0\x0b\x08\x05\x1a");
    assert!(record.lines.is_empty());
    record.feed(Direction::Server, b"\0\x01\0\0\0\x0e");
    record.feed(Direction::Client, b"\x01\0\0\0\x01");
    let lines = record.finish(0).unwrap().lines;
    let types: Vec<_> = lines.iter().map(|line| line.sequence_id).collect();
    assert_eq!(types, [11, 14, 1]);
    assert_eq!(lines[0].payload[..], *b"\x08\x05\x1a\0");
    assert_eq!(lines[0].x_wire()[..], *b"\x05\0\0\0\x0b\x08\x05\x1a\0");
}
