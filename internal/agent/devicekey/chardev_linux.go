package devicekey

import (
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// readySlice bounds one wait for the driver, so that a connection that was
// given up is noticed.
const readySlice = 100 * time.Millisecond

// errEmpty: the driver said that an answer is there, and gave none.
var errEmpty = errors.New("devicekey: the TPM's driver gave no answer")

// charDevice is the TPM's device file. It does not go through os.File: that
// makes the descriptor non-blocking and takes a read of nothing for the file's
// end, while the kernel's driver, in that mode, only queues a command at write
// and reads nothing until the answer is there. Here poll tells when it is; the
// descriptor is non-blocking all the same, so that a hanging TPM never holds a
// write, and an act that takes too long can be given up.
type charDevice struct {
	fd int

	mu     sync.Mutex // guards what follows
	busy   bool       // an act uses the descriptor: it closes it at its end
	closed bool
}

func openCharDevice(path string) (*charDevice, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
		return &charDevice{fd: fd}, nil
	}
}

// Send writes one command and waits for its answer, until Close.
func (d *charDevice) Send(command []byte) ([]byte, error) {
	d.mu.Lock()
	if d.closed || d.busy {
		d.mu.Unlock()
		return nil, fs.ErrClosed
	}
	d.busy = true
	d.mu.Unlock()
	defer d.leave()
	return stream{d}.Send(command)
}

// Write hands the command to the driver, whole.
func (d *charDevice) Write(b []byte) (int, error) {
	for {
		n, err := unix.Write(d.fd, b)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, &fs.PathError{Op: "write", Path: "TPM", Err: err} // EBUSY among them: tried again
		}
		if n != len(b) {
			return n, fmt.Errorf("devicekey: the TPM's driver took %d of %d bytes", n, len(b))
		}
		return n, nil
	}
}

// Read waits until the driver has something, then reads it.
func (d *charDevice) Read(b []byte) (int, error) {
	for {
		if err := d.ready(); err != nil {
			return 0, err
		}
		n, err := unix.Read(d.fd, b)
		switch {
		case err == unix.EINTR, err == unix.EAGAIN:
		case err != nil:
			return 0, &fs.PathError{Op: "read", Path: "TPM", Err: err}
		case n == 0:
			return 0, errEmpty
		default:
			return n, nil
		}
	}
}

// ready waits for the answer, or for Close.
func (d *charDevice) ready() error {
	for {
		if d.givenUp() {
			return fs.ErrClosed
		}
		p := []unix.PollFd{{Fd: int32(d.fd), Events: unix.POLLIN}}
		n, err := unix.Poll(p, int(readySlice.Milliseconds()))
		switch {
		case err == unix.EINTR, err == nil && n == 0:
		case err != nil:
			return &fs.PathError{Op: "poll", Path: "TPM", Err: err}
		case p[0].Revents&unix.POLLIN != 0:
			return nil
		default: // an error or a hang-up without anything to read
			return fmt.Errorf("devicekey: the TPM's driver is gone (poll %#x)", p[0].Revents)
		}
	}
}

func (d *charDevice) givenUp() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.closed
}

// leave ends an act; who gave the connection up meanwhile left the closing to it,
// so that no descriptor of somebody else's is ever read.
func (d *charDevice) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy = false
	if d.closed {
		_ = unix.Close(d.fd) // given up: its error tells nothing
	}
}

// Close gives the connection up. It does not wait for an act under way.
func (d *charDevice) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	if d.busy {
		return nil
	}
	return unix.Close(d.fd)
}
