package devicekey

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/google/go-tpm/tpm2/transport"
)

// The TPM Base Services of Windows (TBS): whole commands go out and whole
// responses come back through Tbsip_Submit_Command. What stands here is
// everything above that call, so that it runs on every system; the call itself
// is in open_windows.go.

// tbs is the part of tbs.dll that is called before there is a context.
type tbs interface {
	version() (uint32, error) // Tbsi_GetDeviceInfo: tpmVersion
	context() (tbsContext, error)
}

// tbsContext is one context of TBS; it keeps our objects apart from others'.
type tbsContext interface {
	// submit writes the response into a buffer and gives its length.
	submit(command, response []byte) (int, error)
	Close() error
}

// tbsError is a TBS_RESULT that is no success
// (https://learn.microsoft.com/windows/win32/tbs/tbs-return-codes).
type tbsError uint32

func (e tbsError) Error() string { return fmt.Sprintf("devicekey: TBS 0x%08X", uint32(e)) }

const (
	tbsInvalidContext   tbsError = 0x80284004
	tbsIOError          tbsError = 0x80284006
	tbsNotRunning       tbsError = 0x80284008 // and could not be started
	tbsTooManyContexts  tbsError = 0x80284009
	tbsTooManyResources tbsError = 0x8028400A
	tbsStartPending     tbsError = 0x8028400B
	tbsCanceled         tbsError = 0x8028400D
	tbsNotFound         tbsError = 0x8028400F
	tbsDisabled         tbsError = 0x80284010
	tbsAccessDenied     tbsError = 0x80284012
)

const tbsTPM20 = 2 // TPM_VERSION_20

// openTBS opens a context on a TPM 2.0.
func openTBS(s tbs) (transport.TPMCloser, error) {
	v, err := s.version()
	if err != nil {
		return nil, tbsReason(err)
	}
	if v != tbsTPM20 {
		return nil, ErrNoTPM.Because(fmt.Errorf("devicekey: TBS has a TPM of version %d", v))
	}
	c, err := s.context()
	if err != nil {
		return nil, tbsReason(err)
	}
	return tbsConn{c}, nil
}

type tbsConn struct{ tbsContext }

// Send passes one command on and gives its response.
func (c tbsConn) Send(command []byte) ([]byte, error) {
	buf := make([]byte, maxResponse)
	n, err := c.submit(command, buf)
	if err != nil {
		return nil, tbsReason(err)
	}
	if n < 10 || n > len(buf) || n != int(uint32(buf[2])<<24|uint32(buf[3])<<16|uint32(buf[4])<<8|uint32(buf[5])) {
		return nil, errors.New("devicekey: TBS gave no whole answer of a TPM")
	}
	return buf[:n], nil
}

// tbsReason gives what TBS says the meaning that the worker acts on: no TPM, not
// allowed, not now. Anything else ends the context, and the next act opens one.
func tbsReason(err error) error {
	code, ok := errors.AsType[tbsError](err)
	if !ok {
		return err
	}
	switch code {
	case tbsNotFound, tbsDisabled, tbsNotRunning:
		return ErrNoTPM.Because(err)
	case tbsAccessDenied:
		return ErrDenied.Because(err)
	case tbsStartPending, tbsCanceled, tbsTooManyContexts, tbsTooManyResources:
		return fmt.Errorf("%w: %w", syscall.EBUSY, err)
	}
	return err
}
