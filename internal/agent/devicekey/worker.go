package devicekey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"syscall"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"

	"github.com/sekisho/sekisho"
)

const (
	callLimit = 5 * time.Second  // any one act, retries included
	slowLimit = 60 * time.Second // making an RSA endorsement key on a slow TPM
	retryWait = 20 * time.Millisecond
)

// worker owns the connection to the TPM: one goroutine, one act at a time. An
// act that takes too long loses its connection, which ends the pending read;
// the next act opens a new one.
type worker struct {
	open func() (transport.TPMCloser, error)
	jobs chan job
	quit chan struct{}
	gone sync.WaitGroup
	end  sync.Once

	mu   sync.Mutex // guards conn and generation against abort
	conn transport.TPMCloser
	gen  int // grows whenever handles of an earlier connection became void
}

type job struct {
	act  func(t transport.TPM, gen int) error
	done chan error
}

func newWorker(open func() (transport.TPMCloser, error)) *worker {
	w := &worker{open: open, jobs: make(chan job), quit: make(chan struct{})}
	w.gone.Go(w.run)
	return w
}

func (w *worker) run() {
	for {
		select {
		case j := <-w.jobs:
			j.done <- w.once(j.act)
		case <-w.quit:
			return
		}
	}
}

func (w *worker) once(act func(t transport.TPM, gen int) error) error {
	w.mu.Lock()
	if w.conn == nil {
		conn, err := w.open()
		if err != nil {
			w.mu.Unlock()
			return reasonOf(err)
		}
		w.conn = conn
		w.gen++
	}
	conn, gen := w.conn, w.gen
	w.mu.Unlock()
	err := act(conn, gen)
	if _, answered := errors.AsType[tpm2.TPMRC](err); err != nil && !answered && !notNow(err) && sekisho.CodeOf(err) == "internal" {
		w.abort(conn) // the connection itself broke
	}
	return reasonOf(err)
}

// abort closes conn if it is still the one in use.
func (w *worker) abort(conn transport.TPMCloser) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn != nil && (conn == nil || conn == w.conn) {
		_ = w.conn.Close() // it is being given up: its error tells nothing
		w.conn = nil
	}
}

// do runs one act and waits for it, at most limit. While the TPM answers with
// "not now", the act is tried again.
func (w *worker) do(ctx context.Context, limit time.Duration, act func(t transport.TPM, gen int) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for wait := retryWait; ; wait *= 2 {
		j := job{act: act, done: make(chan error, 1)}
		select {
		case w.jobs <- j:
		case <-w.quit:
			return ErrTPM.Because(errors.New("devicekey: the key is closed"))
		case <-ctx.Done():
			return ErrTimeout.Because(fmt.Errorf("devicekey: the TPM is busy with an earlier act: %w", ctx.Err()))
		}
		select {
		case err := <-j.done:
			if !notNow(err) {
				return err
			}
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return ErrTimeout.Because(err)
			}
		case <-ctx.Done():
			w.abort(nil)
			return ErrTimeout.Because(ctx.Err())
		}
	}
}

func (w *worker) close() {
	w.end.Do(func() { close(w.quit) })
	w.abort(nil)
	w.gone.Wait()
}

func (w *worker) closed() bool {
	select {
	case <-w.quit:
		return true
	default:
		return false
	}
}

// notNow says whether the TPM or its driver asks to be tried again.
func notNow(err error) bool {
	for _, code := range []tpm2.TPMRC{tpm2.TPMRCRetry, tpm2.TPMRCYielded, tpm2.TPMRCTesting, tpm2.TPMRCNVRate} {
		if errors.Is(err, code) {
			return true
		}
	}
	return errors.Is(err, syscall.EBUSY)
}

// reasonOf gives an error of the TPM or its driver a code of ours.
func reasonOf(err error) error {
	switch {
	case err == nil:
		return nil
	case sekisho.CodeOf(err) != "internal":
		return err
	case errors.Is(err, fs.ErrPermission):
		return ErrDenied.Because(err)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return ErrNoTPM.Because(err)
	case errors.Is(err, tpm2.TPMRCLockout):
		return ErrLockout.Because(err)
	}
	return ErrTPM.Because(err)
}

// stream speaks TPM commands over an emulator's socket, or a device file that
// waits for its driver: one command out, one response in, whose length stands
// in its header.
type stream struct{ io.ReadWriteCloser }

const maxResponse = 4096

func (s stream) Send(command []byte) ([]byte, error) {
	if _, err := s.Write(command); err != nil {
		return nil, err
	}
	buf := make([]byte, maxResponse)
	n := 0
	for n < 10 || n < int(uint32(buf[2])<<24|uint32(buf[3])<<16|uint32(buf[4])<<8|uint32(buf[5])) {
		m, err := s.Read(buf[n:])
		if n += m; err != nil {
			return nil, err
		}
		if n == len(buf) || m == 0 {
			return nil, errors.New("devicekey: the TPM's answer is too long")
		}
	}
	return buf[:n], nil
}
