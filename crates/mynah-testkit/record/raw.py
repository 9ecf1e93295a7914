"""Hand-made packets that no client sends.

Arguments: host port user password schema options, then commands in hex. Only for accounts without a
password. Options: flags=HEX, the capability flags to ask for, and extended=HEX, MariaDB's further ones;
no-reply, nothing is read after a command; response=HEX, what stands behind the first 32 bytes of the
handshake response; may-fail, the server may refuse it; flood=N, only makes N connections and reads a packet from each.
In a command, `{id}` is the connection id and `{stmt}` that of the statement prepared last.
"""

import socket
import struct
import sys

host, port, user, _password, schema, options, *commands = sys.argv[1:]
options = dict(option.partition("=")[::2] for option in options.split(","))
flags = int(options.get("flags", "0008a20d"), 16)
extended = int(options.get("extended", "0"), 16)


STATISTICS, CHANGE_USER, PREPARE, FETCH = 0x09, 0x11, 0x16, 0x1C
# COM_STMT_SEND_LONG_DATA and COM_STMT_CLOSE.
UNANSWERED = (b"\x18", b"\x19")
# The low byte of a status for rows that are fetched.
CURSOR_EXISTS = 0x40


class Connection:
    def __init__(self):
        self.socket = socket.create_connection((host, int(port)))
        self.sequence_id = 0
        self.statement_id = b""

    def read(self):
        header = self.exactly(4)
        self.sequence_id = header[3] + 1 & 0xFF
        return self.exactly(int.from_bytes(header[:3], "little"))

    def exactly(self, length):
        data = b""
        while len(data) < length:
            piece = self.socket.recv(length - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def write(self, payload):
        self.socket.sendall(len(payload).to_bytes(3, "little") + bytes([self.sequence_id]) + payload)
        self.sequence_id = self.sequence_id + 1 & 0xFF

    def login(self):
        greeting = self.read()
        self.is_mariadb = b"MariaDB" in greeting
        end_of_version = greeting.index(0, 1)
        self.id = greeting[end_of_version + 1 : end_of_version + 5]
        with_schema = flags & 8 if schema != "-" else 0
        response = struct.pack("<IIB19xI", flags & ~8 | with_schema, 1 << 24, 45, extended)
        if "response" in options:
            response += bytes.fromhex(options["response"])
        else:
            response += user.encode() + b"\0\0"
            if with_schema:
                response += schema.encode() + b"\0"
            if flags & 1 << 19:
                response += b"mysql_native_password\0" if self.is_mariadb else b"caching_sha2_password\0"
            if flags & 1 << 20:
                response += b"\0"
        self.write(response)
        reply = self.read()
        if reply[0] == 0xFE and len(reply) > 1:
            print(reply[:60])
            self.write(b"")
            reply = self.read()
        if reply[0] != 0 and "may-fail" in options:
            raise EOFError
        if reply[0] != 0:
            sys.exit(f"login: {reply!r}")

    def command(self, payload):
        """Sends a command and reads its reply: one packet, or a result set."""
        self.sequence_id = 0
        self.write(payload)
        if "no-reply" in options or payload[:1] in UNANSWERED:
            return
        if payload[0] == PREPARE:
            return self.prepared()
        if payload[0] == FETCH:
            return self.rows()
        while True:
            first = self.read()
            print(first[:60])
            if first[0] == 0xFF or payload[0] == STATISTICS:
                return
            if first[0] == 0xFE and payload[0] == CHANGE_USER:
                self.write(b"")
                continue
            if first[0] in (0, 0xFE):
                if not more_results(first):
                    return
                continue
            last = self.result()
            if not more_results(last):
                return

    def rows(self):
        """Rows without columns: those of a cursor."""
        while self.read()[0] not in (0xFE, 0xFF):
            pass

    def prepared(self):
        """The numbers of a prepared statement, and the definitions of what they count."""
        first = self.read()
        print(first[:60])
        if first[0] != 0:
            return
        self.statement_id = first[1:5]
        for count in struct.unpack_from("<HH", first, 5)[::-1]:
            ends = 0 if flags & 1 << 24 or not count else 1
            for _ in range(count + ends):
                self.read()

    def result(self):
        """Column definitions and rows, each ended by an EOF, or both by one OK."""
        ends = 1 if flags & 1 << 24 else 2
        while True:
            packet = self.read()
            if packet[0] == 0xFF:
                return packet
            if packet[0] == 0xFE and len(packet) < 0xFFFFFF:
                ends -= 1
                if ends == 0 or packet[3] & CURSOR_EXISTS:
                    return packet


def more_results(packet):
    """The flag SERVER_MORE_RESULTS_EXISTS of an OK with short numbers, or of an EOF."""
    if packet[0] == 0xFF:
        return False
    status = packet[3:5]
    return len(status) == 2 and bool(int.from_bytes(status, "little") & 8)


def main():
    print("no library: hand-made packets")
    if "flood" in options:
        connections = [Connection() for _ in range(int(options["flood"]))]
        for connection in connections:
            print(connection.read()[:40])
        return
    connection = Connection()
    try:
        connection.login()
    except EOFError:
        return
    for command in commands:
        print(command)
        try:
            command = command.replace("{id}", connection.id.hex())
            connection.command(bytes.fromhex(command.replace("{stmt}", connection.statement_id.hex())))
        except (EOFError, ConnectionError):
            print("closed by the server")
            return
    connection.socket.close()


main()
