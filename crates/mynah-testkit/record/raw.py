"""Hand-made packets, for what no client sends.

Arguments: host port user password schema options, then commands in hex. Only for accounts without a
password. Options: flags=HEX, the capability flags to ask for, and extended=HEX, MariaDB's further ones;
no-reply, nothing is read after a command; flood=N, only makes N connections and reads a packet from each.
In a command, `{id}` is the connection id.
"""

import socket
import struct
import sys

host, port, user, _password, schema, options, *commands = sys.argv[1:]
options = dict(option.partition("=")[::2] for option in options.split(","))
flags = int(options.get("flags", "0008a20d"), 16)
extended = int(options.get("extended", "0"), 16)


class Connection:
    def __init__(self):
        self.socket = socket.create_connection((host, int(port)))
        self.sequence_id = 0

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
        response += user.encode() + b"\0\0"
        if with_schema:
            response += schema.encode() + b"\0"
        if flags & 1 << 19:
            response += b"mysql_native_password\0" if self.is_mariadb else b"caching_sha2_password\0"
        self.write(response)
        reply = self.read()
        if reply[0] == 0xFE and len(reply) > 1:
            self.write(b"")
            reply = self.read()
        if reply[0] != 0:
            sys.exit(f"login: {reply!r}")

    def command(self, payload):
        """Sends a command and reads its reply: one packet, or a result set."""
        self.sequence_id = 0
        self.write(payload)
        if "no-reply" in options:
            return
        while True:
            first = self.read()
            print(first[:60])
            if first[0] == 0xFF:
                return
            if first[0] in (0, 0xFE) or payload[0] == 0x09:
                if not more_results(first):
                    return
                continue
            last = self.result()
            if not more_results(last):
                return

    def result(self):
        """Column definitions and rows, each ended by an EOF, or both by one OK."""
        ends = 1 if flags & 1 << 24 else 2
        while True:
            packet = self.read()
            if packet[0] == 0xFF:
                return packet
            if packet[0] == 0xFE and len(packet) < 0xFFFFFF:
                ends -= 1
                if ends == 0:
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
    connection.login()
    for command in commands:
        print(command)
        try:
            connection.command(bytes.fromhex(command.replace("{id}", connection.id.hex())))
        except (EOFError, ConnectionError):
            print("closed by the server")
            return
    connection.socket.close()


main()
