use bytes::BytesMut;
use mynah_wire::Packet;
use mynah_wire::compress::{Algorithm, Deflator, Frame, Inflator};

use crate::Error;
use crate::socket::Socket;

/// A socket with packets, in compressed frames once both sides compress.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) socket: Socket,
    compression: Option<Compression>,
}

#[derive(Debug)]
struct Compression {
    inflator: Inflator,
    deflator: Deflator,
    /// What was inflated.
    plain: BytesMut,
}

impl Wire {
    pub(crate) fn new(socket: Socket) -> Self {
        Self {
            socket,
            compression: None,
        }
    }

    pub(crate) fn compress(&mut self, algorithm: Algorithm) {
        self.compression = Some(Compression {
            inflator: Inflator::new(algorithm),
            deflator: Deflator::new(algorithm, 0),
            plain: BytesMut::new(),
        });
    }

    /// A command starts: frames are counted anew.
    pub(crate) fn start_command(&mut self) {
        if let Some(compression) = &mut self.compression {
            compression.deflator.set_sequence_id(0);
        }
    }

    /// Sends packets.
    pub(crate) async fn send(&mut self, packets: &mut BytesMut) -> Result<(), Error> {
        if packets.is_empty() {
            return Ok(());
        }
        let packets = packets.split();
        match &mut self.compression {
            None => self.socket.send(&packets).await,
            Some(compression) => {
                let mut frames = BytesMut::new();
                compression.deflator.write(&packets, &mut frames)?;
                self.socket.send(&frames).await
            }
        }
    }

    /// The next packet; `None` at the end of the stream.
    pub(crate) async fn packet(&mut self) -> Result<Option<Packet>, Error> {
        loop {
            if let Some(packet) = self.take()? {
                return Ok(Some(packet));
            }
            if !self.socket.read().await? {
                return Ok(None);
            }
        }
    }

    fn take(&mut self) -> Result<Option<Packet>, Error> {
        let received = &mut self.socket.received;
        let Some(compression) = &mut self.compression else {
            return Ok(Packet::take(received));
        };
        loop {
            if let Some(packet) = Packet::take(&mut compression.plain) {
                return Ok(Some(packet));
            }
            let Some(frame) = Frame::take(received) else {
                return Ok(None);
            };
            compression
                .inflator
                .inflate(&frame, &mut compression.plain)?;
            let next = frame.sequence_id.wrapping_add(1);
            compression.deflator.set_sequence_id(next);
        }
    }
}
