package devicekey

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/google/go-tpm/tpm2/transport"
	"golang.org/x/sys/unix"
)

// terminal is a character device that behaves like the kernel's TPM driver
// under a non-blocking descriptor: a write returns at once, a read before the
// answer is there gives nothing, and poll says when it is. It is the far half
// of a pseudo-terminal in raw mode with VMIN 0; behind it answers a real TPM
// emulator, late on purpose.
func terminal(t *testing.T, behind func(command []byte) []byte) (path string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	raw, err := master.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var number int
	var inner error
	err = raw.Control(func(fd uintptr) {
		if inner = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); inner == nil {
			number, inner = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		}
	})
	if err := errors.Join(err, inner); err != nil {
		t.Fatal(err)
	}
	path = fmt.Sprintf("/dev/pts/%d", number)
	hold, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0) // keeps the mode while nobody else has it open
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(hold) })
	mode, err := unix.IoctlGetTermios(hold, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	mode.Iflag, mode.Oflag, mode.Lflag = 0, 0, 0
	mode.Cflag = mode.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8
	mode.Cc[unix.VMIN], mode.Cc[unix.VTIME] = 0, 0
	if err := unix.IoctlSetTermios(hold, unix.TCSETS, mode); err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			head := make([]byte, 10)
			if _, err := io.ReadFull(master, head); err != nil {
				return
			}
			command := make([]byte, binary.BigEndian.Uint32(head[2:]))
			copy(command, head)
			if _, err := io.ReadFull(master, command[10:]); err != nil {
				return
			}
			if answer := behind(command); answer != nil {
				_, _ = master.Write(answer) // the device is gone if this fails
			}
		}
	}()
	return path
}

func TestDeviceFileThatAnswersLate(t *testing.T) {
	e := startEmulator(t)
	conn, err := net.Dial("unix", e.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	emulator := stream{conn}
	path := terminal(t, func(command []byte) []byte {
		answer, err := emulator.Send(command)
		if err != nil {
			return nil
		}
		time.Sleep(5 * time.Millisecond) // another process's pace: the first read must come before the answer
		return answer
	})
	cfg := Config{Dir: t.TempDir(), Kind: KindTPM, Device: path}
	ctx := t.Context()
	made, err := Create(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Close(); err != nil {
		t.Fatal(err)
	}
	key, err := Load(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	digest := sha256.Sum256([]byte("statement"))
	sig, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if !ecdsa.VerifyASN1(key.Public().(*ecdsa.PublicKey), digest[:], sig) {
		t.Error("the signature does not verify")
	}
}

// A driver that never answers is given up in time, and closing waits for nothing.
func TestDeviceFileThatHangs(t *testing.T) {
	path := terminal(t, func([]byte) []byte { return nil })
	w := newWorker(func() (transport.TPMCloser, error) { return openTPM(path) })
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := w.do(ctx, callLimit, random); !errors.Is(err, ErrTimeout) {
		t.Errorf("a hanging driver: %v", err)
	}
	done := make(chan struct{})
	go func() { defer close(done); w.close() }()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("the key does not close")
	}
	d, err := openCharDevice(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Close(), d.Close()); err != nil {
		t.Error(err)
	}
	if _, err := d.Send([]byte("command")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
}
