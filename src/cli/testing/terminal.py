# Runs a command on a terminal of its own, of COLUMNS x LINES. What comes in is typed; "\x1f" COLUMNS ";" makes the window another size.
import fcntl, os, re, select, signal, struct, sys, termios, pty

def size(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", int(os.environ.get("LINES", "24")), columns, 0, 0))

pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
size(fd, int(os.environ.get("COLUMNS", "80")))
inputs = [fd, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if 0 in ready:
        typed = os.read(0, 65536)
        if not typed:
            os.kill(pid, signal.SIGHUP)
            inputs = [fd]
        for part in re.split(rb"(\x1f\d+;)", typed):
            if part.startswith(b"\x1f"):
                size(fd, int(part[1:-1]))
                os.kill(pid, signal.SIGWINCH)
            elif part:
                os.write(fd, part)
    if fd in ready:
        try:
            said = os.read(fd, 65536)
        except OSError:
            said = b""
        if not said:
            break
        os.write(1, said)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
