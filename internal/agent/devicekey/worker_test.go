package devicekey

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-tpm/tpm2"
	"github.com/google/go-tpm/tpm2/transport"
)

// faulty is a TPM that answers as told, or not at all.
type faulty struct {
	answer func(n int) ([]byte, error) // n-th command, from 0
	n      int
	once   sync.Once
	closed chan struct{}
}

func (f *faulty) Send([]byte) ([]byte, error) {
	b, err := f.answer(f.n)
	f.n++
	if b == nil && err == nil {
		<-f.closed // hangs until given up
		return nil, io.ErrClosedPipe
	}
	return b, err
}

func (f *faulty) Close() error { f.once.Do(func() { close(f.closed) }); return nil }

func code(rc tpm2.TPMRC) []byte {
	return binary.BigEndian.AppendUint32([]byte{0x80, 0x01, 0, 0, 0, 10}, uint32(rc))
}

// random is an act that needs one answer of the TPM.
func random(t transport.TPM, _ int) error {
	_, err := tpm2.GetRandom{BytesRequested: 1}.Execute(t)
	return err
}

func success() []byte { return []byte{0x80, 0x01, 0, 0, 0, 13, 0, 0, 0, 0, 0, 1, 42} }

func TestWorkerFaults(t *testing.T) {
	for name, c := range map[string]struct {
		answer func(n int) ([]byte, error)
		want   error
		within time.Duration
		opens  int
	}{
		"retries while the TPM asks for it": {func(n int) ([]byte, error) {
			if n < 3 {
				return code([]tpm2.TPMRC{tpm2.TPMRCRetry, tpm2.TPMRCTesting, tpm2.TPMRCYielded}[n]), nil
			}
			return success(), nil
		}, nil, time.Second, 1},
		"retries while the driver is busy": {func(n int) ([]byte, error) {
			if n < 2 {
				return nil, &os.PathError{Op: "write", Path: "/dev/tpmrm0", Err: syscall.EBUSY}
			}
			return success(), nil
		}, nil, time.Second, 1},
		"gives up retrying in time":  {func(int) ([]byte, error) { return code(tpm2.TPMRCRetry), nil }, ErrTimeout, callLimit, 1},
		"a hanging TPM ends in time": {func(int) ([]byte, error) { return nil, nil }, ErrTimeout, callLimit, 1},
		"lockout is said as such":    {func(int) ([]byte, error) { return code(tpm2.TPMRCLockout), nil }, ErrLockout, time.Second, 1},
		"a broken connection fails":  {func(int) ([]byte, error) { return nil, io.ErrUnexpectedEOF }, ErrTPM, time.Second, 1},
		"rubbish fails":              {func(int) ([]byte, error) { return []byte("no TPM"), nil }, ErrTPM, time.Second, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				opens := 0
				w := newWorker(func() (transport.TPMCloser, error) {
					opens++
					return &faulty{answer: c.answer, closed: make(chan struct{})}, nil
				})
				defer w.close()
				began := time.Now()
				if err := w.do(t.Context(), callLimit, random); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
				if took := time.Since(began); took > c.within {
					t.Errorf("took %v, want at most %v", took, c.within)
				}
				if opens != c.opens {
					t.Errorf("opened %d times", opens)
				}
			})
		})
	}
}

// After a hang the next act gets a fresh connection, and handles of the old one
// are known to be void.
func TestWorkerReopensAfterHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var hang atomic.Bool
		hang.Store(true)
		w := newWorker(func() (transport.TPMCloser, error) {
			return &faulty{closed: make(chan struct{}), answer: func(int) ([]byte, error) {
				if hang.Load() {
					return nil, nil
				}
				return success(), nil
			}}, nil
		})
		defer w.close()
		if err := w.do(t.Context(), callLimit, random); !errors.Is(err, ErrTimeout) {
			t.Fatalf("hang: %v", err)
		}
		hang.Store(false)
		generation := 0
		err := w.do(t.Context(), callLimit, func(t transport.TPM, gen int) error { generation = gen; return random(t, gen) })
		if err != nil || generation != 2 {
			t.Errorf("after the hang: generation %d, %v", generation, err)
		}
	})
}

func TestWorkerOpenErrors(t *testing.T) {
	for want, cause := range map[error]error{
		ErrDenied: os.ErrPermission, ErrNoTPM: os.ErrNotExist, ErrTPM: io.ErrUnexpectedEOF,
	} {
		w := newWorker(func() (transport.TPMCloser, error) { return nil, cause })
		if err := w.do(context.Background(), callLimit, random); !errors.Is(err, want) {
			t.Errorf("%v: got %v, want %v", cause, err, want)
		}
		w.close()
	}
}

func TestStreamReadsWholeAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		parts [][]byte
		ok    bool
	}{
		"in one piece":  {[][]byte{success()}, true},
		"byte by byte":  {[][]byte{success()[:1], success()[1:3], success()[3:12], success()[12:]}, true},
		"cut short":     {[][]byte{success()[:9]}, false},
		"endless claim": {[][]byte{{0x80, 1, 0xff, 0xff, 0xff, 0xff}, make([]byte, maxResponse)}, false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := stream{&parts{c.parts}}.Send([]byte("command"))
			if (err == nil) != c.ok || (c.ok && string(got) != string(success())) {
				t.Errorf("%x, %v", got, err)
			}
		})
	}
}

type parts struct{ rest [][]byte }

func (p *parts) Write(b []byte) (int, error) { return len(b), nil }
func (p *parts) Close() error                { return nil }
func (p *parts) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.rest[0])
	p.rest = p.rest[1:]
	return n, nil
}
