# SPDX-License-Identifier: GPL-2.0-only
"""ldbtctl on a terminal: escape key, raw mode and its end on every way out. Usage: terminal.py PROGRAM ELF
PROGRAM is ldbtctl above the stand-in of fake_api.c. Prints one line per failure and the summary line."""
import os, pty, select, signal, subprocess, sys, termios, time

PROGRAM, ELF = sys.argv[1:3]
DEADLINE_S = 300    # nothing that works takes so long, whatever the load


class Session:
    """A guest of the stand-in on a terminal of its own."""

    def __init__(self, guest, *options):
        self.main, self.side = pty.openpty()
        self.before = termios.tcgetattr(self.side)
        self.errors = open(os.devnull, "w") if guest == "flood" else self.side

        def own_terminal():
            os.setsid()
            os.close(os.open(os.ttyname(self.side), os.O_RDWR))     # the first one opened becomes its terminal

        self.process = subprocess.Popen([PROGRAM, "run", *options, ELF], stdin=self.side, stdout=self.side,
                                        stderr=self.errors, env={**os.environ, "FAKE_GUEST": guest},
                                        preexec_fn=own_terminal)

    def attributes(self):
        return termios.tcgetattr(self.side)

    def is_raw(self):
        return not self.attributes()[3] & (termios.ICANON | termios.ISIG | termios.ECHO)

    def wait_for(self, what):
        end = time.monotonic() + DEADLINE_S
        while not what():
            assert time.monotonic() < end, "not in time"
            time.sleep(0.01)

    def wait_raw(self):
        self.wait_for(self.is_raw)

    def send(self, data):
        os.write(self.main, data)

    def expect(self, data):
        got = b""
        end = time.monotonic() + DEADLINE_S
        while data not in got:
            assert time.monotonic() < end, f"expected {data!r}, got {got!r}"
            if select.select([self.main], [], [], 0.1)[0]:
                got += os.read(self.main, 4096)

    def finish(self, status):
        found = self.process.wait(DEADLINE_S)
        assert found == status, f"status {found}, expected {status}"
        assert self.attributes() == self.before, "terminal not restored"

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.main)
        os.close(self.side)


def quit_by_key():
    s = yield "spin"
    s.wait_raw()
    s.send(b"\x01x")
    s.expect(b"ended by Ctrl-A x")
    s.finish(0)


def help_by_key():
    s = yield "spin"
    s.wait_raw()
    s.send(b"\x01h")
    s.expect(b"Ctrl-A x  ends the guest")
    s.send(b"\x01x")
    s.finish(0)


def keys_reach_the_guest():
    s = yield "echo"
    s.wait_raw()
    s.send(b"ab\x03\x1a\r\x01\x01z")
    s.expect(b"ab\x03\x1a\r\x01z")
    s.send(b"q")
    s.finish(0)


def quit_with_full_input():
    s = yield "spin"
    s.wait_raw()
    for _ in range(60):
        s.send(b"y" * 100)
        time.sleep(0.002)
    s.send(b"\x01x")
    s.finish(0)


def output_keeps_line_ends():
    s = yield "hello"
    s.expect(b"hello\r\n")
    s.finish(0)


def time_is_over():
    s = yield "spin", "--timeout=1"
    s.expect(b"time is over")
    s.finish(124)


def blocked_output():
    s = yield "flood", "--timeout=1"
    s.finish(124)


def guest_fails():
    s = yield "fail"
    s.finish(42)


def module_fails():
    s = yield "broken"
    s.finish(125)


def ended_by(signo):
    def case():
        s = yield "spin"
        s.wait_raw()
        s.process.send_signal(signo)
        s.finish(-signo)
    case.__name__ = "ended_by_" + signo.name
    return case


def stopped_and_continued():
    s = yield "spin"
    s.wait_raw()
    s.process.send_signal(signal.SIGTSTP)
    s.wait_for(lambda: s.attributes() == s.before)
    s.wait_for(lambda: open(f"/proc/{s.process.pid}/stat").read().split()[2] == "T")
    s.process.send_signal(signal.SIGCONT)
    s.wait_raw()
    s.send(b"\x01x")
    s.finish(0)


CASES = [quit_by_key, help_by_key, keys_reach_the_guest, quit_with_full_input, output_keeps_line_ends, time_is_over,
         blocked_output, guest_fails, module_fails, stopped_and_continued] + [
             ended_by(s) for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV,
                                   signal.SIGABRT, signal.SIGBUS)]


def run(case):
    steps = case()
    wanted = next(steps)
    session = Session(*((wanted,) if isinstance(wanted, str) else wanted))
    try:
        steps.send(session)
    except StopIteration:
        return True
    except (AssertionError, subprocess.TimeoutExpired, OSError) as error:
        print(f"terminal: {case.__name__}: {error}")
        return False
    finally:
        session.close()


def main():
    passed = sum(run(case) for case in CASES)
    print(f"terminal: {passed} passed, {len(CASES) - passed} failed, 0 skipped")
    return passed != len(CASES)


sys.exit(main())
