# SPDX-License-Identifier: GPL-2.0-only
"""The part of gdb's remote protocol that tests need of an emulator: breakpoints, single steps, registers, memory, its monitor.

Protocol: gdb manual, appendix "Remote Serial Protocol". Next file: strike.py."""
import socket
import time

RAX, RCX, RDX, RSP, RIP = 0, 2, 3, 7, 16    # numbers of registers
ANSWER_S = 600    # longer waits are a machine that hangs


class Gdb:
    """A connection to the stub; the machine stands still while no method runs it."""

    def __init__(self, path, tries=100):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(ANSWER_S)
        for left in range(tries, -1, -1):
            try:
                self.sock.connect(path)
                break
            except OSError:
                if not left:
                    raise
                time.sleep(0.1)
        self.data = b""
        self.ask("qSupported")
        self.ask("qXfer:features:read:target.xml:0,fff")    # without it the stub knows no single registers

    def _send(self, text):
        body = text.encode()
        self.sock.sendall(b"$" + body + b"#%02x" % (sum(body) & 255))

    def _byte(self):
        if not self.data:
            self.data = self.sock.recv(65536)
            if not self.data:
                raise ConnectionError("the emulator has closed the connection")
        byte, self.data = self.data[:1], self.data[1:]
        return byte

    def _receive(self):
        while self._byte() != b"$":
            pass
        body = b""
        while (byte := self._byte()) != b"#":
            body += byte
        self._byte()
        self._byte()
        self.sock.sendall(b"+")
        return body.decode()

    def ask(self, text):
        """The answer; that the machine has stopped, on our connecting, is told at any time."""
        self._send(text)
        while (answer := self._receive()).startswith("T"):
            pass
        return answer

    def go(self, text):
        """Runs until the machine stops."""
        self._send(text)
        while not self._receive().startswith("T05"):
            pass

    def register(self, number):
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}")), "little")

    def read(self, address, size):
        answer = self.ask(f"m{address:x},{size:x}")
        return None if answer.startswith("E") else bytes.fromhex(answer)

    def write(self, address, data):
        if self.ask(f"M{address:x},{len(data):x}:{data.hex()}") != "OK":
            raise ValueError(f"no memory at {address:#x}")

    def step(self):
        """One instruction of the processor that stopped, no interrupt on it; returns where it stands then."""
        self.go("vCont;s:1")
        return self.register(RIP)

    def run_to(self, address):
        """All processors run until one comes to the address; stops before it."""
        if self.ask(f"Z1,{address:x},1") != "OK":
            raise ValueError("no breakpoint")
        self.go("vCont;c")
        self.ask(f"z1,{address:x},1")
        if (rip := self.register(RIP)) != address:
            raise RuntimeError(f"stopped at {rip:#x} instead of {address:#x}")

    def monitor(self, line):
        """A command of the emulator's monitor; its text."""
        self._send("qRcmd," + line.encode().hex())
        text = ""
        while (answer := self._receive()) != "OK":
            if not answer.startswith("O"):
                raise ValueError(f"monitor: {line}: {answer}")
            text += bytes.fromhex(answer[1:]).decode()
        return text

    def detach(self):
        self.ask("D")
        self.sock.close()
